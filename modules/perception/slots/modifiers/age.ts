// how old files are: `modified in the last week`, `older than 30 days`, `not touched for a year`.
import { ways } from '../../language/ways.ts'
import { durationUnit, parseCount, parseDuration } from '../quantities.ts'
import { take, takeAny } from '../slot-parser.ts'
import type { FileQuery } from '../file-sets.ts'
import type { Reading, SlotContext } from '../slot-parser.ts'
import { reading } from './modifier.ts'
import type { Modifier } from './modifier.ts'
import { days, readCalendar } from './calendar.ts'

const changed = ways(`
  modify | change | edit | update | touch | alter | write | save | create | make | add | last modify |
  last change | last edit | last update | last touch | be modify | be change | be edit | be update |
  be touch | be create | get change | get modify | get update | get edit | have be modify |
  have be change | have be edit | have be update | be last modify | be last change | have change |
  have modify | i change | i edit | i modify | i have change | i have edit | i have modify |
  do i change | do i edit | do i modify | have i change | have i edit | i touch | i update |
  have be touch | work on | i work on | i save | i create | do i touch | date | stem | come |
  do i create | do i make | be add | be make | be work on | be save | be write | i write`)

export function readAge(context: SlotContext, at: number, query: FileQuery): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = [...readOtherBound(context, at, query)]
  const verb = takeAny(context, at, changed)
  for (const start of verb === undefined ? [at] : [verb, at]) {
    const has = start === verb
    const within = takeAny(
      context,
      start,
      ways(`
      in the last | in the past | in last | in past | within the last | within the past | during the last |
      during the past | over the last | over the past | from the last | from the past | within | from last |
      of the last | of the past | for the last | in these last | these last | in this last |
      in the previous | the last | the past | throughout the last | not more than | at most | less than |
      no more than | since the last | under | last | past`),
    )
    if (within !== undefined) {
      const duration = parseDuration(context, within) ?? bareUnit(context, within)
      if (duration) {
        const ago = takeAny(context, duration.to, ['ago', 'back'])
        const old = take(context, duration.to, 'old')
        const word = context.tokens[start]!.lower
        const needsOld = ways(`less | not | at | no | under`).includes(word)
        if (!needsOld || ago !== undefined || old !== undefined)
          found.push(
            reading(ago ?? old ?? duration.to, { modified_within_ms: duration.value }, 1, has || needsOld ? 1 : 0.9),
          )
      }
    }
    found.push(...readCalendar(context, start, has))
    const before = takeAny(
      context,
      start,
      ways(`more than | over | at least | earlier than | longer than | before | longest than`),
    )
    if (before !== undefined) {
      const duration = parseDuration(context, before)
      const ago =
        duration && takeAny(context, duration.to, ways(`ago | back | old | ago or more | in the past | of age`))
      if (duration && ago !== undefined) found.push(reading(ago, { older_than_ms: duration.value }))
    }
  }
  const younger = takeAny(
    context,
    at,
    ways(`
    newer than | younger than | more recent than | not older than | no older than | fresher than |
    at most | later than | newer then | younger then`),
  )
  if (younger !== undefined) {
    const duration = parseDuration(context, younger)
    const old = duration && takeAny(context, duration.to, ['old', 'of age'])
    if (duration && (context.tokens[at]!.lower !== 'at' || old !== undefined))
      found.push(reading(old ?? duration.to, { modified_within_ms: duration.value }))
  }
  const older = takeAny(
    context,
    at,
    ways(`older than | not newer than | past | older then | age over | not younger than`),
  )
  if (older !== undefined) {
    const duration = parseDuration(context, older)
    if (duration && context.tokens[at]!.lower !== 'past')
      found.push(reading(take(context, duration.to, 'old') ?? duration.to, { older_than_ms: duration.value }))
  }
  const untouched = takeAny(
    context,
    at,
    ways(`
    not modify for | not change for | not touch for | not edit for | not update for | not be modify for |
    not be change for | not be touch for | not be edit for | not be update for | not be modify in |
    not be change in | not be touch in | not be edit in | not be update in | not modify in |
    not change in | not touch in | not edit in | not update in | have not be modify in |
    have not be modify for | have not be touch in | have not be touch for | have not be change in |
    have not be change for | have not be edit in | have not be edit for | have not change in |
    have not change for | have not be update for | have not be update in | untouch for | untouch in |
    unchanged for | unchanged in | unmodified for | unmodified in | i have not touch in |
    i have not touch for | i have not change in | i have not change for | i have not edit in |
    i have not edit for | untouched for | untouched in | nobody have touch for | nobody have touch in |
    i have not open for | no one have touch for | not be modify within | i do not touch for |
    i do not touch in | have not see a change in | have not see a change for`),
  )
  if (untouched !== undefined) {
    const inner =
      takeAny(
        context,
        untouched,
        ways(`the last | the past | last | past | at least | more than | over | longer than`),
      ) ?? untouched
    const duration = parseDuration(context, inner) ?? bareUnit(context, inner)
    if (duration)
      found.push(
        reading(takeAny(context, duration.to, ['or more', 'or longer', 'now']) ?? duration.to, {
          older_than_ms: duration.value,
        }),
      )
  }
  const exact = parseDuration(context, at)
  if (exact) {
    const orOlder = takeAny(
      context,
      exact.to,
      ways(`old or older | old or more | or older | and older | old and more | or more old | or more`),
    )
    if (orOlder !== undefined && context.tokens[orOlder - 1]!.lower === 'older')
      found.push(reading(orOlder, { older_than_ms: exact.value }))
    else if (orOlder !== undefined && take(context, exact.to, 'old or more') !== undefined)
      found.push(reading(orOlder, { older_than_ms: exact.value }))
  }
  found.push(...readAgeRange(context, at))
  return found
}

