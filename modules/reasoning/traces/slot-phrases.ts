// slots that are closed lists of phrases, each with what it means: how a listing shall look, a place on the clock.
import { placeZone } from './places.ts'
import type { Accept, SlotMatch } from './slot-match.ts'

/** accepts what stands at a place where it is one of the phrases; articles inside are stepped over. */
export function phrases(table: readonly (readonly [phrase: string, value: unknown])[]): Accept {
  const known = table.map(([phrase, value]) => ({ words: phrase.split(' '), value }))
  return (clause, at) => {
    const matches: SlotMatch[] = []
    for (const { words, value } of known) {
      let to = at
      let fits = true
      for (const word of words) {
        while (
          to > at &&
          /^(?:the|a|an|their|its|all)$/.test(clause.tokens[to]?.lower ?? '') &&
          clause.tokens[to]!.lower !== word
        )
          to += 1
        const token = clause.tokens[to]
        fits = token !== undefined && token.kind !== 'quoted' && (token.lower === word || token.lemma === word)
        if (!fits) break
        to += 1
      }
      if (fits) matches.push({ to, value, weight: 1 })
    }
    return matches
  }
}

const by = (sort: string, order: string) => ({ sort, order })
const [newest, oldest, largest, smallest, backwards, forwards] = [
  by('modified', 'descending'),
  by('modified', 'ascending'),
  by('size', 'descending'),
  by('size', 'ascending'),
  by('name', 'descending'),
  by('name', 'ascending'),
]

/** an order of a listing: `newest first`, `sorted by size`. */
export const listingOrder: Accept = phrases([
  ...(
    [
      [newest, ['newest first', 'latest first', 'most recent first', 'last changed first', 'from newest to oldest']],
      [oldest, ['oldest first', 'from oldest to newest']],
      [largest, ['largest first', 'biggest first', 'from largest to smallest', 'from biggest to smallest']],
      [smallest, ['smallest first', 'from smallest to largest', 'from smallest to biggest']],
      [backwards, ['in reverse order', 'in reverse alphabetical order', 'from z to a', 'backwards']],
      [forwards, ['in alphabetical order', 'alphabetically', 'from a to z', 'by name', 'sort by name']],
    ] as const
  ).flatMap(([value, all]) => all.map((phrase) => [phrase, value] as const)),
  ...['date', 'time', 'age', 'modification time', 'modification date', 'date of change'].flatMap((what) =>
    ['by', 'sort by', 'order by'].map((how) => [`${how} ${what}`, newest] as const),
  ),
  ...['size', 'file size'].flatMap((what) =>
    ['by', 'sort by', 'order by'].map((how) => [`${how} ${what}`, largest] as const),
  ),
])

/** that a listing shall say more than names. */
export const listingDetails: Accept = phrases(
  [
    'with detail',
    'with size',
    'with date',
    'with size and date',
    'with date and size',
    'and size',
    'and size and date',
    'in long form',
    'in long format',
    'with size and time',
    'with modification time',
    'with modification date',
    'with more information',
  ].map((phrase) => [phrase, true] as const),
)

/** that a listing shall have hidden names, too. */
export const listingHidden: Accept = phrases(
  [
    'include hidden name',
    'include hidden file',
    'include hidden one',
    'include hidden',
    'with hidden file',
    'and hidden file',
    'and hidden one',
    'hidden one include',
    'hidden file include',
    'hidden one too',
    'even hidden one',
    'even hidden file',
  ].map((phrase) => [phrase, true] as const),
)

/** a town or country whose time is known: up to three words. */
export const place: Accept = (clause, at) => {
  const matches: SlotMatch[] = []
  for (let to = at + 1; to <= Math.min(clause.tokens.length, at + 3); to += 1) {
    const words = clause.tokens.slice(at, to)
    if (words.some((token) => token.kind === 'mark' || token.kind === 'number')) break
    const zone = placeZone(
      words.map((token) => (token.kind === 'quoted' ? token.text.toLowerCase() : token.lower)).join(' '),
    )
    if (zone !== undefined) matches.push({ to, value: zone, weight: 1 })
  }
  return matches
}
