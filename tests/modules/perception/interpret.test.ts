// interpreting: nothing that a person can type breaks it, and every token points into the text.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maximumTokens } from '../../../modules/perception/interpret.ts'
import { tokenise } from '../../../modules/perception/language/tokens.ts'
import { dataPath, describeWithData } from '../../support/data.ts'
import { intentOf, names } from '../reasoning/support.ts'

const folder = names('notes.txt', 'old stuff/', 'Résumé 2024.txt')
const words = [
  'delete',
  'the',
  'notes.txt',
  'and',
  'then',
  'find',
  'files',
  'larger',
  'than',
  '5',
  'MB',
  '"x y"',
  'in',
  'old stuff',
  'not',
  'it',
  ',',
  '?',
  'every',
  'monday',
  'at',
  '9',
  '(',
  '2',
  '+',
  ')',
  'km',
  'to',
  'miles',
  'remind me',
]

describe('tokens', () => {
  it('point into the text, in order, without overlap', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        let end = 0
        for (const token of tokenise(text)) {
          expect(token.at).toBeGreaterThanOrEqual(end)
          expect(token.end).toBeGreaterThan(token.at)
          expect(text.slice(token.at, token.end)).toBe(token.text)
          end = token.end
        }
      }),
    )
  })

  it('leave nothing out but white space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (text) => {
        const covered = tokenise(text)
          .map((token) => token.text)
          .join('')
        expect(covered.replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''))
      }),
    )
  })

  it.each([
    ['save “call Bram back” as a.txt', ['save', 'call Bram back', 'as', 'a.txt']],
    ["print 'don't panic.txt'", ['print', "don't panic.txt"]],
    ["what's in it?", ['what', 'be', 'in', 'it', '?']],
    ['over 5MB.', ['over', '5', 'MB', '.']],
    ['2*(3+4)', ['2', '*', '(', '3', '+', '4', ')']],
  ])('of %s', (text, values) => {
    expect(tokenise(text).map((token) => token.value)).toEqual(values)
  })
})

describe('an intent', () => {
  it('is made of any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        const intent = await intentOf(text, folder)
        expect(intent.confidence).toBeGreaterThanOrEqual(0)
        expect(intent.confidence).toBeLessThanOrEqual(1)
      }),
      { numRuns: 60 },
    )
  })

  it('is made of any mixture of known words in bounded time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...words), { maxLength: 40 }), async (parts) => {
        const intent = await intentOf(parts.join(' '), folder)
        expect(intent.segmentations.length).toBeLessThanOrEqual(20)
      }),
      { numRuns: 40 },
    )
  })

  it('of a text without end has no reading: it is left to a model', async () => {
    const intent = await intentOf('delete the file '.repeat(maximumTokens), folder)
    expect(intent.segmentations).toEqual([])
  })

  it('is the same for goals that differ in politeness and case only', async () => {
    const plain = await intentOf('Delete notes.txt', folder)
    const article = await intentOf('delete the notes.txt', folder)
    expect(article.normalised).toBe(plain.normalised)
  })

  it.each([
    ['lösche bitte alle Dateien in dem Ordner', 'de'],
    ['montre-moi le contenu de notes.txt', 'fr'],
    ['请给我写一首关于大海的诗', 'zh'],
    ['show me notes.txt', 'en'],
  ])('knows the language of %s', async (text, language) => {
    expect((await intentOf(text, folder)).language).toBe(language)
  })
})

describeWithData('hostile strings', () => {
  it('are goals like any other: no crash, no time without end', async () => {
    const strings = JSON.parse(readFileSync(dataPath('hostile', 'blns.json'), 'utf8')) as string[]
    for (const text of strings.filter((one) => one.trim() !== '')) await intentOf(text.slice(0, 2000), folder)
  }, 60_000)
})
