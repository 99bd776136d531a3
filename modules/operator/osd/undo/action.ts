// `undo.last`: the action that takes back what a plan, or one step of it, has changed.
import { join } from 'node:path'
import { z } from 'zod'
import { defineAction } from '../action.ts'
import type { ActionContext, ActionDefinition } from '../action.ts'
import { pathArgument } from '../actions/arguments.ts'
import type { ChangeSet } from '../files/changes.ts'
import { absolutePath, followFolderLinks } from '../files/paths.ts'
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

const input = z.strictObject({
  undo_id: z.string().max(64).optional(),
  count: z.int().min(1).max(20).optional().describe('so many of the newest changes, one plan each; default 1'),
  path: pathArgument.optional().describe('only what brought this into the trash'),
})

/** what an undo is about: a change by its id, so many of the newest, or what put one thing into the trash. */
export interface UndoWish {
  readonly undoId?: string | undefined
  readonly count?: number | undefined
  /** absolute. */
  readonly path?: string | undefined
}

/** the wish in the arguments of a step, whatever they are. */
export function wishOf(args: Readonly<Record<string, unknown>>, { cwd, home }: Pick<Reach, 'cwd' | 'home'>): UndoWish {
  const { undo_id: undoId, count, path } = args
  return {
    ...(typeof undoId === 'string' ? { undoId } : {}),
    ...(typeof count === 'number' ? { count } : {}),
    ...(typeof path === 'string' ? { path: followFolderLinks(absolutePath(path, cwd, home)) } : {}),
  }
}

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
      const undoIds = story.undoes.length === 0 ? inForce(store, planId, story) : []
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

/** the deletion that brought a path into the trash, the newest that is in force. @throws NOT_IN_TRASH, DELETED_TOGETHER */
function findDeletion(store: UndoStore, uid: number, path: string): UndoTarget {
  for (const planId of store.plans()) {
    const story = store.story(planId)
    if (story?.end?.status !== 'completed' || (uid !== 0 && story.begin.uid !== uid)) continue
    const undoIds = inForce(store, planId, story)
    const deletion = story.changes.find(
      (change) => change.op === 'rename' && change.trash && change.path === path && undoIds.includes(change.undoId),
    )
    if (deletion === undefined) continue
    const together = story.changes.filter(({ undoId }) => undoId === deletion.undoId).length - 1
    if (together > 0)
      throw undoErrors.DELETED_TOGETHER({ value: path, detail: `${together} more; \`lotus undo ${deletion.undoId}\`` })
    return { planId, story, undoIds: [deletion.undoId] }
  }
  throw undoErrors.NOT_IN_TRASH({ value: path })
}

/** everything that a wish is about, the newest first. @throws what {@link findUndoTarget} and {@link findDeletion} throw */
export function findUndoTargets(store: UndoStore, uid: number, { undoId, count = 1, path }: UndoWish): UndoTarget[] {
  if (path !== undefined) return [findDeletion(store, uid, path)]
  const first = findUndoTarget(store, uid, undoId)
  if (undoId !== undefined || count === 1) return [first]
  const targets: UndoTarget[] = []
  for (const planId of store.plans()) {
    const story = store.story(planId)
    if (story?.end?.status !== 'completed' || (uid !== 0 && story.begin.uid !== uid)) continue
    const undoIds = story.undoes.length === 0 ? inForce(store, planId, story) : []
    if (undoIds.length > 0) targets.push({ planId, story, undoIds })
    if (targets.length === count) return targets
  }
  throw undoErrors.NOTHING_TO_UNDO({ value: count, detail: `only ${targets.length} can be undone` })
}

/** an undo reaches where the plans reached that it takes back, wherever the client is now. */
export function undoReach(targets: readonly UndoTarget[], reach: Reach): Reach {
  const roots = new Set(targets.flatMap(({ story }) => story.begin.roots))
  return { ...reach, roots: [...roots], cwd: targets[0]?.story.begin.cwd ?? reach.cwd }
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
    async resources(args, context) {
      const { uid, home, cwd } = context as ActionContext
      const targets = findUndoTargets(store, uid, wishOf(args, { cwd, home }))
      return targets
        .flatMap(({ undoIds }) => undoIds)
        .map((id) => ({ kind: 'system', access: 'change', name: `undo:${id}` }))
    },
    async run(args, context) {
      const { changes, journal, tree, uid, cwd, home } = context as OwnContext
      const targets = findUndoTargets(store, uid, wishOf(args, { cwd, home }))
      const lines: string[] = []
      const all: DoneChange[] = []
      for (const { planId, undoIds } of targets) journal.append({ kind: 'undoes', undoes: { planId, undoIds } })
      for (const { planId, story, undoIds } of targets) {
        const own: DoneChange[] = []
        for (const change of story.changes) {
          const done = story.done.get(change.number)
          if (done !== undefined && undoIds.includes(change.undoId)) own.push({ change, done })
        }
        lines.push(...(await takeBackAll(own, changes, join(store.folder, planId))))
        all.push(...own)
      }
      const paths = all.map(({ change }) => tree.show(change.path))
      const [first] = targets
      return {
        text: lines.join('\n'),
        data: { undo_id: args.undo_id ?? first!.planId, plan_id: first!.planId, paths, count: all.length },
      }
    },
  })
}
