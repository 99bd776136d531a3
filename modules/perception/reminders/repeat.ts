// when something that repeats is due next, and how its pattern is said in words.
import { perceptionReminderErrors } from './errors.ts'

interface RepeatingInterval {
  readonly start: string
  readonly ms: number
  readonly days: number
  readonly months: number
}

/** `R/<first>/P14D`, `R/<first>/PT90M`: the part of ISO 8601's repeating intervals that {@link parseWhen} writes. */
function readInterval(pattern: string): RepeatingInterval | undefined {
  const match = /^R\/([^/]+)\/P(?:(\d{1,5})M)?(?:(\d{1,6})D)?(?:T(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?$/.exec(pattern)
  if (match === null || Number.isNaN(Date.parse(match[1]!)) || !/(?:Z|[+-]\d\d:\d\d)$/.test(match[1]!)) return undefined
  const [months = 0, days = 0, minutes = 0, seconds = 0] = match.slice(2).map((part) => Number(part ?? 0))
  const ms = minutes * 60_000 + seconds * 1000
  const isEmpty = ms + days + months === 0
  // hours on top of days have no meaning that survives a change of the clock.
  return isEmpty || (ms > 0 && days + months > 0) ? undefined : { start: match[1]!, ms, days, months }
}

/**
 * checks a pattern before it is kept.
 * @throws REMINDER_TIME_INVALID, REMINDER_TOO_OFTEN
 */
export async function checkPattern(pattern: string, timeZone: string): Promise<void> {
  if (pattern.startsWith('R/')) {
    const interval = readInterval(pattern)
    if (interval === undefined) throw perceptionReminderErrors.REMINDER_TIME_INVALID({ value: pattern })
    if (interval.days + interval.months === 0 && interval.ms < 60_000) {
      throw perceptionReminderErrors.REMINDER_TOO_OFTEN({ value: pattern })
    }
    return
  }
  // a sixth field would be seconds.
  if (pattern.trim().split(/\s+/).length !== 5) throw perceptionReminderErrors.REMINDER_TIME_INVALID({ value: pattern })
  const next = await nextOccurrence(pattern, timeZone, Date.now())
  if (next === undefined)
    throw perceptionReminderErrors.REMINDER_TIME_INVALID({ value: pattern, detail: 'it is never due' })
}

/**
 * the first time after a moment at which a pattern is due; undefined when it never is again. cron patterns are read by
 * Croner in the zone: a time that the spring leaves out is due at the end of the gap, one that autumn repeats once.
 * @throws REMINDER_TIME_INVALID
 */
export async function nextOccurrence(pattern: string, timeZone: string, afterMs: number): Promise<number | undefined> {
  const interval = readInterval(pattern)
  if (interval !== undefined) return await nextOfInterval(interval, timeZone, afterMs)
  const { Cron } = await import('croner')
  try {
    const next = new Cron(pattern, { timezone: timeZone, paused: true }).nextRun(new Date(afterMs))
    return next === null ? undefined : next.getTime()
  } catch (cause) {
    throw perceptionReminderErrors.REMINDER_TIME_INVALID({ value: pattern, cause })
  }
}

async function nextOfInterval(interval: RepeatingInterval, timeZone: string, afterMs: number): Promise<number> {
  const startMs = Date.parse(interval.start)
  if (startMs > afterMs) return startMs
  if (interval.ms > 0) return startMs + (Math.floor((afterMs - startMs) / interval.ms) + 1) * interval.ms
  const { DateTime } = await import('luxon')
  const start = DateTime.fromMillis(startMs, { zone: timeZone })
  const { days, months } = interval
  // counted from the first time and not from the last, so that the 31st does not become the 28th for ever.
  let count = Math.max(0, Math.floor((afterMs - startMs) / (days * 86_400_000 + months * 31 * 86_400_000)) - 1)
  for (;;) {
    const next = start.plus({ days: days * count, months: months * count }).toMillis()
    if (next > afterMs) return next
    count += 1
  }
}

const weekdayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
const monthNames = [
  '',
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

/** a pattern in words: `every Monday and Thursday at 08:30`; one of another hand is shown as it is. */
export function sayPattern(pattern: string, sayClock: (hour: number, minute: number) => string): string {
  const interval = readInterval(pattern)
  if (interval !== undefined) return sayInterval(interval)
  const [minutes = '', hours = '', day = '', month = '', weekday = ''] = pattern.trim().split(/\s+/)
  const other = `by the pattern ${pattern}`
  if (hours === '*') return day + month + weekday === '***' ? saySteps(minutes, 60, 'minute', 'every hour') : other
  const clocks = hours
    .split(',')
    .map((hour) => (/^\d+$/.test(hour + minutes) ? sayClock(Number(hour), Number(minutes)) : ''))
  if (clocks.includes('')) return other
  if (clocks.length > 2 && day + month + weekday === '***') return saySteps(hours, 24, 'hour', other)
  const at = ` at ${joinWords(clocks)}`
  const days = sayDays(day, month, weekday)
  return days === undefined ? other : `${days}${at}`
}

function sayDays(day: string, month: string, weekday: string): string | undefined {
  if (month === '*' && day === '*') {
    if (weekday === '*') return 'every day'
    if (weekday === '1,2,3,4,5') return 'every weekday'
    const nth = /^(\d)#(\d|L)$/.exec(weekday)
    if (nth)
      return `every ${nth[2] === 'L' ? 'last' : rank(Number(nth[2]))} ${weekdayNames[Number(nth[1])]} of the month`
    const names = weekday.split(',').map((one) => (/^[0-7]$/.test(one) ? weekdayNames[Number(one)]! : ''))
    return names.includes('') ? undefined : `every ${joinWords(names)}`
  }
  if (weekday !== '*') return undefined
  if (month === '*' && day === 'L') return 'on the last day of every month'
  if (!/^\d+$/.test(day)) return undefined
  if (month === '*') return `on the ${rank(Number(day))} of every month`
  return /^\d+$/.test(month) ? `every year on ${Number(day)} ${monthNames[Number(month)] ?? month}` : undefined
}

/** `7,22,37,52` as `every 15 minutes`. */
function saySteps(list: string, round: number, unit: string, otherwise: string): string {
  if (list === '*') return `every ${unit}`
  const count = list.split(',').length
  return count === 1 ? otherwise : `every ${round / count} ${unit}s`
}

function sayInterval({ ms, days, months }: RepeatingInterval): string {
  if (ms > 0) return `every ${ms % 3_600_000 === 0 ? `${ms / 3_600_000} hours` : `${Math.round(ms / 60_000)} minutes`}`
  if (months > 0) return months % 12 === 0 ? `every ${months / 12} years` : `every ${months} months`
  return days % 7 === 0 ? `every ${days / 7} weeks` : `every ${days} days`
}

function rank(value: number): string {
  const teen = value % 100 > 10 && value % 100 < 14
  return `${value}${(teen ? undefined : ['th', 'st', 'nd', 'rd'][value % 10]) ?? 'th'}`
}

function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
