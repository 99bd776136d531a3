// date and time in the client's time zone and locale.
const dayMs = 86_400_000

export interface ClockQuestion {
  readonly part: string
  readonly offsetDays: number
  readonly offsetMs: number
  readonly timeZone: string
  readonly locale: string
  readonly nowMs: number
  /** another moment than now. */
  readonly atMs?: number | undefined
}

export interface Distance {
  readonly fromMs: number
  readonly toMs: number
  readonly unit: 'days' | 'weeks'
  readonly timeZone: string
  readonly locale: string
  readonly nowMs: number
}

/** how many days of the calendar lie between two moments; those are whole days, whatever the clock says. */
export function tellDistance({ fromMs, toMs, unit, timeZone, locale, nowMs }: Distance): {
  text: string
  days: number
} {
  const dayOf = (ms: number) => Date.parse(new Intl.DateTimeFormat('sv-SE', { timeZone }).format(ms))
  const days = Math.round((dayOf(toMs) - dayOf(fromMs)) / dayMs)
  const count = Math.abs(days)
  const plain = `${count} ${count === 1 ? 'day' : 'days'}`
  const rest = count % 7 === 0 ? '' : ` and ${count % 7} ${count % 7 === 1 ? 'day' : 'days'}`
  const weeks = Math.floor(count / 7)
  const length = unit === 'weeks' ? `${weeks} ${weeks === 1 ? 'week' : 'weeks'}${rest} (${plain})` : plain
  const say = (ms: number) =>
    dayOf(ms) === dayOf(nowMs)
      ? 'today'
      : new Intl.DateTimeFormat(usableLocale(locale), {
          timeZone,
          day: 'numeric',
          month: 'long',
          year: 'numeric',
        }).format(ms)
  return { text: `${length} from ${say(fromMs)} to ${say(toMs)}`, days }
}

/** answers a question about date or time; every date also stands there as year-month-day. */
export function tellTime(question: ClockQuestion): { text: string; iso: string } {
  const { part, timeZone } = question
  const locale = usableLocale(question.locale)
  const at = new Date((question.atMs ?? question.nowMs) + question.offsetDays * dayMs + question.offsetMs)
  const say = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options }).format(at)
  const iso = new Intl.DateTimeFormat('sv-SE', { timeZone }).format(at)
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)
  const date = `${say({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })} (${iso})`
  switch (part) {
    case 'date':
      return { text: date, iso }
    case 'time':
      return { text: `${time} (${timeZone})`, iso: time }
    case 'weekday':
      return { text: say({ weekday: 'long' }), iso }
    case 'year':
      return { text: say({ year: 'numeric' }), iso }
    case 'month':
      return { text: say({ month: 'long', year: 'numeric' }), iso }
    case 'week':
      return { text: `week ${weekOfYear(iso)}`, iso }
    case 'day_of_year':
      return { text: `day ${dayOfYear(iso)}`, iso }
    case 'zone':
      return {
        text: `${timeZone} (${say({ timeZoneName: 'longOffset', year: 'numeric' })
          .split(', ')
          .at(-1)!
          .replace(/^\d+ ?/, '')})`,
        iso,
      }
    default:
      return { text: `${date}, ${time} (${timeZone})`, iso: `${iso}T${time}` }
  }
}

function usableLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en-GB'
  } catch {
    // `C` and `POSIX` are locales of the C library, not of BCP 47.
    return 'en-GB'
  }
}

function dayOfYear(iso: string): number {
  const date = Date.parse(`${iso}T00:00:00Z`)
  return Math.round((date - Date.parse(`${iso.slice(0, 4)}-01-01T00:00:00Z`)) / dayMs) + 1
}

/** ISO 8601: the week that holds the year's first Thursday is week 1. */
function weekOfYear(iso: string): number {
  const date = new Date(`${iso}T00:00:00Z`)
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * dayMs)
  return Math.ceil(dayOfYear(thursday.toISOString().slice(0, 10)) / 7)
}