function bareUnit(context: SlotContext, at: number): { to: number; value: number } | undefined {
  const value = durationUnit(context.tokens[at]?.lemma ?? '')
  return value === undefined ? undefined : { to: at + 1, value }
}

/**
 * the second bound of an age: `more than 5 days old but less than 20`, `in the last week but not in the last day`. only
 * behind a first one, whose unit a bare number borrows.
 */
function readOtherBound(context: SlotContext, at: number, query: FileQuery): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
  const bounded = (start: number | undefined, make: (ms: number) => FileQuery) => {
    if (start === undefined) return
    const duration = parseDuration(context, start) ?? borrowedUnit(context, start)
    if (duration)
      found.push(
        reading(takeAny(context, duration.to, ['old', 'ago', 'of age', 'back']) ?? duration.to, make(duration.value)),
      )
  }
  if (query.older_than_ms !== undefined && query.modified_within_ms === undefined)
    bounded(
      takeAny(
        context,
        at,
        ways(`
        less than | younger than | newer than | not older than | no older than | at most | under | not more than |
        no more than | up to | fewer than | below | more recent than`),
      ),
      (ms) => ({ modified_within_ms: ms }),
    )
  if (query.modified_within_ms !== undefined && query.older_than_ms === undefined) {
    bounded(
      takeAny(context, at, ways(`more than | older than | at least | over | not newer than | not younger than`)),
      (ms) => ({
        older_than_ms: ms,
      }),
    )
    bounded(
      takeAny(
        context,
        at,
        ways(`
        not in the last | not in the past | not within the last | not within the past | not in last | not in past |
        not during the last | not modify in the last | not change in the last | not over the last |
        not touch in the last | not edit in the last | not in these last | except in the last | not within`),
      ),
      (ms) => ({ older_than_ms: ms }),
    )
  }
  return found
}

/** a number without a unit behind a length of time takes that one's. */
function borrowedUnit(context: SlotContext, at: number): { to: number; value: number } | undefined {
  const token = context.tokens[at]
  const count = parseCount(context, at)
  if (token === undefined || count === undefined || durationUnit(context.tokens[count.to]?.lemma ?? '') !== undefined)
    return undefined
  for (let back = at - 1; back >= 0; back -= 1) {
    const unit = durationUnit(context.tokens[back]!.lemma)
    if (unit !== undefined) return { to: count.to, value: count.value * unit }
  }
  return undefined
}

function readAgeRange(context: SlotContext, at: number): Reading<Modifier>[] {
  const between = takeAny(context, at, ways(`between | from | age between | modify between | change between`))
  if (between === undefined) return []
  const first = context.tokens[between]
  const low =
    parseDuration(context, between) ??
    (first?.kind === 'number' ? { to: between + 1, value: Number(first.value), unitless: true } : undefined)
  const and = low && takeAny(context, low.to, ['and', 'to'])
  const high = and === undefined ? undefined : parseDuration(context, and)
  const old = high && takeAny(context, high.to, ['old', 'ago', 'of age'])
  if (!low || !high || old === undefined) return []
  const unit = durationUnit(context.tokens[high.to - 1]!.lemma) ?? days
  return [
    reading(old, { older_than_ms: 'unitless' in low ? low.value * unit : low.value, modified_within_ms: high.value }),
  ]
}
