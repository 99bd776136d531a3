// turns a time phrase into an instant or a pattern, in the person's time zone: here are the clock and the calendar.
import type { DateTime } from 'luxon'
import { hourOfPart, type ClockTime, type DayPart } from './when-clock.ts'
import type { DateSpec } from './when-date.ts'
import type { Recurrence } from './when-recurrence.ts'
import type { WhenPhrase } from './when-phrase.ts'

export interface ResolveOptions {
  /** this moment, in the person's time zone. */
  readonly now: DateTime
  /** whether the person's locale reads `8:30` with a 12-hour clock. */
  readonly halfDayClock: boolean
  /** whether `6/9` is June. */
  readonly monthFirst: boolean
}

export interface Resolved {
  readonly at?: string
  readonly in_ms?: number
  readonly cron?: string
}

const nineOClock: ClockTime = { hour: 9, minute: 0, halfDayOpen: false, digital: false }

/** the instant or pattern of a phrase; undefined where there is none, as on the 31st of June. */
export function resolvePhrase(phrase: WhenPhrase, options: ResolveOptions): Resolved | undefined {
  if (phrase.recurrence !== undefined) return resolveRecurrence(phrase, phrase.recurrence, options)
  if (phrase.clocks.length > 1) return undefined
  if (phrase.span !== undefined) {
    if (phrase.span.days === 0 && phrase.span.months === 0) return { in_ms: phrase.span.ms }
    const { days, months, ms } = phrase.span
    return { at: written(options.now.plus({ months, days }).plus({ milliseconds: ms })) }
  }
  const moment = resolveMoment(phrase, options)
  return moment === undefined ? undefined : { at: written(moment) }
}

function written(moment: DateTime): string {
  return moment.startOf('second').toISO({ suppressMilliseconds: true })!
}

function resolveMoment(phrase: WhenPhrase, options: ResolveOptions): DateTime | undefined {
  const { now } = options
  const clock = phrase.clocks[0]
  if (phrase.date === undefined) {
    if (clock !== undefined) return nextClock(clock, phrase, options)
    if (phrase.part === undefined) return undefined
    const today = atClock(now, { ...nineOClock, hour: hourOfPart[phrase.part] })
    return today > now ? today : atClock(now.plus({ days: 1 }), { ...nineOClock, hour: hourOfPart[phrase.part] })
  }
  const isToday = phrase.date.kind === 'offset' && phrase.date.days === 0 && phrase.date.months === 0
  if (isToday && clock === undefined) return laterToday(now, phrase.part)
  if (isToday && clock?.halfDayOpen === true)
    return nextHalf(clock, now, options) ?? atClock(now, settled(clock, options))
  // `in two weeks` without a clock keeps the hour of the day that it is now.
  if (phrase.keepsHour && clock === undefined && phrase.part === undefined)
    return dayOf(phrase.date, options, undefined)
  const time = clock === undefined ? partClock(phrase.part) : settled(clock, options)
  // `friday at midnight` and `friday at 2 at night` are the end of that day for people, the next one for the machine.
  const isMidnight = clock !== undefined && clock.hour === 0 && clock.minute === 0 && !clock.digital
  const isNextDay = isMidnight || (phrase.part === 'night' && clock !== undefined && time.hour < 5)
  const day = dayOf(phrase.date, options, isNextDay ? { ...time, hour: 23, minute: 59 } : time)
  if (day === undefined) return undefined
  return atClock(isNextDay ? day.plus({ days: 1 }) : day, time)
}

function partClock(part: DayPart | undefined): ClockTime {
  return part === undefined ? nineOClock : { ...nineOClock, hour: hourOfPart[part] }
}

/** today without a clock: the part of the day that was named, or the evening, but always ahead of now. */
function laterToday(now: DateTime, part: DayPart | undefined): DateTime {
  const hour = part === undefined ? 18 : part === 'night' ? 20 : hourOfPart[part]
  const moment = atClock(now, { ...nineOClock, hour })
  return moment > now ? moment : now.plus({ hours: 1 }).startOf('minute')
}

