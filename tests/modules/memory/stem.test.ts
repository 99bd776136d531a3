// the stemmer against SQLite's own: the same algorithm by another hand.
import Database from 'better-sqlite3'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { stemOf } from '../../../modules/memory/recall/stem.ts'

describe('stemOf', () => {
  it('agrees with SQLite on the words of memory’s own code and the paper’s examples', () => {
    const database = new Database(':memory:')
    database.exec(`create virtual table words using fts5(word, tokenize='porter ascii');
      create virtual table stems using fts5vocab(words, 'row')`)
    const insert = database.prepare('insert into words values (?)')
    const clear = database.prepare('delete from words')
    const read = database.prepare('select term from stems').pluck()
    const text = ['vocabulary.ts', 'rank.ts', 'question.ts', 'words.ts', 'choose.ts']
      .map((file) => readFileSync(new URL(`../../../modules/memory/recall/${file}`, import.meta.url), 'utf8'))
      .join(' ')
    const words = new Set(`${text} ${difficult}`.toLowerCase().match(/[a-z]{3,30}/g))
    expect(words.size).toBeGreaterThan(500)
    for (const word of words) {
      insert.run(word)
      expect([word, stemOf(word)]).toEqual([word, read.get()])
      clear.run()
    }
    database.close()
  })
})

const difficult = `
  caresses ponies ties caress cats feed agreed plastered bled motoring sing conflated troubled sized hopping tanned
  falling hissing fizzed failing filing happy sky relational conditional rational valenci hesitanci digitizer
  conformabli radicalli differentli vileli analogousli vietnamization predication operator feudalism decisiveness
  hopefulness callousness formaliti sensitiviti sensibiliti triplicate formative formalize electriciti electrical
  hopeful goodness revival allowance inference airliner gyroscopic adjustable defensible irritant replacement
  adjustment dependent adoption homologou communism activate angulariti homologous effective bowdlerize probate rate
  cease controll roll yes say by dying trying studied geologist archaeology
`
