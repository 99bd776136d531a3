// what the tests of understanding share: the innate traces, and a goal's way from words to a plan.
import { join } from 'node:path'
import { interpret } from '../../../modules/perception/interpret.ts'
import type { KnownName } from '../../../modules/perception/slots/slot-parser.ts'
import type { NamedEntry } from '../../../modules/operator/contract.ts'
import { createPlan } from '../../../modules/reasoning/bind.ts'
import { loadTraces } from '../../../modules/reasoning/traces/library.ts'
import { understand } from '../../../modules/reasoning/understand.ts'

export const innateFolder = join(import.meta.dirname, '../../../modules/reasoning/innate')

export const traces = await loadTraces(innateFolder)

/** entries of a working folder; a name that ends in `/` is a folder. */
export function names(...paths: string[]): NamedEntry[] {
  return paths.map((path) =>
    path.endsWith('/') ? { path: path.slice(0, -1), kind: 'folder' } : { path, kind: 'file' },
  )
}

export function intentOf(text: string, known: readonly KnownName[] = [], nowMs = Date.parse('2026-11-21T10:00:00Z')) {
  return interpret({ text, timeZone: 'Europe/Berlin', locale: 'en-GB', nowMs, names: known })
}

/** the names of the traces that serve a goal, with their steps; undefined where none does. */
export async function planOf(text: string, known: readonly KnownName[] = []) {
  const { bound } = understand(await intentOf(text, known), traces)
  if (bound.length === 0) return undefined
  const { steps } = createPlan(text, bound)
  return { traces: bound.map((one) => one.trace.trace), steps: steps.map(({ action, args }) => ({ action, args })) }
}
