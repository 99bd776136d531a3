// from an intent to bound traces: which trace serves each clause, with which values, and what `it` means in between.
import type { Clause, Intent, Proviso } from '../perception/contract.ts'
import { heeds, isReading } from './provisos.ts'
import type { Trace } from './traces/library.ts'
import { indexClause, matchPattern } from './traces/match.ts'
import type { ClauseIndex } from './traces/match.ts'
import { fillText, missing } from './traces/template.ts'
import { wordingsFor } from './traces/wordings.ts'

/** a trace with its slots filled. */
export interface BoundTrace {
  readonly trace: Trace
  readonly bindings: Readonly<Record<string, unknown>>
  readonly score: number
  readonly pattern: string
  /** what was copied lies in this folder, which was there before. */
  readonly within?: string
  /** nothing in it was said by the person: no name, no number, only what the trace takes by itself. */
  readonly plain?: boolean
}

export interface Understanding {
  /** one a clause, in order; empty when the goal was not understood. */
  readonly bound: readonly BoundTrace[]
  /** what must be so, else nothing is done. */
  readonly provided?: readonly Proviso[]
  /** why, in words, for the run's story. */
  readonly explanation: string
}

/** a match below this explains too little of the goal: half of its words, politeness not counted. */
const threshold = 0.5

/** what pronouns mean; paths as a plan would name them. */
export interface Focus {
  readonly it?: string | undefined
  readonly list?: readonly string[] | undefined
  readonly folder?: string | undefined
  readonly file?: string | undefined
  readonly archive?: string | undefined
  readonly origin?: string | undefined
  /** what `the copy` means. */
  readonly copy?: string | undefined
  /** the folder, there before, into which something was copied. */
  readonly within?: string | undefined
  /** what an earlier answer listed, in the order in which it was shown. */
  readonly results?: readonly string[] | undefined
  /** what these paths are, where that is known. */
  readonly kinds?: Readonly<Record<string, 'file' | 'folder'>> | undefined
}

/**
 * finds traces for all clauses of the first segmentation that is understood as a whole.
 * @param context - what pronouns mean at the beginning: nothing, unless the goal belongs to a session.
 */
export function understand(intent: Intent, traces: readonly Trace[], context: Focus = {}): Understanding {
  const indexed = new Map<string, ClauseIndex>()
  for (const clauses of intent.segmentations) {
    const bound: BoundTrace[] = []
    let focus = context
    for (const clause of clauses) {
      // other ways to say the goal have other words at the same places
      const key = `${clause.text}:${clause.tokens.map((token) => token.at).join()}`
      let index = indexed.get(key)
      if (!index) indexed.set(key, (index = indexClause(clause)))
      const best = bestMatch(index, traces, focus)
      if (!best) break
      bound.push(best)
      focus = nextFocus(best, focus)
    }
    // taking back belongs to what was done before this goal: within one plan it would take back something older.
    if (bound.length > 1 && bound.some((one) => one.trace.steps.some(({ action }) => action === 'undo.last'))) continue
    if (clauses.some((clause) => clause.shared) && !bound.every((one) => isLook(one) && !picksOne(one))) continue
    if (clauses.some((clause) => clause.borrowed || clause.verbless) && !areAlike(bound)) {
      if (clauses.some((clause) => clause.borrowed) || !areSeparateQuestions(bound)) continue
    }
    // `remind me at noon to do this and then do that`: what follows belongs to the reminder, or nobody can tell
    if (bound.slice(0, -1).some(keepsWords) && !bound.every((one) => keepsWords(one) || isLook(one))) continue
    if (bound.some((one, at) => picksUnpacked(one, bound.slice(0, at)))) continue
    if (clauses.length > 1 && clauses.some((clause, at) => isBare(clause, bound[at]))) continue
    if (clauses.some((clause, at) => at > 0 && isTrailingWord(clause, bound, at))) continue
    if (bound.length === clauses.length && bound.length > 0 && heeds(bound, clauses[0]?.forbids ?? [])) {
      const { provided } = clauses[0]!
      return {
        bound,
        ...(provided === undefined ? {} : { provided }),
        explanation: bound
          .map((one) => `${one.trace.trace} by '${one.pattern}' (${one.score.toFixed(2)})`)
          .join('; then '),
      }
    }
  }
  return { bound: [], explanation: 'no innate trace accounts for every word of the goal' }
}

