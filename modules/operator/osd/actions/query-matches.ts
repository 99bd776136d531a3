// what an action on everything that a search finds takes: each thing once, and nothing that was excepted.
import type { ActionContext, Entry } from '../action.ts'
import { actionErrors } from './errors.ts'
import { type FileQuery, exceptionsOf, runQuery } from './file-query.ts'

/** things taken by one action at most. */
const maxTouched = 10_000

/** entries to act on; what is found in a folder that is found too goes with it. throws TOO_MANY_MATCHES. */
export async function matchesOf(query: FileQuery, context: Pick<ActionContext, 'tree' | 'signal'>): Promise<Entry[]> {
  const found = await runQuery(query, context)
  const exceptions = await exceptionsOf(query, context.tree)
  // a folder that holds what was excepted stays: taken as a whole, it would take that too.
  const entries = found.filter((entry) => entry.kind !== 'folder' || !exceptions.lieIn(entry))
  if (entries.length > maxTouched) {
    throw actionErrors.TOO_MANY_MATCHES({
      value: query.root ?? '.',
      detail: `${entries.length} match, ${maxTouched} is the limit`,
    })
  }
  const folders = new Set(entries.filter((entry) => entry.kind === 'folder').map((entry) => entry.absolute))
  return entries.filter((entry) => ![...parentsOf(entry.absolute)].some((parent) => folders.has(parent)))
}

function* parentsOf(path: string): Generator<string> {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) yield path.slice(0, end)
}
