// cuts a goal into clauses: `zip letters into post.zip and then delete the folder` is two. what is a cut and what is
// part of a name or a list cannot be told from words alone, so several segmentations are offered, likely ones first.
import { ways } from './ways.ts'
import { takeAny } from '../slots/slot-parser.ts'
import type { SlotContext, WordToken } from '../slots/slot-parser.ts'

/** the tokens of one clause. */
export interface Segment {
  readonly tokens: readonly WordToken[]
}

const strongConnectors = ways(`
  and then | , and then | , then | ; then | and after that | , after that | ; after that |
  and afterwards | , afterwards | after that | and subsequently | . then | . after that | . afterwards |
  , and after that | , and afterwards | ; and then | then | . and then | and next | , next | . next |
  and finally | , and finally | , finally | . finally | followed by | after which | , after which |
  once that be do | , and once that be do | and when that be do | . now | and lastly | . also |
  and once do | . once do | and then also | once do | when do | follow by | ;`)
const weakConnectors = ways(`, and | and | , | , and also | and also | but | , but | . | ! | plus | as well as`)

const maximumCuts = 3

/** words that go on with what was said: behind a weak connector they begin no clause (`anywhere but in letters`). */
const goesOn = new Set(
  'in on at of for from with within inside under outside not only except neither nor than about'.split(' '),
)

interface Cut {
  /** the first token of the connector. */
  readonly at: number
  /** the first token after it. */
  readonly to: number
  readonly strong: boolean
}

function findCuts(context: SlotContext): Cut[] {
  const cuts: Cut[] = []
  let index = 1
  while (index < context.tokens.length - 1) {
    const strong = takeAny(context, index, strongConnectors)
    if (strong !== undefined && strong < context.tokens.length) {
      cuts.push({ at: index, to: strong, strong: true })
      index = strong
      continue
    }
    const weak = takeAny(context, index, weakConnectors)
    if (weak !== undefined && weak < context.tokens.length && !goesOn.has(context.tokens[weak]!.lower)) {
      cuts.push({ at: index, to: weak, strong: false })
      index = weak
      continue
    }
    index += 1
  }
  return cuts
}

/** segmentations by preference: all strong cuts, the whole, then weak cuts one by one and together. */
export function segment(context: SlotContext): Segment[][] {
  const cuts = findCuts(context)
  const strong = cuts.filter((cut) => cut.strong)
  const weak = cuts.filter((cut) => !cut.strong).slice(0, 5)
  const results: Segment[][] = []
  const seen = new Set<string>()
  const add = (chosen: readonly Cut[]) => {
    if (chosen.length > maximumCuts) return
    const key = chosen.map((cut) => cut.at).join(',')
    if (seen.has(key)) return
    seen.add(key)
    results.push(
      cutAt(
        context.tokens,
        [...chosen].sort((left, right) => left.at - right.at),
      ),
    )
  }
  if (strong.length > 0) add(strong)
  add([])
  for (const cut of weak) add([...strong, cut])
  for (const cut of weak) add([cut])
  for (const [index, cut] of weak.entries()) for (const other of weak.slice(index + 1)) add([...strong, cut, other])
  if (strong.length > 1) for (const cut of strong) add([cut])
  return results.slice(0, 10)
}

const verbs = ways(`
  show me | show | count | how many | list | delete | remove | copy | move | print | display | read |
  find | create | make | tell me | what be | give me | cat | open | which`)

/** the segment with the verb of an earlier one before it: `count the lines in a and the words in b`. */
export function borrowVerb(context: SlotContext, segment: Segment, from: Segment): Segment | undefined {
  const to = takeAny({ ...context, tokens: from.tokens }, 0, verbs)
  const own = takeAny({ ...context, tokens: segment.tokens }, 0, verbs)
  return to === undefined || own !== undefined
    ? undefined
    : { tokens: [...from.tokens.slice(0, to), ...segment.tokens] }
}

/**
 * the segment with all that stands before the one path of an earlier segment: `show the first line of a and b`. only where
 * it is nothing but a path, and the earlier one ends in its only path.
 * @param pathsAt - the ends of the paths that begin at a place
 */
export function borrowBeginning(
  segment: Segment,
  from: Segment,
  pathsAt: (tokens: readonly WordToken[], at: number) => readonly number[],
): Segment | undefined {
  const words = segment.tokens.slice(0, segment.tokens.findLastIndex(({ kind }) => kind !== 'mark') + 1)
  if (!pathsAt(words, 0).includes(words.length)) return undefined
  const { tokens } = from
  const at = tokens.findIndex((_, index) => pathsAt(tokens, index).includes(tokens.length))
  if (at < 1 || tokens.slice(0, at).some((_, index) => pathsAt(tokens, index).some((to) => to <= at))) return undefined
  return { tokens: [...tokens.slice(0, at), ...segment.tokens] }
}

function cutAt(tokens: readonly WordToken[], cuts: readonly Cut[]): Segment[] {
  const segments: Segment[] = []
  let from = 0
  for (const cut of [...cuts, { at: tokens.length, to: tokens.length, strong: true }]) {
    const own = tokens.slice(from, cut.at)
    if (own.length > 0) segments.push({ tokens: own })
    from = cut.to
  }
  return segments
}
