// asks the person at the terminal for what a goal lacks; a program reads `clarification` and states a goal that answers it.
import type { CommandCall } from './command.ts'
import { fieldsOf } from './fields.ts'
import type { Outcome } from './outcome.ts'

// somebody who has not answered by now has gone.
const limitMs = 10 * 60_000

/** the answer to the question that a goal ended with; undefined where there is none, or nobody to ask. */
export async function askWhatIsMissing(outcome: Outcome, call: CommandCall): Promise<string | undefined> {
  const { json, options, terminal } = call
  const isAsked = fieldsOf(outcome['clarification'])['answerable'] === true
  if (!isAsked || json || options['quiet'] === true || !terminal.canAsk) return undefined
  const { askLine } = await import('./confirm.ts')
  const answer = await askLine('answer (Enter leaves it): ', AbortSignal.timeout(limitMs))
  if (answer === undefined) terminal.note('')
  return answer === undefined || answer.trim() === '' ? undefined : answer.trim()
}