/**
 * whether clauses that share one verb are the same deed done to several things. what follows the last of them (`*.c and
 * *.sh files below src`) may be meant for all, so sets must be narrowed alike.
 */
function areAlike(bound: readonly BoundTrace[]): boolean {
  const shapes = bound.map(({ trace, bindings }) => {
    const queries = Object.values(bindings).flatMap((value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value).toSorted() : [],
    )
    return [trace.trace, ...queries].join()
  })
  return new Set(shapes).size === 1
}

/** several questions about different things: `show the branch and then the number of commits`. */
function areSeparateQuestions(bound: readonly BoundTrace[]): boolean {
  return bound.every(
    (one) =>
      isLook(one) &&
      Object.values(one.bindings).every((value) => typeof value !== 'object' || value === null || Array.isArray(value)),
  )
}

/** `the newest file in docs and photos` is one, not one of each. */
const picksOne = ({ bindings }: BoundTrace): boolean =>
  Object.values(bindings).some(
    (value) => typeof value === 'object' && value !== null && ('limit' in value || 'rank' in value || 'sort' in value),
  )

const isLook = ({ trace }: BoundTrace): boolean => trace.steps.every((step) => isReading(step.action))

/** `unpack a.zip and delete the jpgs`: those of the archive, and nobody knows yet which they are. */
const picksUnpacked = ({ trace, bindings }: BoundTrace, before: readonly BoundTrace[]): boolean =>
  before.some((one) => one.trace.steps.some(({ action }) => action === 'archive.extract')) &&
  trace.steps.some(({ action }) => action.endsWith('_matching')) &&
  (bindings['query'] as { root?: string } | undefined)?.root === undefined

const keepsWords = ({ trace }: BoundTrace): boolean => /^(?:reminders\.add|memory\.remember)$/.test(trace.trace)

/** `list` in `list and remove all …`: a verb whose object comes later asks for nothing by itself. */
function isBare(clause: Clause, bound: BoundTrace | undefined): boolean {
  const words = clause.tokens.filter((token) => token.kind !== 'mark')
  return words.length === 0 || (words.length === 1 && bound !== undefined && Object.keys(bound.bindings).length === 0)
}

/**
 * `running` in `is bash installed and running`, `history` in `show a.txt and history`: one word behind another goal goes on
 * with that goal and is none of its own. only parts of the machine are listed so: `how full is the disk and memory`.
 */
function isTrailingWord(clause: Clause, bound: readonly BoundTrace[], at: number): boolean {
  const words = clause.tokens.filter((token) => token.kind !== 'mark')
  if (words.length !== 1 || bound[at]?.plain !== true) return false
  // a verb in its base form is an order: `ls`
  if (clause.verbless !== true && words[0]!.lower === words[0]!.lemma) return false
  const isPart = clause.slots.some(({ type }) => /^concept:(?:memory|disk|cpu|swap)$/.test(type))
  return !(isPart && bound.every(({ trace }) => /^(?:system|disk)\./.test(trace.trace)))
}

/** the trace that serves one clause best. */
export function bestMatch(index: ClauseIndex, traces: readonly Trace[], focus: Focus): BoundTrace | undefined {
  let best: BoundTrace | undefined
  for (const { trace, goal } of wordingsFor(traces, index)) {
    for (const match of matchPattern(goal.pattern, index).slice(0, 4)) {
      const given = { ...trace.defaults, ...goal.implied, ...match.bindings }
      const bindings = isSure(given) ? resolve(given, focusFor(trace, focus), changes(trace)) : undefined
      if (bindings === undefined || match.score < threshold) continue
      const score = match.score + (trace.priority ?? 0) / 1000
      const within = folderThere(given['to'])
      if (best === undefined || score > best.score)
        best = {
          trace,
          bindings,
          score,
          pattern: goal.source,
          ...(within === undefined ? {} : { within }),
          ...(Object.keys(match.bindings).length === 0 ? { plain: true } : {}),
        }
      break
    }
  }
  return best
}

