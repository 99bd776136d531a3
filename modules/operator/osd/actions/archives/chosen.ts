// which entries of an archive are wanted, and under which names they are unpacked.
import { actionErrors } from '../errors.ts'

/** the name that an entry is unpacked under; undefined where it is not wanted. */
export type Chooser = (name: string) => string | undefined

const plainOf = (wanted: string) => wanted.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '')

/** the entry itself and the folders that it lies in. */
function* withParents(name: string): Generator<string> {
  for (let end = name.length; end > 0; end = name.lastIndexOf('/', end - 1)) yield name.slice(0, end)
}

/**
 * chooses by names of entries, by ends of them, or by plain names. a plain name that only one entry has is unpacked as
 * that name, without the folders that it lies in: who asks for `values.csv` wants it here. throws NOT_IN_ARCHIVE.
 */
export function createChooser(only: readonly string[] | undefined, names: readonly string[]): Chooser {
  if (only === undefined) return (name) => name
  const places = new Set(names.flatMap((name) => [...withParents(name)]))
  /** chosen files and folders, each with the length of the part that is left away. */
  const chosen = new Map<string, number>()
  for (const wanted of only) {
    const plain = plainOf(wanted)
    if (places.has(plain)) {
      chosen.set(plain, 0)
      continue
    }
    const found = [...places].filter((place) => place.endsWith(`/${plain}`))
    if (found.length === 0 || plain === '') throw actionErrors.NOT_IN_ARCHIVE({ value: wanted })
    const bare = found.length === 1 && !plain.includes('/')
    for (const place of found) chosen.set(place, bare ? place.length - plain.length : 0)
  }
  return (name) => {
    for (const place of withParents(name)) {
      const left = chosen.get(place)
      if (left !== undefined) return name.slice(left)
    }
    return undefined
  }
}
