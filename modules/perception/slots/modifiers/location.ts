// where files lie: `here`, `in the docs folder`, `under src`.
import { ways } from '../../language/ways.ts'
import { readPaths } from '../paths.ts'
import { takeAny } from '../slot-parser.ts'
import type { Reading, SlotContext } from '../slot-parser.ts'
import { reading } from './modifier.ts'
import type { Modifier } from './modifier.ts'

export function readLocation(context: SlotContext, at: number): Reading<Modifier>[] {
  const direct = takeAny(context, at, ways(`directly | right | immediately | straight | only directly | only right`))
  // `directly in src` leaves out what lies deeper; `here` and the like are told by the depth alone.
  if (direct !== undefined)
    return readPlace(context, direct)
      .filter(({ value }) => value.query.root !== undefined || value.rootPronoun !== undefined)
      .map((place) => ({ ...place, value: { ...place.value, query: { ...place.value.query, recursive: false } } }))
  return readPlace(context, at)
}

/** words for a place that mean its depths, too. */
const depths = /^(?:anywhere|somewhere|below|beneath|underneath|tree|whole)$/

/** readings of a place, each with whether it was said that its depths are meant. */
function readPlace(context: SlotContext, at: number): Reading<Modifier>[] {
  return readNamedPlace(context, at).map((place) =>
    context.tokens
      .slice(at, Math.min(place.to, at + 4))
      .some(({ lower, kind }) => kind === 'word' && depths.test(lower))
      ? { ...place, value: { ...place.value, below: true } }
      : place,
  )
}

function readNamedPlace(context: SlotContext, at: number): Reading<Modifier>[] {
  const here = takeAny(
    context,
    at,
    ways(`
    in this project | in my project | of this project | in the project | here | in here | in this folder | in this directory | in the current folder |
    in the current directory | in current folder | in current directory | around here | in this place |
    of this folder | of this directory | of the current folder | of the current directory |
    inside this folder | inside this directory | under this folder | under this directory | from here |
    in my folder | in the working directory | in the working folder | in my current folder |
    in my current directory | from this folder | from this directory | below here | under here |
    in the folder i be in | within this folder | within this directory | i have here | there be here |
    lie around | at this location | at this place | in my directory | in this dir | in the current dir |
    on hand | do i have here | anywhere here | anywhere in here | in this tree | anywhere |
    anywhere below | anywhere in this folder | do i have | i have | have i get | be there | there be |
    be in this folder | be here | be there here | be in here | be there in this folder |
    be there in here | be there in this directory | be in this directory | do this folder have |
    do this folder contain | do this folder hold | do this directory contain | do this directory have |
    exist | exist here | do i have in here | do i have in this folder | around | in the whole folder |
    in this whole folder | sit here | be lie here | we have | do we have | do we have here | i get`),
  )
  const found: Reading<Modifier>[] = here === undefined ? [] : [reading(here, {}, 0)]
  const after = takeAny(
    context,
    at,
    ways(`
    in | inside | inside of | under | within | from | of | below | beneath | underneath | be in |
    be there in | do i have in | live in | lie in | locate in | store in | be inside | be there inside |
    i have in | there be in | anywhere in | anywhere under | be there under | be under | in all of |
    have i get in | anywhere inside | sit in | be store in | be locate in | keep in | somewhere in |
    somewhere under | that live in | be in here in | anywhere below | anywhere beneath | somewhere below | below in | that be in | that lie in | which lie in | which be in | that i have in | be keep in | be lie in | across | out of | for | on`),
  )
  if (after === undefined) return found
  for (const folder of readPaths(context, after)) {
    if (folder.value.kind === 'file') continue
    if (folder.value.certainty === 'bare' && !folder.value.noun) continue
    if (
      ['for', 'on', 'of'].includes(context.tokens[after - 1]!.lower) &&
      folder.value.certainty !== 'known' &&
      !folder.value.noun
    )
      continue
    if (folder.value.pronoun !== undefined) {
      if (['there', 'it', 'folder'].includes(folder.value.pronoun))
        found.push({
          to: folder.to,
          value: { query: {}, rootPronoun: folder.value.pronoun, counts: 0 },
          confidence: 0.8,
        })
      continue
    }
    const place = reading(folder.to, { root: folder.value.path! }, 0, folder.confidence)
    const { said } = folder.value
    found.push(said === undefined ? place : { ...place, value: { ...place.value, rootSaid: said } })
  }
  return found
}
