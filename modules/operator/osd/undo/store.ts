// all plans that changed something, newest first: what can be undone, what came of a goal, and how long it is kept.
import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { timeOfIdentifier } from '../../../../nucleus/identifiers.ts'
import { readStory } from './records.ts'
import type { Change, Story } from './records.ts'

export interface UndoLimits {
  readonly maxPlans: number
  readonly maxAgeMs: number
  /** bytes kept in pre-images and the trash. */
  readonly maxBytes: number
  /** younger than this, what somebody removed or replaced is kept however much there is. default 0. */
  readonly minAgeMs?: number
}

/** what is kept for undoing, or would be removed. */
export interface Kept {
  readonly plans: number
  /** plans that hold what somebody removed or replaced; the others only say what was made. */
  readonly withContent: number
  readonly bytes: number
  /** when the oldest of them began; undefined where there is none. */
  readonly oldestMs: number | undefined
}

export interface UndoStore {
  /** LOTUS_HOME/undo. */
  readonly folder: string
  /** plan ids, newest first. */
  plans(): readonly string[]
  story(planId: string): Story | undefined
  /** the plan is over: it can be found from now on. */
  add(planId: string): void
  /** the newest plan of a trace. */
  planOfTrace(traceId: string): string | undefined
  /** the plan that has taken these back and was not taken back itself; undefined when they are still in force. */
  undoneBy(planId: string, undoId: string): string | undefined
  /** removes what is too old or too much; gives how many plans were forgotten. */
  purge(limits: UndoLimits): number
  /** what is older than a moment: with `trash` only what was removed, without it former contents and records too. */
  older(than: { readonly beforeMs: number; readonly trash: boolean }): Kept
  /** removes exactly that, because its person asked for it. */
  drop(than: { readonly beforeMs: number; readonly trash: boolean }): Kept
}

const planName = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function createUndoStore(folder: string): UndoStore {
  // identifiers carry their time: sorted by name they are sorted by age.
  let names = readdirSync(folder)
    .filter((name) => planName.test(name))
    .sort()
    .reverse()
  // what was read once stays as it is: a story that has ended does not change.
  const stories = new Map<string, Story>()
  const maxRemembered = 200

  function story(planId: string): Story | undefined {
    const known = stories.get(planId)
    if (known !== undefined) return known
    let text: string
    try {
      text = readFileSync(join(folder, planId, 'journal.jsonl'), 'utf8')
    } catch {
      // its folder was made and its journal not: nothing was done.
      return undefined
    }
    const read = readStory(text)
    if (read?.end !== undefined) {
      stories.set(planId, read)
      for (const oldest of stories.keys()) {
        if (stories.size <= maxRemembered) break
        stories.delete(oldest)
      }
    }
    return read
  }

  const traces = new Map<string, string>()
  // oldest first, so that the newest plan of a trace stays.
  for (const name of names.toReversed()) {
    const begin = story(name)?.begin
    if (begin !== undefined) traces.set(begin.traceId, name)
  }

  function forget(planId: string): void {
    // what it put into a trash goes first: while the journal is there, a crash here only means doing it again.
    for (const change of story(planId)?.changes ?? []) {
      if (change.op === 'rename' && change.trash) rmSync(change.to, { recursive: true, force: true })
    }
    for (const trash of new Set(trashFoldersOf(story(planId)))) rmSync(trash, { recursive: true, force: true })
    const traceId = story(planId)?.begin.traceId
    if (traceId !== undefined && traces.get(traceId) === planId) traces.delete(traceId)
    rmSync(join(folder, planId), { recursive: true, force: true })
    stories.delete(planId)
  }

  /** bytes that it holds of what somebody removed or replaced. */
  function keptBytesOf(planId: string): number {
    let bytes = 0
    for (const { keptBytes } of story(planId)?.done.values() ?? []) bytes += keptBytes
    return bytes
  }

  function holdsContent(planId: string): boolean {
    return story(planId)?.changes.some((change) => change.op === 'replace' || isTrashing(change)) === true
  }

  /** finished ones only: one that was cut off is still to be rolled back. */
  function olderThan({ beforeMs, trash }: { beforeMs: number; trash: boolean }): string[] {
    return names.filter((name) => {
      const known = story(name)
      if (known === undefined || known.end === undefined || timeOfIdentifier(name) >= beforeMs) return false
      return !trash || known.changes.some(isTrashing)
    })
  }

  function tell(plans: readonly string[]): Kept {
    const oldest = plans.at(-1)
    return {
      plans: plans.length,
      withContent: plans.filter(holdsContent).length,
      bytes: plans.reduce((sum, name) => sum + keptBytesOf(name), 0),
      oldestMs: oldest === undefined ? undefined : timeOfIdentifier(oldest),
    }
  }

  function undoneBy(planId: string, undoId: string): string | undefined {
    for (const name of names) {
      // only a later plan can have taken it back.
      if (name <= planId) return undefined
      const other = story(name)
      if (other?.end?.status !== 'completed') continue
      if (!other.undoes.some((undone) => undone.planId === planId && undone.undoIds.includes(undoId))) continue
      const itself = other.changes[0]?.undoId
      if (itself === undefined || undoneBy(name, itself) === undefined) return name
    }
    return undefined
  }

  return {
    folder,
    plans: () => names,
    story,
    add(planId) {
      const begin = story(planId)?.begin
      if (begin !== undefined) traces.set(begin.traceId, planId)
      // almost always the newest: only plans that ran side by side end in another order.
      names = names[0] === undefined || planId > names[0] ? [planId, ...names] : [planId, ...names].sort().reverse()
    },
    planOfTrace: (traceId) => traces.get(traceId),
    undoneBy,
    older: (than) => tell(olderThan(than)),
    drop(than) {
      const plans = olderThan(than)
      const told = tell(plans)
      for (const name of plans) forget(name)
      const gone = new Set(plans)
      names = names.filter((name) => !gone.has(name))
      return told
    },
    purge({ maxPlans, maxAgeMs, maxBytes, minAgeMs = 0 }) {
      const oldestMs = Date.now() - maxAgeMs
      const safeMs = Date.now() - minAgeMs
      const keep: string[] = []
      let bytes = 0
      let forgotten = 0
      for (const name of names) {
        const known = story(name)
        bytes += keptBytesOf(name)
        // an unfinished one is never forgotten: it is still to be rolled back.
        const finished = known === undefined || known.end !== undefined
        const atMs = timeOfIdentifier(name)
        const tooMany = keep.length >= maxPlans || bytes > maxBytes
        // nobody loses today what was there today, however busy the day is
        const isSafe = atMs > safeMs && holdsContent(name)
        if (finished && (atMs < oldestMs || (tooMany && !isSafe))) {
          forget(name)
          forgotten += 1
        } else {
          keep.push(name)
        }
      }
      names = keep
      return forgotten
    },
  }
}

function isTrashing(change: Change): boolean {
  return change.op === 'rename' && change.trash
}

/** the folders that a plan made in trashes, empty by now. */
function trashFoldersOf(story: Story | undefined): string[] {
  if (story === undefined) return []
  return story.changes
    .filter((change) => change.op === 'rename' && change.trash)
    .map((change) => (change.op === 'rename' ? dirname(change.to) : ''))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
}
