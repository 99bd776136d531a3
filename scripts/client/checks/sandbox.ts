// the layers that a confined command needs, each by trying it: facts about the machine, with what would change them.
import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { good, note, warning } from './check.ts'
import type { Check, Finding, Fix } from './check.ts'

const trialMs = 5_000

export const checkSandbox: Check = async () => [
  ...(await Promise.all([checkNamespaces(), checkBubblewrap()])),
  checkSeccomp(),
  ...(await checkKernelCalls()),
  checkCgroups(),
]

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    // a file that this kernel does not have says as much as an empty one.
    return ''
  }
}

/** why a program did not do it; undefined where it did. */
async function tryOut(file: string, args: readonly string[]): Promise<string | undefined> {
  return await new Promise((resolve) => {
    execFile(file, args, { timeout: trialMs }, (fault, _stdout, stderr) => {
      if (fault === null) return resolve(undefined)
      const said = stderr.trim().split('\n').at(-1) ?? ''
      resolve(fault.code === 'ENOENT' ? `${file} is not installed` : said || fault.message.split('\n', 1)[0]!)
    })
  })
}

/** the switch that forbids namespaces to ordinary users, and how it is turned. */
function forbiddenBy(): Fix | undefined {
  const switches = [
    ['kernel.unprivileged_userns_clone', '/proc/sys/kernel/unprivileged_userns_clone', '0', '1'],
    ['user.max_user_namespaces', '/proc/sys/user/max_user_namespaces', '0', '10000'],
    [
      'kernel.apparmor_restrict_unprivileged_userns',
      '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
      '1',
      '0',
    ],
  ] as const
  const found = switches.find(([, path, forbids]) => readText(path) === forbids)
  if (found === undefined) return undefined
  const command = `sudo sysctl -w ${found[0]}=${found[3]}`
  return { fix: `\`${command}\` allows them; a file below /etc/sysctl.d keeps it so`, command }
}

async function checkNamespaces(): Promise<Finding> {
  const id = 'sandbox.namespaces'
  if (!existsSync('/proc/self/ns/user'))
    return note(id, 'this kernel has no user namespaces', 'use a kernel with CONFIG_USER_NS')
  const fault = await tryOut('unshare', ['--user', '--map-current-user', 'true'])
  if (fault === undefined) return good(id, 'a user namespace can be made')
  const fix =
    forbiddenBy() ?? 'inside of a container its runtime decides: allow clone and unshare with CLONE_NEWUSER there'
  return note(id, `no user namespace can be made: ${fault}`, fix)
}

async function checkBubblewrap(): Promise<Finding> {
  const id = 'sandbox.bubblewrap'
  const path = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap'].find((one) => existsSync(one))
  if (path === undefined) {
    const command = 'sudo apt-get install -y bubblewrap'
    return note(id, 'not installed', { fix: `\`${command}\`, or what your system has instead of apt-get`, command })
  }
  const fault = await tryOut(path, [
    '--unshare-all',
    '--die-with-parent',
    '--ro-bind',
    '/',
    '/',
    '--dev',
    '/dev',
    '--proc',
    '/proc',
    'true',
  ])
  if (fault === undefined) return good(id, `${path} works`)
  return note(
    id,
    `${path} is there and does not work: ${fault}`,
    forbiddenBy() ?? 'see what it says: a container may forbid it',
  )
}

function checkSeccomp(): Finding {
  const id = 'sandbox.seccomp'
  const actions = readText('/proc/sys/kernel/seccomp/actions_avail').split(/\s+/)
  if (actions.includes('errno') && actions.includes('kill_process')) return good(id, 'filters can be set')
  return note(id, 'this kernel does not say that filters can be set', 'use a kernel with CONFIG_SECCOMP_FILTER')
}

