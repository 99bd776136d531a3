// the rights that a manifest asks for, beyond its services: what a module's own process may reach of the machine.
import { homedir } from 'node:os'
import { join } from 'node:path'

/** what a permission looks like: `network`, `read:PATH`, `write:PATH`, `process:NAME`; a path begins with `/`, `~` or `LOTUS_HOME`. */
export const permissionPattern = /^(network|process:[a-z][a-z0-9-]{0,39}|(read|write):(LOTUS_HOME|~|\/)[^\0\n]*)$/

export interface Permissions {
  /** may connect and listen; without it there is not even a loopback that others hear. */
  readonly network: boolean
  /** absolute paths. */
  readonly read: readonly string[]
  readonly write: readonly string[]
  /** runs processes that act with the rights of LOTUS' user: no sandbox can be around that. */
  readonly processes: readonly string[]
}

/** @param home - LOTUS_HOME; where there is none, what lies below it is not given */
export function readPermissions(permissions: readonly string[], home: string | undefined): Permissions {
  const paths = (word: string): string[] =>
    permissions.flatMap((one) => {
      const path = one.startsWith(`${word}:`) ? absolute(one.slice(word.length + 1), home) : undefined
      return path === undefined ? [] : [path]
    })
  return {
    network: permissions.includes('network'),
    read: paths('read'),
    write: paths('write'),
    processes: permissions.filter((one) => one.startsWith('process:')).map((one) => one.slice('process:'.length)),
  }
}

function absolute(path: string, home: string | undefined): string | undefined {
  const below = (start: string): string =>
    join(start, path.slice(path.indexOf('/') === -1 ? path.length : path.indexOf('/')))
  if (path.startsWith('~')) return below(homedir())
  if (path.startsWith('LOTUS_HOME')) return home === undefined ? undefined : below(home)
  return join('/', path)
}
