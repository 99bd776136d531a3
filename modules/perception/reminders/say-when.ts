// says a moment to a person: `today at 23:55 (in 3 h 12 min)`, by the clock and calendar of their zone and locale.

export interface Speaker {
  /** milliseconds since the epoch. */
  readonly now: number
  readonly timeZone: string
  /** BCP 47; an unknown one is spoken to as British. */
  readonly locale: string
}

const dayMs = 86_400_000

/** the locale whose numbers are used; the words around them are English whatever it is. */
function englishOf(locale: string): { locale: string; hour12: boolean } {
  let known = 'en-GB'
  try {
    known = Intl.getCanonicalLocales(locale)[0] ?? known
  } catch {
    // `C` and `POSIX` are locales of the C library and not of BCP 47.
  }
  const hour12 = new Intl.DateTimeFormat(known, { hour: 'numeric' }).resolvedOptions().hour12 === true
  return { locale: known.toLowerCase().startsWith('en-us') ? 'en-US' : 'en-GB', hour12 }
}

/** a moment with its distance: `tomorrow at 09:00 (in 19 h 23 min)`. */
export function sayWhen(moment: number, speaker: Speaker): string {
  return `${sayMoment(moment, speaker)} (${sayDistance(moment - speaker.now)})`
}

/** a moment alone: `today at 23:55`, `on Monday at 10:00`, `on Wednesday, 9 June 2027 at 09:00`. */
export function sayMoment(moment: number, speaker: Speaker): string {
  const english = englishOf(speaker.locale)
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(english.locale, { ...options, timeZone: speaker.timeZone }).format(moment)
  const clock = format(
    english.hour12
      ? { hour: 'numeric', minute: '2-digit', hour12: true }
      : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  ).replace('\u202f', ' ')
  const days = dayNumber(moment, speaker.timeZone) - dayNumber(speaker.now, speaker.timeZone)
  if (days === 0) return `today at ${clock}`
  if (days === 1) return `tomorrow at ${clock}`
  if (days === -1) return `yesterday at ${clock}`
  const sameYear = yearOf(moment, speaker.timeZone) === yearOf(speaker.now, speaker.timeZone)
  const day = format({ weekday: 'long', day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) })
  return `on ${day} at ${clock}`
}

/** a clock of the locale for patterns, where there is no day: `08:30`, `8:30 am`. */
export function sayClock(hour: number, minute: number, locale: string): string {
  const minutes = String(minute).padStart(2, '0')
  if (!englishOf(locale).hour12) return `${String(hour).padStart(2, '0')}:${minutes}`
  return `${hour % 12 === 0 ? 12 : hour % 12}:${minutes} ${hour < 12 ? 'AM' : 'PM'}`
}

/** how far away: `in 3 h 12 min`, `in 5 days`, `now`, `20 min ago`. */
export function sayDistance(ms: number): string {
  const length = sayDuration(Math.abs(ms))
  if (Math.abs(ms) < 1000) return 'now'
  return ms > 0 ? `in ${length}` : `${length} ago`
}

/** a duration in its two largest units: `3 h 12 min`, `45 min`, `2 days 4 h`. */
export function sayDuration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  // from ten minutes on nobody counts seconds.
  if (seconds < 600)
    return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.round(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours < 1) return `${minutes} min`
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  const days = Math.floor(hours / 24)
  const name = days === 1 ? 'day' : 'days'
  return days > 6 || hours % 24 === 0 ? `${days} ${name}` : `${days} ${name} ${hours % 24} h`
}

/** RFC 3339 with the offset of the zone, to the second. */
export function isoInZone(moment: number, timeZone: string): string {
  const parts = partsOf(moment, timeZone)
  const offset = /GMT([+-]\d\d:\d\d)?/.exec(parts['timeZoneName'] ?? '')?.[1] ?? '+00:00'
  return `${parts['year']}-${parts['month']}-${parts['day']}T${parts['hour']}:${parts['minute']}:${parts['second']}${offset}`
}

function partsOf(moment: number, timeZone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
  })
  return Object.fromEntries(format.formatToParts(moment).map((part) => [part.type, part.value]))
}

function dayNumber(moment: number, timeZone: string): number {
  const { year, month, day } = partsOf(moment, timeZone)
  return Math.round(Date.UTC(Number(year), Number(month) - 1, Number(day)) / dayMs)
}

function yearOf(moment: number, timeZone: string): string {
  return partsOf(moment, timeZone)['year'] ?? ''
}
