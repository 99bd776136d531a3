// what LOTUS is told about the person's side: time zone, locale and width of the terminal.
import { existsSync, readFileSync, readlinkSync } from 'node:fs'

/** plain data for the `client` of a goal. */
export interface GoalClient {
  readonly time_zone: string
  readonly locale: string
  readonly width: number
}

const zoneFolder = '/usr/share/zoneinfo'

/** whether a zone has this name; where the machine has no list of them, only names that can't be anything else. */
function isZone(name: string | undefined): name is string {
  if (name === undefined || !/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/.test(name)) return false
  return existsSync(zoneFolder) ? existsSync(`${zoneFolder}/${name}`) : name === 'UTC' || name.includes('/')
}

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

/**
 * the IANA name of the client's time zone. asking `Intl` loads its data, 30 ms, so it comes last: for what is set in
 * another form, and for other systems.
 */
export function findTimeZone(environment: NodeJS.ProcessEnv): string {
  const set = environment['TZ']?.replace(/^:/, '')
  const candidates = set ? [set] : [zoneOfLink(), zoneOfFile()]
  return candidates.find(isZone) ?? new Intl.DateTimeFormat().resolvedOptions().timeZone
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