/** what only the kernel itself can answer; asked through koffi. */
async function checkKernelCalls(): Promise<Finding[]> {
  if (process.platform !== 'linux')
    return [note('sandbox.landlock', 'this is no Linux', 'commands are confined on Linux only')]
  try {
    const { canOpenSafely } = await import('../../../modules/operator/osd/files/safe-folder.ts')
    const { landlockVersion } = await import('../../../modules/operator/osd/native/landlock.ts')
    return [judgeLandlock(landlockVersion()), judgeOpenat2(canOpenSafely())]
  } catch (fault) {
    // a library that can't be loaded is a finding, and the rest still counts
    const reason = (fault as Error).message.split('\n', 1)[0]!
    return [
      warning(
        'sandbox.openat2',
        `the system calls cannot be asked for: ${reason}`,
        'run ./start_lotus.sh, which installs what is missing',
      ),
    ]
  }
}

export function judgeLandlock(version: number): Finding {
  const id = 'sandbox.landlock'
  if (version > 0) return good(id, `Landlock, version ${version} of its interface`)
  const fix = 'use a kernel from 5.13 on with CONFIG_SECURITY_LANDLOCK, and `landlock` in its list `lsm=`'
  return note(id, version === -95 ? 'the kernel has Landlock and does not use it' : 'this kernel has no Landlock', fix)
}

export function judgeOpenat2(works: boolean): Finding {
  const id = 'sandbox.openat2'
  if (works) return good(id, 'openat2 works: paths are opened beneath their folder')
  return warning(
    id,
    'openat2 does not work: goals can work with no file',
    'use a kernel from 5.6 on; a container runtime may forbid the call',
  )
}

interface Group {
  readonly folder: string
  readonly controllers: readonly string[]
}

const wanted = ['memory', 'pids', 'cpu']

function checkCgroups(): Finding {
  const id = 'sandbox.cgroups'
  const delegate = {
    fix: 'start LOTUS as a service, with Delegate=yes: `lotus service install`',
    command: 'lotus service install',
  }
  const second = ownGroup('/sys/fs/cgroup')
  if (second !== undefined) {
    const missing = wanted.filter((name) => !second.controllers.includes(name))
    const text = `version 2, controllers ${second.controllers.join(' ') || 'none'}`
    if (missing.length === 0 && mayWrite(second.folder)) return good(id, `${text}, writable at ${second.folder}`)
    const what = missing.length > 0 ? `without ${missing.join(', ')}` : `not writable at ${second.folder}`
    return note(id, `${text}, ${what}: limits hold for single processes, not for groups of them`, delegate)
  }
  const first = wanted.filter((name) => {
    const path = oldGroup(name)
    return path !== undefined && mayWrite(path)
  })
  if (first.length === wanted.length) return good(id, `version 1, writable: ${first.join(' ')}`)
  const there = wanted.filter((name) => oldGroup(name) !== undefined)
  if (there.length === 0)
    return note(
      id,
      'no cgroups are mounted',
      'limits of whole groups of processes need them: mount cgroup2 at /sys/fs/cgroup',
    )
  return note(id, `version 1 (${there.join(' ')}), writable: ${first.join(' ') || 'none'}`, delegate)
}

/** the group of this process in version 2: `0::/path` in /proc/self/cgroup, cgroups(7). */
function ownGroup(mount: string): Group | undefined {
  if (!existsSync(join(mount, 'cgroup.controllers'))) return undefined
  const path = /^0::(.*)$/m.exec(readText('/proc/self/cgroup'))?.[1] ?? '/'
  const folder = existsSync(join(mount, path)) ? join(mount, path) : mount
  const controllers = readText(join(folder, 'cgroup.controllers'))
    .split(/\s+/)
    .filter((name) => name !== '')
  return { folder, controllers }
}

function oldGroup(controller: string): string | undefined {
  const line = readText('/proc/self/cgroup')
    .split('\n')
    .find((one) => one.split(':')[1]?.split(',').includes(controller))
  if (line === undefined) return undefined
  const mount = join('/sys/fs/cgroup', controller)
  const path = join(mount, line.split(':').slice(2).join(':'))
  return existsSync(path) ? path : existsSync(mount) ? mount : undefined
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}
