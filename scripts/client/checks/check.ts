// what a check of `lotus doctor` is: it looks, changes nothing, and says what to do about what it finds.
import type { Place } from '../place.ts'

export interface Finding {
  /** good: as it should be. warning: works with less. bad: keeps LOTUS from working. */
  readonly status: 'good' | 'warning' | 'bad'
  /** what was looked at: `disk`, `token`. */
  readonly subject: string
  readonly text: string
  /** what to do about it; there unless it is good. */
  readonly fix?: string
}

/** Contract: may throw, which is a finding too; ends within ten seconds. */
export type Check = (place: Place) => Promise<readonly Finding[]>

export function good(subject: string, text: string): Finding {
  return { status: 'good', subject, text }
}

export function warning(subject: string, text: string, fix: string): Finding {
  return { status: 'warning', subject, text, fix }
}

export function bad(subject: string, text: string, fix: string): Finding {
  return { status: 'bad', subject, text, fix }
}
