// what only benches need is a package of its own beside them; it is installed when a bench first asks for it.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = import.meta.dirname

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>
}

/** gives what is wrong in one sentence, or undefined when all is there. */
export function settlePackages(): string | undefined {
  if (isInstalled()) return undefined
  console.error('installing what only benches need (tests/bench/package.json) …')
  const install = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 180_000,
  })
  if (install.status === 0 && isInstalled()) return undefined
  const reason = install.error?.message ?? install.stderr.trim().split('\n').at(-1) ?? ''
  return `the packages of this bench could not be installed: ${reason}; with a network, run \`npm ci --ignore-scripts\` in ${folder}`
}

/** npm keeps the lock of what it installed: the same versions mean nothing is to be done. */
function isInstalled(): boolean {
  const installed = join(folder, 'node_modules', '.package-lock.json')
  if (!existsSync(installed)) return false
  const wanted = versionsIn(join(folder, 'package-lock.json'))
  const found = versionsIn(installed)
  return Object.keys(wanted).every((name) => name === '' || wanted[name] === found[name])
}

function versionsIn(path: string): Record<string, string | undefined> {
  const lock = JSON.parse(readFileSync(path, 'utf8')) as LockFile
  // optional ones are for other machines: those are not installed, and not missed.
  const needed = Object.entries(lock.packages).filter(([, entry]) => entry.optional !== true)
  return Object.fromEntries(needed.map(([name, entry]) => [name, entry.version]))
}
