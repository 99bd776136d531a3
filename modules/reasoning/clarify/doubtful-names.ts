// a goal that fails only by a name: one that is not there, though others nearly like it are.
import type { NamedEntry } from '../../operator/contract.ts'
import type { Clause, Intent, Token } from '../../perception/contract.ts'
import { nearNames } from './near-names.ts'

/** a stretch of a goal's words, and the names that it may stand for. */
export interface DoubtfulName {
  readonly said: string
  readonly at: number
  readonly end: number
  readonly entries: readonly NamedEntry[]
}

/** words of one name at most. */
const longest = 3
/** stretches that are tried: each costs an interpretation for each of its names. */
const maximumStretches = 4

/** the stretches of a goal that are nearly names, longer ones first. */
export function doubtfulNames(intent: Intent, names: readonly NamedEntry[]): readonly DoubtfulName[] {
  const tokens = tokensOf(intent)
  const known = new Set(names.map(({ path }) => path))
  const found: DoubtfulName[] = []
  for (let length = longest; length >= 1; length -= 1) {
    for (let from = 0; from + length <= tokens.length; from += 1) {
      const stretch = tokens.slice(from, from + length)
      const [first, last] = [stretch[0]!, stretch.at(-1)!]
      if (stretch.some(({ kind }) => kind === 'mark' || (length > 1 && kind !== 'word'))) continue
      // what stands between quotes belongs to the name, and is replaced with them.
      const said = length === 1 ? first.text : intent.text.slice(first.at, last.end)
      if (known.has(said)) continue
      const entries = nearNames(said, names)
      if (entries.length > 0) found.push({ said, at: first.at, end: last.end, entries })
    }
  }
  return found.slice(0, maximumStretches)
}

/** the words of a goal as they were said. */
function tokensOf({ segmentations, text }: Intent): readonly Token[] {
  const isWhole = (clauses: readonly Clause[]): boolean =>
    clauses.length === 1 && clauses[0]!.text === text.slice(clauses[0]!.tokens[0]!.at, clauses[0]!.tokens.at(-1)!.end)
  return segmentations.find(isWhole)?.[0]?.tokens ?? []
}
