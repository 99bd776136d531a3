// checks of the machine: Node, the installed packages, and the layers that a sandbox is made of.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bad, good, warning } from './check.ts'
import type { Check, Finding } from './check.ts'

/** Node runs TypeScript as it is from version 24 on. */
export const checkNode: Check = () => {
  const version = process.versions.node
  const isNew = Number(version.split('.')[0]) >= 24
  const finding = isNew
    ? good('node', `version ${version}`)
    : bad('node', `version ${version} is too old`, 'run ./start_lotus.sh, which installs Node 24 inside the project')
  return Promise.resolve([finding])
}

/** the installed packages against the lock. */
export const checkPackages: Check = async ({ root }) => {
  const script = join(root, 'scripts', 'packages-match.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, root], { timeout: 10_000 })
  const [verdict, , ...reason] = stdout.trim().split(' ')
  return [
    verdict === 'match'
      ? good('packages', 'as the lock says')
      : bad('packages', reason.join(' '), 'run ./start_lotus.sh, which installs what is missing'),
  ]
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    // a file that this kernel does not have says as much as an empty one.
    return ''
  }
}

function checkNamespaces(): Finding {
  const isForbidden =
    readText('/proc/sys/kernel/unprivileged_userns_clone') === '0' ||
    readText('/proc/sys/user/max_user_namespaces') === '0' ||
    readText('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1'
  if (!existsSync('/proc/self/ns/user'))
    return warning('user namespaces', 'this kernel has none', 'use a kernel with CONFIG_USER_NS')
  return isForbidden
    ? warning(
        'user namespaces',
        'not allowed to ordinary users',
        'allow them with sysctl, or run lotus-osd as a service',
      )
    : good('user namespaces', 'allowed')
}

/** what a confined command needs; each missing layer means that commands are refused, not that they run without it. */
export const checkSandbox: Check = () => {
  const landlock = readText('/sys/kernel/security/lsm').split(',').includes('landlock')
  const seccomp = /^Seccomp_filters:|^Seccomp:/m.test(readText('/proc/self/status'))
  const bubblewrap = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap'].find((path) => existsSync(path))
  return Promise.resolve([
    checkNamespaces(),
    seccomp ? good('seccomp', 'there') : warning('seccomp', 'not seen', 'use a kernel with CONFIG_SECCOMP_FILTER'),
    landlock
      ? good('landlock', 'there')
      : warning('landlock', 'not seen', 'use a kernel from 5.13 on that has landlock in its lsm list'),
    existsSync('/sys/fs/cgroup/cgroup.controllers')
      ? good('cgroups', 'version 2')
      : warning('cgroups', 'version 2 is not mounted', 'limits of whole groups of processes need it'),
    bubblewrap === undefined
      ? warning('bubblewrap', 'not installed', 'install the package bubblewrap')
      : good('bubblewrap', bubblewrap),
  ])
}
