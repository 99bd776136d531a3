// whether a plan keeps to what its goal forbids: `list them, but don't delete anything`, `…, without changing the file`.
import type { Deed, Forbidden } from '../perception/contract.ts'
import type { BoundTrace } from './understand.ts'

/** actions that only look. */
const reading =
  /^(files\.(read|exists|info|list|find|count|compare|newer)|data\.|text\.|table\.|archive\.(list|read)|disk\.|system\.|git\.|clock\.|calculate|convert|memory\.(recall|list)|lotus\.|reminders\.list)/

/** what each kind of action does to what is there already; those that only make something new do nothing to it. */
const deeds: readonly (readonly [RegExp, readonly Deed[]])[] = [
  [/^files\.delete(?:_matching)?$/, ['delete', 'change']],
  [/^files\.(?:move|swap|rename_matching)/, ['move', 'change']],
  [/^archive\.extract/, ['extract']],
  [
    /^(?:files\.(?:create|copy|copy_matching|make_folder|join)|archive\.create|archive\.gzip|memory\.remember|reminders\.add)$/,
    [],
  ],
]

/** whether an action changes nothing. */
export const isReading = (action: string): boolean => reading.test(action)

function deedsOf(action: string): readonly Deed[] {
  if (isReading(action)) return []
  const known = deeds.find(([pattern]) => pattern.test(action))?.[1]
  return [...(known ?? (['change', 'delete'] as const)), 'anything']
}

/** whether nothing that is forbidden would be done. */
export function heeds(bound: readonly BoundTrace[], forbids: readonly Forbidden[]): boolean {
  return forbids.every(({ deed, path }) =>
    bound.every(({ trace, bindings }) => {
      if (!trace.steps.some((step) => deedsOf(step.action).includes(deed))) return true
      // a set may hold the path, and what nobody named may be it
      return path !== undefined && !texts(bindings).some((text) => touches(text, path)) && !hasSet(bindings)
    }),
  )
}

const touches = (one: string, other: string): boolean =>
  one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`)

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value.replace(/^\.\//, '').replace(/\/$/, '')]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(texts)
}

/** whether a value is a set of files, of which only the machine knows what is in it. */
const hasSet = (bindings: Readonly<Record<string, unknown>>): boolean =>
  Object.values(bindings).some((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
