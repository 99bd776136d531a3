// where a service is installed: for whom, with which folders, by which programs of the machine.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import type { Place } from '../place.ts'

export type Scope = 'user' | 'system'

export interface ServiceSite {
  readonly scope: Scope
  /** the project's folder. */
  readonly root: string
  /** LOTUS_HOME of the service. */
  readonly home: string
  /** where `node` lies, for the PATH of the service. */
  readonly nodeFolder: string
  readonly person: { readonly name: string; readonly uid: number; readonly home: string }
  /** whether whoever installs has the privileges of root. */
  readonly isRoot: boolean
  /** whether systemd runs this machine. */
  readonly hasSystemd: boolean
  /** put before every path that is written; a folder in tests, nothing else. */
  readonly below: string
  readonly environment: NodeJS.ProcessEnv
}

/** the user of a service of the machine, and what it keeps where. */
export const serviceUser = 'lotus'
const serviceHome = '/var/lib/lotus'

/** looks at this process and this machine. */
export function findSite(place: Place, scope: Scope): ServiceSite {
  const { username, uid, homedir } = userInfo()
  return {
    scope,
    root: place.root,
    home: scope === 'system' ? serviceHome : place.home,
    nodeFolder: dirname(process.execPath),
    person: { name: username, uid, home: place.environment['HOME'] || homedir },
    isRoot: process.geteuid?.() === 0,
    // what sd_booted(3) looks at
    hasSystemd: existsSync('/run/systemd/system'),
    below: '',
    environment: withRuntimeFolder(place.environment, uid),
  }
}

/** the manager of a person is found through this folder; su and cron don't name it. */
function withRuntimeFolder(environment: NodeJS.ProcessEnv, uid: number): NodeJS.ProcessEnv {
  const folder = `/run/user/${uid}`
  if (environment['XDG_RUNTIME_DIR'] || !existsSync(folder)) return environment
  return { ...environment, XDG_RUNTIME_DIR: folder }
}

/** where the unit is written. */
export function unitPath({ scope, person, environment, below }: ServiceSite): string {
  if (scope === 'system') return join(below, '/etc/systemd/system/lotus.service')
  const configuration = environment['XDG_CONFIG_HOME'] || join(person.home, '.config')
  return join(below, configuration, 'systemd/user/lotus.service')
}

/** whether the machine has the user of the service. */
export function hasServiceUser({ below }: ServiceSite): boolean {
  try {
    return readFileSync(join(below, '/etc/passwd'), 'utf8')
      .split('\n')
      .some((line) => line.startsWith(`${serviceUser}:`))
  } catch {
    // users from elsewhere than the file are left to the program that makes one: it says that there is one
    return false
  }
}

/** whether a program is on the PATH. */
export function hasProgram(name: string, environment: NodeJS.ProcessEnv): boolean {
  return (environment['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return folder !== ''
    } catch {
      return false
    }
  })
}