/** the path of a folder that is there. */
function folderThere(value: unknown): string | undefined {
  const { certainty, kind, path } = (value ?? {}) as { certainty?: string; kind?: string; path?: string }
  return certainty === 'known' && kind === 'folder' ? path : undefined
}

/**
 * whether what was counted are as many as were named, and no place to put something is a folder of nearly that name:
 * `three folders a and b`, `move a.txt to Drafts` beside `drafts`.
 */
function isSure(given: Readonly<Record<string, unknown>>): boolean {
  const { number, paths, path, to } = given
  const named = paths ?? path
  if (typeof number === 'number' && Array.isArray(named) && named.length !== number) return false
  const target = to as Pronoun | undefined
  return target?.said === undefined || target.kind !== 'folder'
}

interface Pronoun {
  readonly pronoun?: string
  readonly path?: string
  readonly said?: string
  readonly insidePronoun?: string
  readonly kind?: 'file' | 'folder' | 'any'
  /** what the pattern's slot is for. */
  readonly wanted?: 'file' | 'folder'
}

/** puts paths in the place of pronouns; undefined where one means nothing. */
export function resolve(
  bindings: Readonly<Record<string, unknown>>,
  focus: Focus,
  isChange: boolean,
): Record<string, unknown> | undefined {
  const resolved: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(bindings)) {
    const one = resolveValue(value, focus, isChange)
    // several places to put one thing: nobody has said how.
    if (one === undefined || (name === 'to' && Array.isArray(one))) return undefined
    resolved[name] = one
  }
  return withinFolder(resolved)
}

/** `… inside clients`: the new names lie in that folder. */
function withinFolder(bindings: Record<string, unknown>): Record<string, unknown> {
  const { inside, ...rest } = bindings
  if (typeof inside !== 'string') return bindings
  const join = (path: unknown) => `${inside}/${String(path)}`
  if (typeof rest['path'] === 'string') rest['path'] = join(rest['path'])
  if (Array.isArray(rest['paths'])) rest['paths'] = rest['paths'].map(join)
  return rest
}

function resolveValue(value: unknown, focus: Focus, isChange: boolean): unknown {
  if (Array.isArray(value)) {
    const items = value.flatMap((item) => {
      const one = resolveValue(item, focus, isChange)
      return Array.isArray(one) ? one : [one]
    })
    return items.includes(undefined) ? undefined : items
  }
  if (typeof value !== 'object' || value === null) return value
  if ('certainty' in value) {
    const { pronoun, path, said, insidePronoun, wanted, kind } = value as Pronoun
    if (insidePronoun !== undefined) {
      const folder = meaningOf(insidePronoun, focus)
      return typeof folder === 'string' ? `${folder}/${path}` : undefined
    }
    // another name but for its case is shown all the same, and never changed
    if (pronoun === undefined) return isChange ? (said ?? path) : path
    const meant = meaningOf(pronoun, focus)
    // `the second file` of a list with folders in it could be the second line or the second that is a file.
    if (pronoun.startsWith('nth:') && kind !== 'any' && meant !== memberOf(pronoun, ofKind(kind, focus)))
      return undefined
    // `show it` after sorting a file is no listing of a folder.
    if (typeof meant === 'string' && wanted !== undefined && kindOfPath(meant, focus) !== wanted) return undefined
    return meant
  }
  if ('query' in value) {
    const set = value as { query: Record<string, unknown>; rootPronoun?: string; rootSaid?: string }
    if (set.rootPronoun === undefined)
      return isChange && set.rootSaid !== undefined ? { ...set.query, root: set.rootSaid } : set.query
    const root = meaningOf(set.rootPronoun, focus)
    return typeof root === 'string' ? { ...set.query, root } : undefined
  }
  return value
}

export const changes = (trace: Trace): boolean => trace.steps.some((step) => !isReading(step.action))

/** after `copy a into b`, where `b` was a folder, the copy is in it, and not the folder itself. */
const copyOf = ({ it, origin, within }: Focus): string | undefined =>
  within === undefined || origin === undefined ? it : `${within}/${origin.split('/').at(-1)!}`

