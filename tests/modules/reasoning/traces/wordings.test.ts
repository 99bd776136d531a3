// looking wordings up by their words: it leaves nothing away that matching would have found.
import { describe, expect, it } from 'vitest'
import { indexClause, matchPattern } from '../../../../modules/reasoning/traces/match.ts'
import { wordingsFor } from '../../../../modules/reasoning/traces/wordings.ts'
import { intentOf, names, traces } from '../support.ts'

const folder = names('notes.txt', 'report.pdf', 'data.csv', 'docs/', 'docs/plan.md', 'src/')
// one for each trace: trying all wordings on all examples takes many seconds
const examples = traces.flatMap((trace) => trace.examples.slice(0, 1))
const everyWording = traces.flatMap((trace) => trace.compiled.map((goal) => ({ trace, goal })))

async function indexOf(text: string) {
  const [[clause] = []] = (await intentOf(text, folder)).segmentations
  if (clause === undefined) throw new Error(`'${text}' has no clause`)
  return indexClause(clause)
}

const sources = (wordings: readonly { readonly goal: { readonly source: string } }[]): string[] =>
  wordings.map(({ goal }) => goal.source)

describe('the wordings that a clause could be', () => {
  it('hold every wording that matches it, in the order of the traces, for an example of each trace', async () => {
    for (const example of examples) {
      const index = await indexOf(example)
      const found = wordingsFor(traces, index)
      const matching = everyWording.filter(({ goal }) => matchPattern(goal.pattern, index).length > 0)
      const left = found.filter(({ goal }) => matchPattern(goal.pattern, index).length > 0)
      expect({ example, found: sources(left) }).toEqual({ example, found: sources(matching) })
    }
  })

  it('are few', async () => {
    const counts = await Promise.all(
      examples.map(async (example) => wordingsFor(traces, await indexOf(example)).length),
    )
    expect(counts.toSorted((left, right) => left - right)[Math.floor(counts.length / 2)]).toBeLessThan(
      everyWording.length / 50,
    )
  })
})
