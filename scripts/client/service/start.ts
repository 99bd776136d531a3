// starts LOTUS through its service where there is one: started beside it, systemd would know nothing of it.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { clientErrors } from '../errors.ts'
import type { Place } from '../place.ts'
import { findSite, unitPath, type Scope, type ServiceSite } from './site.ts'
import { quote } from './unit-words.ts'

/** a start waits until LOTUS is ready, which TimeoutStartSec of the unit bounds. */
const longestStartMs = 150_000

/** the service whose LOTUS_HOME this is and that whoever asks may start. */
export function findService(
  place: Place,
  siteOf: (scope: Scope) => ServiceSite = (scope) => findSite(place, scope),
): ServiceSite | undefined {
  return (['user', 'system'] as const)
    .map(siteOf)
    .find((site) => site.hasSystemd && (site.scope === 'user' || site.isRoot) && isServiceOf(site, place.home))
}

function isServiceOf(site: ServiceSite, home: string): boolean {
  try {
    const lines = readFileSync(unitPath(site), 'utf8').split('\n')
    return lines.includes(`Environment=${quote(`LOTUS_HOME=${home}`)}`)
  } catch {
    // no unit, which is the usual case; or a home that no unit can name
    return false
  }
}

/** @throws START_FAILED in the words of systemctl */
export function startService({ scope, environment }: ServiceSite): void {
  const words = [...(scope === 'user' ? ['--user'] : []), 'start', 'lotus.service']
  const ended = spawnSync('systemctl', words, {
    env: environment,
    encoding: 'utf8',
    timeout: longestStartMs,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (ended.status === 0) return
  throw clientErrors.START_FAILED({
    detail: `its service: ${ended.stderr?.trim() || ended.error?.message || `exit ${ended.status}`}`,
    fix: `look at \`systemctl ${scope === 'user' ? '--user ' : ''}status lotus\` and \`lotus logs\``,
  })
}
