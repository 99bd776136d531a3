// what a plan that waits for its person would change, at the edge: as data, and as lines of its question.
import { z } from 'zod'
import { escapeUnsafe } from '../../../nucleus/escape.ts'
import type { ShownChange, StepPreview } from '../../operator/contract.ts'

export const ChangesBody = z
  .array(
    z.object({
      step: z.string(),
      changes: z.array(
        z.object({
          kind: z.enum(['create', 'change', 'remove', 'folder', 'copy', 'move', 'mode']),
          path: z.string().meta({ description: 'relative to the working folder where it lies below it' }),
          to: z.string().optional(),
          diff: z.string().optional().meta({ description: 'hunks of a unified diff, as they are' }),
          note: z.string().optional().meta({ description: 'beside or instead of a diff: sizes, modes' }),
          before_sha256: z.string().optional(),
          after_sha256: z.string().optional(),
        }),
      ),
      note: z.string().optional().meta({ description: 'why not everything is shown' }),
    }),
  )
  .meta({ id: 'Changes' })

/** as osd shows them: its names are those of the edge already. */
export function presentChanges(steps: readonly StepPreview[]): z.output<typeof ChangesBody> {
  return steps.map((step) => ({ ...step, changes: [...step.changes] }))
}

const heads: Readonly<Record<ShownChange['kind'], string>> = {
  create: 'new file',
  change: 'changed',
  remove: 'removed',
  folder: 'new folder',
  copy: 'copied',
  move: 'moved',
  mode: 'mode changed',
}

/** lines for a person who sees nothing else than the answer; what could mislead in them is written out. */
export function tellChanges(steps: readonly StepPreview[]): string[] {
  const lines = steps.flatMap(({ changes, note }) => [
    ...changes.flatMap((change) => [
      `${heads[change.kind]}: ${change.path}${change.to === undefined ? '' : ` to ${change.to}`}${noteOf(change.note)}`,
      ...(change.diff === undefined ? [] : change.diff.split('\n').map((line) => `  ${line}`)),
    ]),
    ...(note === undefined ? [] : [note]),
  ])
  return lines.map((line) => escapeUnsafe(line.replaceAll('\r', '\\r')))
}

const noteOf = (note: string | undefined): string => (note === undefined ? '' : ` (${note})`)
