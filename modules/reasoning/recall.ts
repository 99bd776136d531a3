// open questions: what no trace understands may still be answered by a note that the person left.
import type { Clause, Intent } from '../perception/contract.ts'
import type { Trace } from './traces/library.ts'
import type { BoundTrace } from './understand.ts'

/** words that begin a question a note could answer; `why` and `should` ask for reasons and opinions. */
const openers = new Set([
  'what',
  'which',
  'who',
  'whom',
  'whose',
  'where',
  'when',
  'how',
  'be',
  'do',
  'have',
  'and',
  'can',
  'at',
  'on',
  'in',
  'what’s',
  'tell',
  'under',
  'with',
  'until',
])

/** whether a goal is one question about something that a person may have noted. */
export function isOpenQuestion(intent: Intent): boolean {
  const [clause] = intent.segmentations.find((clauses) => clauses.length === 1) ?? []
  if (!clause || intent.language !== 'en') return false
  const first = clause.tokens.find((token) => token.kind === 'word')
  if (!first || first.lemma === 'why' || first.lemma === 'should' || first.lemma === 'remember') return false
  if (isAboutMachine(clause)) return false
  return (clause.question || openers.has(first.lemma)) && clause.tokens.length <= 24
}

/** `are there any files …`, `which lines …`: the machine can be asked, and a note with the same words is no answer. */
function isAboutMachine({ tokens }: Clause): boolean {
  const [subject] = tokens.filter((token) => !openings.has(token.lemma))
  return subject !== undefined && machineNouns.has(subject.lemma)
}

const openings = new Set('which what how many much be there any do i have a an the of my all every in'.split(' '))
const machineNouns = new Set(
  'file folder directory subfolder subdirectory line row column commit branch archive symlink reminder module'.split(
    ' ',
  ),
)

/** the recall trace, bound to the question as it was asked. */
export function bindRecall(intent: Intent, traces: readonly Trace[]): readonly BoundTrace[] {
  const trace = traces.find((one) => one.trace === 'memory.recall')
  if (!trace) return []
  return [{ trace, bindings: { text: intent.text }, score: 0.5, pattern: 'an open question' }]
}
