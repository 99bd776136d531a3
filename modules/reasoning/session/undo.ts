// `undo that` in a session means what this session changed last, not what the person changed last anywhere.
import type { Run } from '../contract.ts'

/** the plan that the next undo of a session takes back; undefined where nothing is left to take back. */
export function lastChangeOf(runs: readonly Run[]): string | undefined {
  const undone = new Set<unknown>()
  // newest first: an undo is met before what it took back.
  for (const run of runs) {
    if (run.status !== 'completed') continue
    const undoes = run.steps.filter(({ action }) => action === 'undo.last')
    for (const { args } of undoes) undone.add(args['undo_id'])
    if (undoes.length > 0 || run.planId === undefined || undone.has(run.planId)) continue
    if (run.steps.some(({ undoId }) => undoId !== undefined)) return run.planId
  }
  return undefined
}

export const nothingToUndo =
  'This session has changed nothing that could be taken back. `lotus undo` takes back your last change, wherever it was made.'

export const oneAtATime =
  'In a session I take back its changes one at a time, so that you see what each was: say "undo" as often as you need.'
