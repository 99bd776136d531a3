import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { neededWords } from '../../../modules/perception/paraphrase/needed-words.ts'
import { rules } from '../../../modules/perception/paraphrase/paraphrase.ts'
import { rule } from '../../../modules/perception/paraphrase/rule.ts'

describe('what a pattern needs', () => {
  test.each([
    ['plain words', 'how old is', ['how old is']],
    ['the longest run beside what may be missing', 'please? delete (?:the )?file', [' delete ']],
    ['one of each side of a choice', '(?:should|must) .*', ['should', 'must']],
    ['nothing, where one side needs nothing', '(?:should|.*) x?', undefined],
    ['nothing of what may be missing', '(?:no)* (?:at all){0,2}', undefined],
    ['what is there at least once', '(?:again)+', ['again']],
    ['nothing of what stands behind', 'a(?=bcd)', ['a']],
    ['nothing of what must not stand before', '(?<!bcd)a', ['a']],
    ['nothing of a class', '[abc\\]d]+', undefined],
    ['the words of a named group', '(?<what>folder|file)', ['folder', 'file']],
    ['signs that are escaped', 'what\\?', ['what?']],
    ['nothing of what stands for others', '\\bword\\d\\u1fff', ['word']],
    ['letters in any case', 'HOW', ['how']],
  ])('%s', (_, source, needed) => {
    expect(neededWords(source)).toEqual(needed)
  })

  test('most rules need something, so most are never compiled', () => {
    const free = rules.filter(({ source }) => neededWords(source) === undefined)
    expect(free.length / rules.length).toBeLessThan(0.1)
  })

  test('law: whatever a rule’s pattern matches has one of the words that it needs', () => {
    let tried = 0
    for (const { source } of rules) {
      const needed = neededWords(source)
      // what can't be made up by fast-check: looks to the side, borders of words, what is said twice
      if (needed === undefined || /\(\?<?[=!]|\\b|\\k/.test(source)) continue
      tried += 1
      const sentences = fc.stringMatching(new RegExp(source))
      fc.assert(
        fc.property(sentences, (sentence) => needed.some((word) => sentence.toLowerCase().includes(word))),
        { numRuns: 20 },
      )
    }
    expect(tried).toBeGreaterThan(100)
  })
})

describe('a rule', () => {
  const about = rule('(?<who>[\\p{L}]+) sleeps', ({ who = '' }) => who)

  test.each(['Zoë', 'Привет', '猫', '𐐷'])('knows letters of all alphabets: %s', (who) => {
    const sentence = `${who} sleeps`
    expect(about.match(sentence, sentence.toLowerCase())).toEqual({ who })
  })

  test.each(['“Zoë” sleeps', '… sleeps', '⟦1⟧ sleeps', 'a—b sleeps'])('takes no sign for a letter: %s', (sentence) => {
    expect(about.match(sentence, sentence.toLowerCase())).toBeUndefined()
  })
})
