// every string of the data folder as a goal: it is read in bounded time, breaks nothing, and is never taken for a plan that
// leaves the folder.
import { expect, it } from 'vitest'
import { hostileStrings, sampleOf } from '../../support/hostile.ts'
import { dataPath, describeWithData } from '../../support/data.ts'
import { intentOf, names, planOf } from '../reasoning/support.ts'

const folder = names('notes.txt', 'old stuff/', 'photos/cat.png')

describeWithData('a hostile goal', () => {
  const strings = hostileStrings(dataPath('hostile'))

  it('is interpreted, and all that is read out of it lies in its text', { timeout: 300_000 }, async () => {
    expect(strings.length).toBeGreaterThan(1_800)
    for (const text of strings) {
      const startedAt = performance.now()
      const intent = await intentOf(text, folder)
      // a goal of one line: more would be an expression that runs away
      expect([text, performance.now() - startedAt < 5_000]).toEqual([text, true])
      // a clause that says the same in other words has places in those
      for (const { tokens, text: said } of intent.segmentations.flat()) {
        const first = tokens[0]!.at
        expect(tokens.every(({ at, end }) => at >= 0 && at < end && end - first <= said.length)).toBe(true)
      }
    }
  })

  it.each(['delete %s', 'create a file called "%s" with the text "x"', 'read the file %s', 'remember that %s'])(
    'inside of `%s` ends in a plan or in none, and in no error',
    { timeout: 300_000 },
    async (template) => {
      let planned = 0
      for (const text of ['', ...sampleOf(strings, 300)]) {
        const plan = await planOf(
          template.replace('%s', () => text),
          folder,
        )
        if (plan !== undefined) planned += 1
      }
      // some of them are good names and good notes
      expect(planned).toBeGreaterThan(0)
    },
  )
})