/** a clock without a day: its next occurrence; what is past today is tomorrow's. */
function nextClock(clock: ClockTime, phrase: WhenPhrase, options: ResolveOptions): DateTime {
  const { now } = options
  const isOpen = clock.halfDayOpen && (!clock.digital || options.halfDayClock)
  if (isOpen && !phrase.wakes) {
    const half = nextHalf(clock, now, options)
    if (half) return half
  }
  const hour = isOpen && phrase.wakes && clock.hour === 12 ? 0 : clock.hour
  const time = { ...clock, hour }
  const today = atClock(now, time)
  return today > now ? today : atClock(now.plus({ days: 1 }), time)
}

/** the next of the two hours that an open clock may mean, today; `at 12` is noon. */
function nextHalf(clock: ClockTime, now: DateTime, options: ResolveOptions): DateTime | undefined {
  const isOpen = clock.halfDayOpen && (!clock.digital || options.halfDayClock)
  const hours = !isOpen || clock.hour === 12 ? [clock.hour] : [clock.hour, clock.hour + 12]
  return hours.map((hour) => atClock(now, { ...clock, hour })).find((moment) => moment > now)
}

/** with a day, open hours before six are the afternoon's: nobody means to be reminded at three at night. */
function settled(clock: ClockTime, options: ResolveOptions): ClockTime {
  const isOpen = clock.halfDayOpen && (!clock.digital || options.halfDayClock)
  return isOpen && clock.hour < 6 ? { ...clock, hour: clock.hour + 12 } : clock
}

function dayOf(date: DateSpec, options: ResolveOptions, time: ClockTime | undefined): DateTime | undefined {
  const { now } = options
  const isAhead = (day: DateTime) => time === undefined || atClock(day, time) > now
  switch (date.kind) {
    case 'offset':
      return now.plus({ months: date.months, days: date.days })
    case 'weekday': {
      const inWeek = now.plus({ days: date.weekday - now.weekday })
      const coming = isAhead(inWeek) && inWeek >= now ? inWeek : inWeek.plus({ weeks: inWeek <= now ? 1 : 0 })
      const day = date.which === 'next' ? inWeek.plus({ weeks: 1 }) : coming
      return day.plus({ weeks: date.weeks })
    }
    case 'month_end':
      return now.plus({ months: date.months }).endOf('month')
    case 'slashed': {
      const [month, day] = options.monthFirst ? [date.first, date.second] : [date.second, date.first]
      const swap = month > 12 && day <= 12
      const spec = { kind: 'calendar', month: swap ? day : month, day: swap ? month : day } as const
      return calendarDay(date.year === undefined ? spec : { ...spec, year: date.year }, now, isAhead)
    }
    case 'calendar':
      return calendarDay(date, now, isAhead)
  }
}

/** the day itself where the year is named, else the next one that exists and lies ahead. */
function calendarDay(
  date: Extract<DateSpec, { kind: 'calendar' }>,
  now: DateTime,
  isAhead: (day: DateTime) => boolean,
): DateTime | undefined {
  const make = (year: number, month: number) => now.set({ day: 1 }).set({ year, month }).set({ day: date.day })
  const fits = (day: DateTime, month: number) => day.isValid && day.day === date.day && day.month === month
  if (date.year !== undefined) {
    const month = date.month ?? 0
    if (month < 1 || month > 12) return undefined
    const day = make(date.year, month)
    return fits(day, month) ? day : undefined
  }
  if (date.month !== undefined && (date.month < 1 || date.month > 12)) return undefined
  // eight years reach the next 29th of February also across a century's turn.
  const steps = date.month === undefined ? 12 : 9
  for (let step = 0; step < steps; step += 1) {
    const first = now.set({ day: 1 })
    const base = date.month === undefined ? first.plus({ months: step }) : first.plus({ years: step })
    const month = date.month ?? base.month
    const day = make(base.year, month)
    if (fits(day, month) && isAhead(day)) return day
  }
  return undefined
}

/**
 * a wall clock on a day. in the hour that a change to summer time leaves out it is the same distance later; in the one
 * that comes twice it is the first.
 */
function atClock(day: DateTime, { hour, minute }: ClockTime): DateTime {
  const moment = day.set({ hour, minute, second: 0, millisecond: 0 })
  // the offset of some hours before is the one in force at the first of two equal times, whatever the change is.
  const earlier = moment.plus({ minutes: moment.offset - moment.minus({ hours: 6 }).offset })
  return earlier < moment && earlier.hour === hour && earlier.minute === minute ? earlier : moment
}

