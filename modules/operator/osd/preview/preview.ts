// what a plan would change, shown before it does: its actions run against files that only they can see.
import { isLotusError, toErrorData } from '../../../../nucleus/errors.ts'
import type { Json, ShownChange, StepPreview } from '../../contract.ts'
import type { ActionContext } from '../action.ts'
import { createScope } from '../files/scope.ts'
import type { Abilities, JudgedStep } from '../plan/judge.ts'
import { hasReferences } from '../plan/references.ts'
import { undoActionName } from '../undo/action.ts'
import { previewErrors } from './errors.ts'
import { createOverlay } from './overlay.ts'
import { pretendChanges } from './pretend.ts'

// what a person looks at before they answer; more is told as more.
const maxChanges = 40
const maxCharacters = 96 * 1024
const limitMs = 3_000

export interface PreviewOptions {
  readonly steps: readonly JudgedStep[]
  readonly abilities: Abilities
  /** as the steps would get it, without `changes`. */
  readonly context: Omit<ActionContext, 'changes'>
  readonly umask: number
}

/** runs the steps that change files without changing any; never throws for what a step can't do, but says it. */
export async function previewPlan({ steps, abilities, context, umask }: PreviewOptions): Promise<StepPreview[]> {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(limitMs)])
  const overlay = createOverlay(context.tree, context)
  const previews: StepPreview[] = []
  let shown = 0
  let characters = 0
  // once a step could not be looked at, nothing is known of what comes after it.
  let isLost = false
  for (const { step, parsed, resources, late } of steps) {
    const action = abilities.action(step.action)
    if (action?.effect !== 'files') continue
    const changes: ShownChange[] = []
    const note = (change: ShownChange): void => {
      characters += (change.diff?.length ?? 0) + change.path.length + (change.to?.length ?? 0)
      if (shown >= maxChanges || characters > maxCharacters) throw previewErrors.PREVIEW_FULL()
      shown += 1
      changes.push(change)
    }
    try {
      // an undo is told by what it takes back, which only its own record knows.
      if (step.action === undoActionName) {
        isLost = true
        continue
      }
      if (isLost || (late && hasReferences(step.args))) throw previewErrors.PREVIEW_INCOMPLETE()
      const looking = { ...context, tree: overlay.tree, signal }
      // what an earlier step makes is there in the overlay already; the policy decides on it again when it is real.
      const args = (late ? action.input.parse(step.args) : parsed) as Record<string, Json>
      const scope = createScope(late ? await action.resources(args, looking) : resources)
      const pretended = pretendChanges({ overlay, scope, signal, umask, note })
      await action.run(args, { ...looking, changes: pretended })
      previews.push({ step: step.id, changes })
    } catch (error) {
      isLost = true
      previews.push({ step: step.id, changes, note: reasonOf(error, signal) })
    }
  }
  return previews
}

/** why a step is not shown whole: a limit, what is not known yet, or the fault that it would run into. */
function reasonOf(error: unknown, signal: AbortSignal): string {
  if (isLotusError(error)) return error.message
  if (signal.aborted) return 'looking ahead took too long'
  return toErrorData(error).message
}
