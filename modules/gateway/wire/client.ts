// what a client says about itself, checked: a wrong time zone would make wrong reminders.
import { z } from 'zod'
import type { ClientContext } from '../../perception/contract.ts'

export const ClientBody = z.strictObject({
  time_zone: z.string().max(100).refine(isTimeZone, 'is not a time zone such as Europe/Berlin').optional(),
  locale: z.string().max(100).refine(isLocale, 'is not a language tag such as en-GB').optional(),
  width: z.number().int().min(10).max(10_000).optional().meta({ description: 'columns of its terminal' }),
})
export type ClientBody = z.output<typeof ClientBody>

// asking costs as much as a route; it can't change while the process runs
let ownTimeZone: string | undefined

/** the client for perception; what it did not say is taken from this machine. */
export function clientContext(channel: ClientContext['channel'], client: ClientBody = {}): ClientContext {
  return {
    channel,
    timeZone: client.time_zone ?? (ownTimeZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone),
    locale: client.locale ?? 'en',
    width: client.width ?? 80,
  }
}

function isTimeZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}
