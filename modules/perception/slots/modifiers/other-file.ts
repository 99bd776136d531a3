// files compared with one of them: `newer than week.log`, `larger than photos/cat.png`.
import { ways } from '../../language/ways.ts'
import type { FileQuery } from '../file-sets.ts'
import { readPaths } from '../paths.ts'
import { takeAny } from '../slot-parser.ts'
import type { Reading, SlotContext } from '../slot-parser.ts'
import { reading } from './modifier.ts'
import type { Modifier } from './modifier.ts'

const comparisons: readonly (readonly [keyof FileQuery, readonly string[]])[] = [
  [
    'newer_than_file',
    ways(`
      newer than | more recent than | younger than | change after | modify after | edit after | touch after |
      make after | create after | newer then | change since | modify since | edit more recently than |
      change more recently than | modify more recently than | fresher than | later than | change later than |
      modify later than | touch more recently than | write after | save after | not as old as`),
  ],
  [
    'older_than_file',
    ways(`
      older than | change before | modify before | edit before | touch before | make before | create before |
      older then | less recent than | change earlier than | modify earlier than | earlier than | write before |
      save before | not as new as`),
  ],
  [
    'larger_than_file',
    ways(`
      larger than | bigger than | heavier than | greater than | take more space than | larger then | bigger then |
      take up more space than | take up more room than | weigh more than | use more space than | longer than`),
  ],
  [
    'smaller_than_file',
    ways(`
      smaller than | lighter than | take less space than | take up less space than | smaller then |
      take up less room than | weigh less than | use less space than | not as big as | not as large as |
      shorter than`),
  ],
]

export function readOtherFile(context: SlotContext, at: number): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
  for (const [field, words] of comparisons) {
    const start = takeAny(context, at, words)
    if (start === undefined) continue
    for (const { to, value, confidence } of readPaths(context, start)) {
      if (value.path === undefined || value.kind === 'folder') continue
      // only a file that is there, or is clearly a file: `older than summer` names none.
      if (value.certainty !== 'known' && !(value.certainty === 'looks' && value.kind === 'file')) continue
      const behind = takeAny(context, to, ways(`be | do | itself`))
      found.push(reading(behind ?? to, { [field]: value.path }, 1, confidence))
    }
  }
  return found
}
