// names of the working folder that are nearly what was said: `report` for report.txt and report-old.txt, a slip of a letter.
import type { NamedEntry } from '../../operator/contract.ts'
import { editDistance } from '../../../nucleus/settings/suggest.ts'

/** more are no help to whoever shall choose. */
const maximumChoices = 6

const flatten = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFC')
    .replaceAll(/[\s_-]+/g, ' ')
const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const stemOf = (name: string): string => name.replace(/(?<=.)\.[A-Za-z0-9]{1,8}(?:\.[A-Za-z0-9]{1,8})?$/, '')

/** 0: the same but for case, spaces or its ending; 1: the beginning of it; 2 and more: letters differ. */
function distanceOf(said: string, path: string): number | undefined {
  const name = flatten(baseOf(path))
  const stem = stemOf(name)
  // `docs/reprot.txt`: the folder counts as it was said, and must be the same.
  const slash = said.lastIndexOf('/')
  if (slash >= 0 && flatten(said.slice(0, slash)) !== flatten(path.slice(0, Math.max(0, path.lastIndexOf('/')))))
    return undefined
  const word = flatten(said.slice(slash + 1))
  const letters = stemOf(word).length
  // `b.txt` is as near to every other letter.
  if (letters < 2) return undefined
  if (word.length < 3) return word !== '' && (word === name || word === stem) ? 0 : undefined
  if (word === name || word === stem) return 0
  if (name.startsWith(word) && /^[ .\d(]/.test(name.slice(word.length))) return 1
  const isWithEnding = /\.[a-z0-9]{1,8}$/.test(word)
  const distance = editDistance(word, isWithEnding ? name : stem)
  // a slip in a short word makes another word.
  const most = word.length < 5 || letters < 3 ? 0 : word.length < 9 ? 1 : 2
  return distance <= most ? 1 + distance : undefined
}

/** the entries that somebody may have meant, the nearest first; only the nearest kind of them. */
export function nearNames(said: string, names: readonly NamedEntry[]): readonly NamedEntry[] {
  const wanted = said.replace(/^\.\//, '').replace(/\/+$/, '')
  const found = names.flatMap((entry) => {
    if (entry.path === wanted) return []
    const distance = distanceOf(wanted, entry.path)
    return distance === undefined ? [] : [{ entry, distance }]
  })
  const isNear = found.some(({ distance }) => distance <= 1)
  return found
    .filter(({ distance }) => !isNear || distance <= 1)
    .toSorted((left, right) => left.distance - right.distance)
    .slice(0, maximumChoices)
    .map(({ entry }) => entry)
}
