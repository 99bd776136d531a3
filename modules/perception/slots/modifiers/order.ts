// in which order, how deep, in which state: `by size`, `subfolders included`, `empty`, `executable`.
import { ways } from '../../language/ways.ts'
import type { FileQuery } from '../file-sets.ts'
import { readKindOnly } from '../kind-words.ts'
import { skipArticles, takeAny } from '../slot-parser.ts'
import type { Reading, SlotContext } from '../slot-parser.ts'
import { reading } from './modifier.ts'
import type { Modifier } from './modifier.ts'

export function readOrder(context: SlotContext, at: number): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
  const sorted = takeAny(
    context,
    at,
    ways(`
    sort by | order by | by | in order of | arrange by | rank by | sort on | sort according to |
    sort in order of`),
  )
  if (sorted !== undefined) {
    const keys: readonly (readonly [readonly string[], FileQuery['sort'], FileQuery['order']])[] = [
      [['size', 'file size'], 'size', 'descending'],
      [
        ways(`
          date | modification date | modification time | age | last modify | last change | time | date modify |
          time of change | date of change | last modification`),
        'modified',
        'descending',
      ],
      [['name', 'file name', 'filename', 'alphabet'], 'name', 'ascending'],
    ]
    for (const [words, sort, order] of keys) {
      const to = takeAny(context, skipArticles(context, sorted), words)
      if (to !== undefined) found.push(reading(to, { sort: sort!, order: order! }, 0))
    }
  }
  const orders: readonly (readonly [readonly string[], FileQuery])[] = [
    [
      ways(`
        biggest first | largest first | from largest to smallest | from biggest to smallest |
        largest to smallest | biggest to smallest | from large to small | from big to small |
        with the biggest first | with the largest first | large to small | big to small |
        with biggest on top | with the biggest on top | with the largest on top | heaviest first |
        in descending order of size | start with the biggest | start with the largest`),
      { sort: 'size', order: 'descending' },
    ],
    [
      ways(`
        smallest first | from smallest to largest | from smallest to biggest | smallest to largest |
        smallest to biggest | from small to large | with the smallest first | from small to big |
        in ascending order of size | start with the smallest`),
      { sort: 'size', order: 'ascending' },
    ],
    [
      ways(`
        newest first | most recent first | latest first | from newest to oldest | newest to oldest |
        with the newest first | from new to old | recent first | most recently change first |
        most recently modify first`),
      { sort: 'modified', order: 'descending' },
    ],
    [
      ways(`
        oldest first | from oldest to newest | oldest to newest | with the oldest first | from old to new |
        in chronological order | chronologically`),
      { sort: 'modified', order: 'ascending' },
    ],
    [['alphabetically', 'in alphabetical order', 'a to z', 'from a to z'], { sort: 'name', order: 'ascending' }],
    [['in reverse alphabetical order', 'from z to a', 'z to a'], { sort: 'name', order: 'descending' }],
  ]
  for (const [phrases, query] of orders) {
    const to = takeAny(context, at, phrases)
    if (to !== undefined) found.push(reading(to, query, 0))
  }
  return found
}

