// LOTUS under systemd: what there is, and the steps from there to installed or gone. the same call twice does nothing new.
import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { serviceErrors } from './errors.ts'
import { hasProgram, hasServiceUser, serviceUser, unitPath, type ServiceSite } from './site.ts'
import type { Step } from './steps.ts'
import { renderUnit } from './unit.ts'

const unit = 'lotus.service'

export interface ServiceState {
  readonly path: string
  /** the unit file as it is; undefined where there is none. */
  readonly text: string | undefined
  /** whether it is what an installation would write now. */
  readonly isCurrent: boolean
  /** words of systemctl: `enabled`, `active` and others; empty where it can't be asked. */
  readonly enabled: string
  readonly active: string
  /** whether a person's manager runs without a login; undefined where it does not matter or can't be asked. */
  readonly lingers: boolean | undefined
}

function systemctl({ scope }: ServiceSite, ...words: readonly string[]): string[] {
  return ['systemctl', ...(scope === 'user' ? ['--user'] : []), ...words]
}

/** the answer of a program, also where it ends with an error, as `is-active` does for what is not. */
function ask([file = '', ...args]: readonly string[], environment: NodeJS.ProcessEnv): string {
  const { stdout } = spawnSync(file, args, { env: environment, encoding: 'utf8', timeout: 10_000 })
  return (stdout ?? '').trim().split('\n', 1)[0] ?? ''
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** looks; changes nothing. @throws SERVICE_PATH_UNFIT */
export function readState(site: ServiceSite): ServiceState {
  const path = unitPath(site)
  const text = readText(path)
  const asks = (...words: string[]): string => (site.hasSystemd ? ask(systemctl(site, ...words), site.environment) : '')
  const linger =
    site.scope === 'user' && site.hasSystemd
      ? ask(['loginctl', 'show-user', site.person.name, '--property=Linger', '--value'], site.environment)
      : ''
  return {
    path,
    text,
    isCurrent: text !== undefined && text === renderUnit(site),
    enabled: asks('is-enabled', unit),
    active: asks('is-active', unit),
    lingers: linger === '' ? undefined : linger === 'yes',
  }
}

/**
 * from what there is to a service that runs and is started again.
 * @param holder - the process of the LOTUS that holds the service's folder, whoever started it
 * @throws SERVICE_UNREADABLE
 */
export function installSteps(site: ServiceSite, state: ServiceState, holder: number | undefined): Step[] {
  const steps: Step[] = []
  if (site.scope === 'system') {
    refuseUnreadable(site)
    steps.push(...userSteps(site))
  }
  if (!state.isCurrent) {
    steps.push({ kind: 'write', path: state.path, text: renderUnit(site) })
    steps.push({ kind: 'run', argv: systemctl(site, 'daemon-reload') })
  }
  const isActive = state.active === 'active' || state.active === 'activating' || state.active === 'reloading'
  if (holder !== undefined && !isActive) steps.push({ kind: 'stop', pid: holder })
  if (state.enabled !== 'enabled') steps.push({ kind: 'run', argv: systemctl(site, 'enable', unit) })
  if (!isActive) steps.push({ kind: 'run', argv: systemctl(site, 'start', unit) })
  else if (!state.isCurrent) steps.push({ kind: 'run', argv: systemctl(site, 'restart', unit) })
  return steps
}

/** from what there is to no service. what LOTUS keeps for people is theirs and stays. */
export function uninstallSteps(site: ServiceSite, state: ServiceState): Step[] {
  if (state.text === undefined) return []
  const users = join(site.below, sysusersPath)
  return [
    { kind: 'run', argv: systemctl(site, 'disable', '--now', unit) },
    { kind: 'remove', path: state.path },
    { kind: 'run', argv: systemctl(site, 'daemon-reload') },
    // a unit that is gone has nothing to forget, which is an error to systemctl
    { kind: 'run', argv: systemctl(site, 'reset-failed', unit), isOptional: true },
    ...(site.scope === 'system' && readText(users) !== undefined ? [{ kind: 'remove' as const, path: users }] : []),
  ]
}

const sysusersPath = '/etc/sysusers.d/lotus.conf'

function userSteps(site: ServiceSite): Step[] {
  if (hasServiceUser(site)) return []
  if (hasProgram('systemd-sysusers', site.environment)) {
    const path = join(site.below, sysusersPath)
    const text = `# the user that LOTUS runs as, sysusers.d(5)\nu ${serviceUser} - "LOTUS" ${site.home} /usr/sbin/nologin\n`
    return [
      { kind: 'write', path, text },
      { kind: 'run', argv: ['systemd-sysusers', path] },
    ]
  }
  const options = [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    site.home,
    '--shell',
    '/usr/sbin/nologin',
  ]
  return [{ kind: 'run', argv: ['useradd', ...options, serviceUser] }]
}

/** the user of the service owns nothing of the project: everybody must be able to read it. */
function refuseUnreadable({ root, nodeFolder }: ServiceSite): void {
  for (const path of [join(root, 'nucleus.ts'), join(nodeFolder, 'node')]) {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      if ((statSync(folder).mode & 0o001) === 0) throw serviceErrors.SERVICE_UNREADABLE({ value: folder })
      if (folder === dirname(folder)) break
    }
    if ((statSync(path).mode & 0o004) === 0) throw serviceErrors.SERVICE_UNREADABLE({ value: path })
  }
}