/** after `copy a to b`, `delete it` may mean either: what would change something must say which. */
export function focusFor(trace: Trace, focus: Focus): Focus {
  return changes(trace) && focus.origin !== undefined
    ? { ...focus, it: undefined, list: undefined, copy: copyOf(focus) }
    : { ...focus, copy: copyOf(focus) }
}

/** what a path that was spoken of is: by its ending, or by what was made or named as a folder. */
function kindOfPath(path: string, focus: Focus): 'file' | 'folder' {
  const known = focus.kinds !== undefined && Object.hasOwn(focus.kinds, path) ? focus.kinds[path] : undefined
  if (known !== undefined) return known
  if (/[^/.][^/]*\.[A-Za-z0-9]{1,8}$/.test(path)) return 'file'
  return path === focus.folder && path !== focus.file ? 'folder' : path === focus.file ? 'file' : 'folder'
}

function meaningOf(pronoun: string, focus: Focus): string | readonly string[] | undefined {
  switch (pronoun) {
    case 'it':
      return focus.it ?? (focus.list?.length === 1 ? focus.list[0] : undefined)
    case 'them':
      return focus.list
    case 'both':
      return focus.list?.length === 2 ? focus.list : undefined
    case 'there':
    case 'folder':
      return focus.folder
    case 'file':
      return focus.file
    case 'archive':
      return focus.archive
    case 'copy':
      return focus.origin === undefined ? undefined : focus.copy
    case 'original':
      return focus.origin
    default:
      return memberOf(pronoun, focus.results ?? [])
  }
}

/** `nth:2`, `nth:-1`, `first:2`, `last:2` of a list; undefined where it has no such members. */
function memberOf(pronoun: string, results: readonly string[]): string | readonly string[] | undefined {
  const [which, number] = pronoun.split(':')
  const count = Number(number)
  if (!Number.isInteger(count)) return undefined
  if (which === 'nth') return count === 0 ? undefined : results.at(count > 0 ? count - 1 : count)
  if (count < 1 || count > results.length) return undefined
  if (which === 'first') return results.slice(0, count)
  return which === 'last' ? results.slice(-count) : undefined
}

function ofKind(kind: string | undefined, { results = [], kinds = {} }: Focus): readonly string[] {
  return kind === undefined ? results : results.filter((path) => kinds[path] === kind)
}

/** what a clause leaves for the next one to talk about. */
export function nextFocus(bound: BoundTrace, before: Focus): Focus {
  const { trace, bindings } = bound
  const meant = trace.focus === undefined ? undefined : known(fillText(trace.focus, bindings))
  const origin = trace.origin === undefined ? undefined : known(fillText(trace.origin, bindings))
  const list = Array.isArray(meant) ? (meant as string[]) : undefined
  const it = typeof meant === 'string' ? meant : list?.length === 1 ? list[0] : undefined
  const isArchive = it !== undefined && /\.(zip|tar|tgz|tar\.gz|gz)$/i.test(it)
  const originText =
    typeof origin === 'string' ? origin : Array.isArray(origin) && origin.length === 1 ? String(origin[0]) : undefined
  const originArchive = originText !== undefined && /\.(zip|tar|tgz|tar\.gz|gz)$/i.test(originText)
  const looksLikeFile = it !== undefined && /\.[A-Za-z0-9]{1,8}$/.test(it)
  const folder = trace.trace.includes('folder') || !looksLikeFile ? it : undefined
  return {
    it: it ?? (list ? undefined : before.it),
    list: list ?? (it === undefined ? before.list : undefined),
    folder:
      folder ??
      before.folder ??
      (bindings['to'] !== undefined && typeof bindings['to'] === 'string' ? bindings['to'] : undefined),
    file: looksLikeFile || trace.trace.startsWith('files.create') ? it : before.file,
    archive: isArchive ? it : originArchive ? originText : before.archive,
    origin: originText ?? before.origin,
    within: originText === undefined ? before.within : bound.within,
    results: before.results,
    kinds: before.kinds,
  }
}

const known = (value: unknown) => (value === missing || value === '' ? undefined : value)
