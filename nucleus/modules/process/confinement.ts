// the sandbox around a module's process: bubblewrap, with what the manifest's permissions leave open. where the machine
// has none, that is said and not hidden.
import { execFile } from 'node:child_process'
import { existsSync, lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Permissions } from '../permissions.ts'

export interface Confinement {
  /** what stands before the command, empty where nothing does. */
  readonly command: readonly string[]
  /** what is missing and why; undefined where the process is confined as far as its permissions say. */
  readonly missing?: string
}

export interface ConfinementParts {
  readonly permissions: Permissions
  /** the folder of the project: code that every module may import. */
  readonly root: string
  /** the module's own folder. */
  readonly folder: string
  /** a folder that it may write, for compiled code of its own; must exist. */
  readonly cache?: string
  readonly environment: Readonly<Record<string, string>>
}

const tryMs = 5_000
const namespaces = ['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try']

/** names and certificates, for a process that may use the network. */
const networkFiles = ['/etc/resolv.conf', '/etc/hosts', '/etc/nsswitch.conf', '/etc/ssl', '/etc/ca-certificates']

let tried: Promise<string | undefined> | undefined

/** why bubblewrap can't be used on this machine; tried once a process. */
function problemOfBubblewrap(): Promise<string | undefined> {
  tried ??= new Promise((resolve) => {
    const args = [...namespaces, '--unshare-net', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', 'true']
    execFile('bwrap', args, { timeout: tryMs }, (fault, _stdout, stderr) => {
      if (fault === null) return resolve(undefined)
      if (fault.killed === true) {
        // a busy machine says nothing about bubblewrap: it is used, and tried again the next time
        tried = undefined
        return resolve(undefined)
      }
      if (fault.code === 'ENOENT') return resolve('bubblewrap is not installed')
      resolve(`bubblewrap does not work here: ${stderr.trim().split('\n').at(-1) ?? fault.message}`)
    })
  })
  return tried
}

/** what confines a process, as far as this machine can. never throws. */
export async function confine(parts: ConfinementParts): Promise<Confinement> {
  const { permissions } = parts
  if (permissions.processes.length > 0) {
    // it may start processes that may do everything: a wall around it would keep nothing out
    return { command: endsWithParent(), missing: `runs ${permissions.processes.join(', ')} with the rights of LOTUS` }
  }
  const problem = await problemOfBubblewrap()
  if (problem !== undefined) return { command: endsWithParent(), missing: problem }
  return { command: ['bwrap', ...sandbox(parts), '--'] }
}

/** where nothing is around it, the kernel of the machine ends it at least together with the nucleus. */
function endsWithParent(): readonly string[] {
  return existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'] : []
}

function sandbox({ permissions, root, folder, cache, environment }: ConfinementParts): string[] {
  const read = (path: string): string[] => (existsSync(path) ? ['--ro-bind', path, path] : [])
  const code = ['nucleus', 'modules', 'node_modules', 'package.json'].flatMap((name) => read(join(root, name)))
  return [
    ...namespaces,
    ...(permissions.network ? [] : ['--unshare-net']),
    '--die-with-parent',
    '--new-session',
    '--cap-drop',
    'ALL',
    '--clearenv',
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
    // the machine's own programs and libraries, to read
    ...read('/usr'),
    ...['/bin', '/sbin', '/lib', '/lib64'].flatMap(systemFolder),
    ...['/etc/ld.so.cache', '/etc/localtime'].flatMap(read),
    ...(permissions.network ? networkFiles.flatMap(read) : []),
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--size',
    String(64 * 1024 * 1024),
    '--tmpfs',
    '/tmp',
    ...read(dirname(process.execPath)),
    ...code,
    ...contractsBeside(folder).flatMap(read),
    ...read(folder),
    ...permissions.read.flatMap(read),
    ...permissions.write.flatMap((path) => (existsSync(path) ? ['--bind', path, path] : [])),
    ...(cache === undefined ? [] : ['--bind', cache, cache]),
    '--chdir',
    '/',
  ]
}

/** of the modules that lie beside it, it may import the contracts, and nothing else of them is there. */
function contractsBeside(folder: string): string[] {
  const beside = dirname(folder)
  return readdirSync(beside).map((name) => join(beside, name, 'contract.ts'))
}

/** on most machines these lead into /usr. */
function systemFolder(path: string): string[] {
  const kind = lstatSync(path, { throwIfNoEntry: false })
  if (kind === undefined) return []
  return kind.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path]
}
