// what LOTUS is told about the person's side: time zone, locale and width of the terminal.
import { readFileSync, readlinkSync } from 'node:fs'

/** plain data for the `client` of a goal. */
export interface GoalClient {
  readonly time_zone: string
  readonly locale: string
  readonly width: number
}

const zoneName = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/

function zoneOfLink(): string | undefined {
  try {
    return /zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(readlinkSync('/etc/localtime'))?.[1]
  } catch {
    // a copied file or none at all: the name may be written elsewhere.
    return undefined
  }
}

function zoneOfFile(): string | undefined {
  try {
    return readFileSync('/etc/timezone', 'utf8').trim()
  } catch {
    // only Debian has this file.
    return undefined
  }
}

/** the IANA name of the client's time zone. asking `Intl` loads its data, 30 ms, so it comes last. */
export function findTimeZone(environment: NodeJS.ProcessEnv): string {
  const candidates = [() => environment['TZ']?.replace(/^:/, ''), zoneOfLink, zoneOfFile]
  for (const find of candidates) {
    const name = find()
    if (name !== undefined && zoneName.test(name)) return name
  }
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** the locale of the environment as BCP 47; `C`, `POSIX` and nothing are English. */
export function findLocale(environment: NodeJS.ProcessEnv): string {
  const name = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || ''
  const match = /^([a-z]{2,3})(?:[_-]([A-Z]{2}|\d{3}))?(?:[.@]|$)/.exec(name)
  if (match === null) return 'en-US'
  return match[2] === undefined ? match[1]! : `${match[1]}-${match[2]}`
}

/** what goes with every goal. */
export function describeClient(environment: NodeJS.ProcessEnv, width: number): GoalClient {
  return { time_zone: findTimeZone(environment), locale: findLocale(environment), width }
}