function resolveRecurrence(phrase: WhenPhrase, recurrence: Recurrence, options: ResolveOptions): Resolved | undefined {
  const clocks =
    phrase.clocks.length > 0 ? phrase.clocks.map((clock) => settled(clock, options)) : [partClock(phrase.part)]
  const minutes = new Set(clocks.map((clock) => clock.minute))
  // one pattern holds several hours of one minute, and no more.
  if (minutes.size > 1) return undefined
  const hours = [...new Set(clocks.map((clock) => clock.hour))].sort((left, right) => left - right)
  const clock = `${clocks[0]!.minute} ${hours.join(',')}`
  switch (recurrence.kind) {
    case 'weekdays': {
      const all = recurrence.weekdays.length === 7
      return { cron: `${clock} * * ${all ? '*' : recurrence.weekdays.map((day) => day % 7).join(',')}` }
    }
    case 'monthly':
      return { cron: `${clock} ${recurrence.day === 'last' ? 'L' : recurrence.day} * *` }
    case 'monthly_weekday':
      return { cron: `${clock} * * ${recurrence.weekday % 7}#${recurrence.nth === 'last' ? 'L' : recurrence.nth}` }
    case 'yearly':
      return { cron: `${clock} ${recurrence.day} ${recurrence.month} *` }
    case 'interval':
      return resolveInterval(recurrence, phrase, hours.length === 1 ? clocks[0] : undefined, options)
  }
}

/**
 * repetition at intervals: a cron pattern where one says it exactly (hours that divide a day), else a repeating
 * interval of ISO 8601, `R/<first>/<period>`, that begins where the person stands.
 */
function resolveInterval(
  { span, weekday }: Extract<Recurrence, { kind: 'interval' }>,
  phrase: WhenPhrase,
  clock: ClockTime | undefined,
  options: ResolveOptions,
): Resolved | undefined {
  const { now } = options
  if (span.ms > 0) {
    if (phrase.clocks.length > 0 || phrase.part !== undefined || span.days > 0 || span.months > 0) return undefined
    const pattern = clockPattern(span.ms, now)
    return { cron: pattern ?? `R/${written(now.plus({ milliseconds: span.ms }))}/PT${seconds(span.ms)}` }
  }
  if (clock === undefined) return undefined
  const period = `P${span.months > 0 ? `${span.months}M` : ''}${span.days > 0 ? `${span.days}D` : ''}`
  if (span.days === 7 && span.months === 0) return { cron: `${clock.minute} ${clock.hour} * * ${now.weekday % 7}` }
  if (span.months === 1 && span.days === 0) {
    return { cron: `${clock.minute} ${clock.hour} ${now.day > 28 ? 'L' : now.day} * *` }
  }
  if (span.months === 12 && span.days === 0) return { cron: `${clock.minute} ${clock.hour} ${now.day} ${now.month} *` }
  const day = weekday === undefined ? now : now.plus({ days: (weekday - now.weekday + 7) % 7 })
  const first = atClock(day, clock)
  // what repeats within a week begins at the next such hour, what is rarer a whole period from now.
  const isShort = weekday === undefined && span.days < 7 && span.months === 0
  const wait = isShort ? { days: 1 } : weekday === undefined ? { days: span.days, months: span.months } : { weeks: 1 }
  const start = first > now ? first : atClock(day.plus(wait), clock)
  return { cron: `R/${written(start)}/${period}` }
}

/** minutes that divide an hour and hours that divide a day, counted from now. */
function clockPattern(ms: number, now: DateTime): string | undefined {
  const minutes = ms / 60_000
  const steps = (start: number, step: number, end: number) =>
    Array.from({ length: end / step }, (_, index) => (start + index * step) % end).sort((left, right) => left - right)
  if (minutes === 1) return '* * * * *'
  if (Number.isInteger(minutes) && minutes < 60 && 60 % minutes === 0)
    return `${steps(now.minute, minutes, 60).join(',')} * * * *`
  const hours = minutes / 60
  if (hours === 1) return `${now.minute} * * * *`
  if (Number.isInteger(hours) && hours < 24 && 24 % hours === 0)
    return `${now.minute} ${steps(now.hour, hours, 24).join(',')} * * *`
  return undefined
}

function seconds(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000}M` : `${ms / 1000}S`
}
