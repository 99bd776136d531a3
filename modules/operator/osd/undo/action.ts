// `undo.last`: the action that takes back what a plan, or one step of it, has changed.
import { join } from 'node:path'
import { z } from 'zod'
import { defineAction } from '../action.ts'
import type { ActionContext, ActionDefinition } from '../action.ts'
import type { ChangeSet } from '../files/changes.ts'
import type { Reach } from '../files/reach.ts'
import { undoErrors } from './errors.ts'
import type { Journal } from './journal.ts'
import type { Story } from './records.ts'
import type { UndoStore } from './store.ts'
import { takeBackAll } from './take-back.ts'
import type { DoneChange } from './take-back.ts'

export const undoActionName = 'undo.last'

/** what osd's own action gets beyond what the others get. */
export interface OwnContext extends ActionContext {
  readonly changes: ChangeSet
  readonly journal: Journal
}

export interface UndoTarget {
  readonly planId: string
  readonly story: Story
  /** the steps' changes that are to be taken back. */
  readonly undoIds: readonly string[]
}

const input = z.strictObject({ undo_id: z.string().max(64).optional() })

/** the undo ids of a plan that changed something and are still in force. */
function inForce(store: UndoStore, planId: string, story: Story): string[] {
  const ids = new Set(story.changes.filter(({ number }) => story.done.has(number)).map(({ undoId }) => undoId))
  return [...ids].filter((undoId) => store.undoneBy(planId, undoId) === undefined)
}

/**
 * what is meant by an undo.
 * @param undoId a step's, a plan's, or undefined for the newest plan of this user that is not undone and no undo itself.
 * @throws NOTHING_TO_UNDO, UNDO_UNKNOWN, UNDO_DONE.
 */
export function findUndoTarget(store: UndoStore, uid: number, undoId?: string): UndoTarget {
  for (const planId of store.plans()) {
    const story = store.story(planId)
    if (story?.end?.status !== 'completed' || (uid !== 0 && story.begin.uid !== uid)) continue
    if (undoId === undefined) {
      const undoIds = story.undoes === undefined ? inForce(store, planId, story) : []
      if (undoIds.length > 0) return { planId, story, undoIds }
      continue
    }
    const isStep = story.changes.some((change) => change.undoId === undoId)
    if (planId !== undoId && !isStep) continue
    const undoIds = inForce(store, planId, story).filter((id) => planId === undoId || id === undoId)
    if (undoIds.length === 0) throw undoErrors.UNDO_DONE({ value: undoId })
    return { planId, story, undoIds }
  }
  throw undoId === undefined ? undoErrors.NOTHING_TO_UNDO() : undoErrors.UNDO_UNKNOWN({ value: undoId })
}

/** an undo reaches where the plan reached that it takes back, wherever the client is now. */
export function undoReach({ story }: UndoTarget, reach: Reach): Reach {
  return { ...reach, roots: story.begin.roots, cwd: story.begin.cwd }
}

export function createUndoAction(store: UndoStore): ActionDefinition {
  return defineAction({
    name: undoActionName,
    description: 'take back the last thing that was changed, or the one named; refuses to overwrite later changes',
    effect: 'files',
    risk: 'low',
    undoable: true,
    timeoutMs: 60_000,
    input,
    async resources({ undo_id: undoId }, context) {
      const target = findUndoTarget(store, (context as ActionContext).uid, undoId)
      return target.undoIds.map((id) => ({ kind: 'system', access: 'change', name: `undo:${id}` }))
    },
    async run({ undo_id: undoId }, context) {
      const { changes, journal, tree, uid } = context as OwnContext
      const target = findUndoTarget(store, uid, undoId)
      journal.append({ kind: 'undoes', undoes: { planId: target.planId, undoIds: target.undoIds } })
      const all: DoneChange[] = []
      for (const change of target.story.changes) {
        const done = target.story.done.get(change.number)
        if (done !== undefined && target.undoIds.includes(change.undoId)) all.push({ change, done })
      }
      const lines = await takeBackAll(all, changes, join(store.folder, target.planId))
      const paths = all.map(({ change }) => tree.show(change.path))
      return {
        text: lines.join('\n'),
        data: { undo_id: undoId ?? target.planId, plan_id: target.planId, paths, count: all.length },
      }
    },
  })
}
