// practice before the first goal: V8 compiles code and patterns when they are first used, and whoever states the first goal
// after a start should not wait for that.
import { setImmediate } from 'node:timers/promises'
import type { InterpretInput } from './interpret.ts'

/** of different shapes, and one that is not kept as Latin text, for which V8 compiles patterns once more. */
const goals = [
  'create a file notes.txt with content "hello"',
  'find all pdf files larger than 10 MB in docs and then delete the oldest one',
  'what is 15 percent of 80?',
  'copy “draft”.txt to done, then tell me how many lines it has',
]

/** interprets some goals for nobody, letting other work in between. @param signal - aborted when there is no use in it any more */
export async function rehearse(
  interpret: (input: InterpretInput) => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  for (const text of goals) {
    if (signal.aborted) return
    await interpret({ text, timeZone: 'UTC', locale: 'en', nowMs: 0, names: [] })
    await setImmediate()
  }
}
