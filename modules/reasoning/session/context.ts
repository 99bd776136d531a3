// what a goal leaves for the next one of its session to point at, and never more than is beyond doubt.
import { escapeName } from '../../../nucleus/escape.ts'
import type { Json, PlanOutcome, StepResult } from '../../operator/contract.ts'
import type { Pending } from '../clarify/clarifier.ts'
import { nextFocus } from '../understand.ts'
import type { BoundTrace, Focus } from '../understand.ts'

/** what a goal leaves for the next one. */
export interface Context extends Focus {
  /** the question that it ended with. */
  readonly pending?: Pending
}

/** lists that are longer are not counted through by anybody, and are not kept. */
const maxResults = 500

// actions whose answer is a list of what is in the folder, one a line.
const listing = new Set(['files.list', 'files.find', 'text.search'])
const fileActions =
  /^(?:text\.|files\.(?:read|write|append|insert|replace|delete_lines|transform|count|compare|join|create)$)/

type Kinds = Readonly<Record<string, 'file' | 'folder'>>

/** what the next goal may point at. @param before - what this goal could point at. */
export function contextAfter(before: Focus, bound: readonly BoundTrace[], outcome: PlanOutcome): Focus {
  // taking back leaves things as they were spoken of before.
  if (bound.every(({ trace }) => trace.trace === 'lotus.undo')) return before
  const spoken = spokenOf(bound)
  if (outcome.status !== 'completed') return spoken.origin === undefined ? spoken : {}
  const last = outcome.steps.at(-1)
  const results = last === undefined || !listing.has(last.action) ? undefined : resultsOf(last)
  if (results !== undefined && last !== undefined) return afterList(results, last, spoken)
  // an answer of one line leaves the list on the screen; another list, or a text, takes its place.
  const isAside = outcome.steps.every(({ text }) => !text.includes('\n'))
  const kept = isAside && before.results !== undefined ? before : undefined
  if (spoken.it === undefined && spoken.list === undefined && kept === undefined) return {}
  return { ...spoken, ...(kept && { results: kept.results, kinds: { ...kept.kinds, ...spoken.kinds } }) }
}

/** what the words of the goal were about, without what came before. */
function spokenOf(bound: readonly BoundTrace[]): Focus {
  let focus: Focus = {}
  for (const one of bound) focus = nextFocus(one, focus)
  const { it, list, archive, origin } = focus
  const only = it ?? (list?.length === 1 ? list[0] : undefined)
  if (only === undefined) return { list, origin }
  const kind = kindOf(only, bound)
  return {
    it: only,
    list,
    archive,
    origin,
    ...(kind === 'file' ? { file: only } : {}),
    ...(kind === 'folder' ? { folder: only } : {}),
    ...(kind === undefined ? {} : { kinds: { [only]: kind } }),
  }
}

/** what a path is, by what was done with it; undefined where that does not say it. */
function kindOf(path: string, bound: readonly BoundTrace[]): 'file' | 'folder' | undefined {
  const { trace } = bound.at(-1)!
  if (/\.[A-Za-z0-9]{1,8}$/.test(path) || trace.steps.every(({ action }) => fileActions.test(action))) return 'file'
  const isFolder = trace.steps.every(({ action }) => ['files.make_folder', 'files.list', 'disk.usage'].includes(action))
  return isFolder || path.endsWith('/') ? 'folder' : undefined
}

function afterList(results: readonly string[], step: StepResult, spoken: Focus): Focus {
  if (results.length === 0) return {}
  const kinds = kindsOf(results, step.data['kinds'])
  const [only] = results
  const isFolder = step.action === 'files.list'
  const list = { results, kinds, ...(results.length > 1 ? { list: results } : {}) }
  // a folder and what is in it are two things that `it` could be.
  if (isFolder) return { ...list, folder: spoken.it }
  if (results.length !== 1 || only === undefined) return list
  return { ...list, it: only, ...(kinds[only] === undefined ? {} : { [kinds[only]]: only }) }
}

/** the paths of a list, where what was shown is exactly that list; empty where nothing was found. */
function resultsOf(step: StepResult): readonly string[] | undefined {
  const { paths, count } = step.data
  if (!Array.isArray(paths)) return undefined
  const list = (paths as readonly Json[]).map(String)
  if (list.length === 0) return []
  // a search counts lines, the others what they list: there more than is listed means that it was cut.
  const isCut = step.action !== 'text.search' && typeof count === 'number' && count > list.length
  if (list.length > maxResults || isCut) return undefined
  const lines = step.text.split('\n')
  // where something else was shown, such as a sum or matching lines, nobody could count to the second one.
  const isShown = list.length === 1 || list.every((path, index) => lines[index]?.includes(shownNameOf(path)) === true)
  return isShown && (list.length === 1 || lines.length === list.length) ? list : undefined
}

/** the name as a list shows it. */
const shownNameOf = (path: string): string => escapeName(path.split('/').findLast((part) => part !== '') ?? path)

function kindsOf(paths: readonly string[], kinds: Json | undefined): Kinds {
  if (!Array.isArray(kinds) || kinds.length !== paths.length) return {}
  const known: Record<string, 'file' | 'folder'> = {}
  for (const [index, path] of paths.entries()) {
    const kind = (kinds as readonly Json[])[index]
    if (kind === 'file' || kind === 'folder') known[path] = kind
  }
  return known
}