export function readDepth(context: SlotContext, at: number): Reading<Modifier>[] {
  const deep = takeAny(
    context,
    at,
    ways(`
    subfolder include | include subfolder | include all subfolder | include the subfolder |
    count subfolder | recursively | and subfolder | and its subfolder | and all subfolder | and below |
    with subfolder | in all subfolder | subdirectory include | include subdirectory |
    include all subdirectory | and subdirectory | and its subdirectory | in total | altogether |
    all together | overall | include those in subfolder | include everything below | also in subfolder |
    and everything below | subfolder too | include its subfolder | in the whole tree |
    count all subfolder | and in its subfolder | include one in subfolder | with all subfolder |
    and in subfolder | at any depth | at every level | at all level | in every subfolder |
    counting subfolder | in any subfolder | and all its subfolder | include nested folder |
    include nested one | and underneath | in this folder and below | include subfolders |
    include the one in subfolder | in all folder | in every folder | in all the folder |
    and the folder below | everywhere | anywhere below here | anywhere below this folder |
    anywhere below this directory | anywhere under this folder | anywhere in the tree | in here and below |
    here and below | here or below | in this directory and below | in this folder or below | deep down | all the way down |
    however deep | no matter how deep | wherever they be | wherever they lie | subfolder and all |
    include everything in subfolder | subfolder as well | and everything underneath | and further down |
    in this folder and its subfolder | in this folder and all its subfolder | in this folder and subfolder |
    in this directory and its subdirectory | here and in the subfolder | here and in all subfolder |
    whole tree | in the entire tree | across all folder | across all subfolder | also below | below it too | counting its subfolder |
    count its subfolder | count those in subfolder | count the subfolder too | count the one in subfolder |
    and in the subfolder | with its subfolder | with the subfolder | subdirectory too | with subdirectory`),
  )
  const flat = takeAny(
    context,
    at,
    ways(`
    not in subfolder | without subfolder | not include subfolder | directly in here | directly here |
    only at top level | at top level | at the top level | no subfolder | exclude subfolder |
    not recursively | directly in this folder | on the top level | only here | only in this folder |
    just in this folder | just here | not in the subfolder | ignore subfolder | not count subfolder |
    but not in subfolder | but not its subfolder | leave out subfolder | nothing deeper | not deeper |
    and nothing deeper | but nothing deeper | nothing below | not below | but not below | without go deeper |
    subfolder not count | subfolder exclude | exclude the subfolder | without the subfolder | not the subfolder |
    but not the subfolder | leave subfolder out | not look in subfolder | not go into subfolder |
    without look in subfolder | not any deeper | no deeper | only one level | only the top level | top level only |
    just the top level | only this folder | this folder only | not the one in subfolder | not those in subfolder |
    but not those in subfolder | but not the one in subfolder | in this folder alone |
    immediately in here | directly in this directory | only in this directory | subfolder do not count |
    subdirectory exclude | without subdirectory | not in subdirectory | no subdirectory | exclude subdirectory |
    not include subdirectory | ignore subdirectory | not count subdirectory | and not in subfolder |
    not include the subfolder | not count the subfolder | and not below | not further down | not in folder below |
    not in any subfolder | not in its subfolder | directly in the current folder`),
  )
  return [
    ...(deep === undefined ? [] : [reading(deep, { recursive: true }, 0)]),
    ...(flat === undefined ? [] : [reading(flat, { recursive: false }, 0)]),
  ]
}

export function readState(context: SlotContext, at: number): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
  const forms: readonly (readonly [readonly string[], FileQuery])[] = [
    [
      ways(`
        empty | be empty | without content | with nothing in them | with no content | with nothing inside |
        of zero byte | of size zero | of size 0 | contain nothing | with zero byte | have no content |
        zero byte long | without any content | 0 byte long | with zero length | hold nothing | of 0 byte |
        with 0 byte | have nothing in them | have nothing in it | with nothing in it | have nothing inside |
        be completely empty | be totally empty | hold nothing at all | contain nothing at all | with nothing at all in them |
        have nothing at all in them | have nothing written in them | that have nothing in them | have nothing inside them |
        have get nothing in them | have get nothing inside | have no text in them | contain no text | hold no content |
        without anything in them | without anything in it | without anything inside | with no text in them | be blank`),
      { empty: true },
    ],
    [
      ways(`
        not empty | be not empty | non-empty | nonempty | have something in them | have something in it |
        have anything in them | with something in them | with something in it | have content | contain something |
        contain anything | hold something | have file in them | with anything in them | with anything in it | have any content |
        hold anything | with content | have something inside | with something inside`),
      { empty: false },
    ],
    [
      ways(`
        executable | be executable | can be execute | i can execute | can be run | i can run |
        mark executable | mark as executable | set executable | have the executable bit set |
        have the executable bit | with the executable bit set | with execute permission`),
      { executable: true },
    ],
    [['hidden', 'be hidden'], { hidden: true, name_starts: '.' }],
    [
      ways(`
        include hidden one | include hidden file | also hidden one | hidden one include |
        hidden file include | even hidden one | hidden one too | and hidden one`),
      { hidden: true },
    ],
  ]
  for (const [phrases, query] of forms) {
    const to = takeAny(context, at, phrases)
    if (to !== undefined) found.push(reading(to, query))
  }
  return found
}

/** `files that are html`. */
export function readKindBehind(context: SlotContext, at: number): Reading<Modifier>[] {
  const kind = readKindOnly(context, at)
  return kind && context.tokens[at - 1]!.lemma === 'be' ? [reading(kind.to, { extensions: [...kind.extensions] })] : []
}
