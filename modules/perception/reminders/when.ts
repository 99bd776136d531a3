// understands when something is meant to happen: words of a goal in, an instant, a distance or a pattern out.
import { perceptionReminderErrors } from './errors.ts'
import { findWhen } from './when-phrase.ts'

/** when, in one of three ways; exactly one of `at`, `in_ms` and `cron` is there. */
export interface When {
  /** RFC 3339 with the offset of the person's time zone, to the second. */
  readonly at?: string
  /** milliseconds from now: for what passes on a clock (`in 45 minutes`), whatever the calendar does. */
  readonly in_ms?: number
  /**
   * a cron pattern of five fields in the person's time zone (`30 8 * * 1,4`), or a repeating interval of ISO 8601
   * (`R/2026-11-23T10:00:00+01:00/P14D`) for what no pattern says: every other week, every 5 hours.
   */
  readonly cron?: string
  /** the text without the words that said when, tidied. */
  readonly rest: string
  /** offsets of the words that said when: the first run of them. */
  readonly span: { readonly from: number; readonly to: number }
  /** all runs; two for `tomorrow remind me to phone the vet at 9`. */
  readonly spans: readonly { readonly from: number; readonly to: number }[]
}

export interface WhenOptions {
  readonly now: Date
  /** IANA name. */
  readonly timeZone: string
  /** BCP 47: decides what `6/9` and `8:30` mean. */
  readonly locale: string
}

/**
 * reads when a goal is meant for. undefined where the text says no time, or says it in a way that could not be kept
 * exactly (`every day until june`, `in a while`): whoever asked must then say it otherwise.
 *
 * luxon is loaded at the first text that has a time in it, so that a boot does not pay for it.
 * @throws TIME_ZONE_UNKNOWN
 */
export async function parseWhen(text: string, options: WhenOptions): Promise<When | undefined> {
  const phrase = findWhen(text)
  if (phrase === undefined) return undefined
  const [{ DateTime }, { resolvePhrase }] = await Promise.all([import('luxon'), import('./when-resolve.ts')])
  const now = DateTime.fromJSDate(options.now, { zone: options.timeZone })
  if (!now.isValid) throw perceptionReminderErrors.TIME_ZONE_UNKNOWN({ value: options.timeZone })
  const resolved = resolvePhrase(phrase, { now, ...readLocale(options.locale) })
  if (resolved === undefined) return undefined
  return { ...resolved, rest: withoutSpans(text, phrase.spans), span: phrase.spans[0]!, spans: phrase.spans }
}

/** what a locale settles about clocks and dates in digits; an unknown one is read as British. */
function readLocale(locale: string): { halfDayClock: boolean; monthFirst: boolean } {
  let known = 'en-GB'
  try {
    known = Intl.getCanonicalLocales(locale)[0] ?? known
  } catch {
    // `C` and `POSIX` are locales of the C library and not of BCP 47.
  }
  const format = new Intl.DateTimeFormat(known, { hour: 'numeric', month: 'numeric', day: 'numeric' })
  const order = format.formatToParts(new Date(0)).filter((part) => part.type === 'month' || part.type === 'day')
  const isEnglish = known.toLowerCase().startsWith('en')
  return {
    halfDayClock: format.resolvedOptions().hour12 === true,
    // `6/9` in an English goal is American where the locale is; other tongues with the month first write it with dashes.
    monthFirst: isEnglish && order[0]?.type === 'month',
  }
}

/** the text that is left when the words of time are taken out. */
function withoutSpans(text: string, spans: When['spans']): string {
  let rest = ''
  let at = 0
  for (const span of spans) {
    rest += text.slice(at, span.from)
    at = span.to
  }
  rest += text.slice(at)
  return rest
    .replace(/\s+/g, ' ')
    .replace(/\s+([,.!?;:])/g, '$1')
    .replace(/^[\s,;:.–-]+|[\s,;:–-]+$/g, '')
    .replace(/,\s*,/g, ',')
}
