/**
 * tells the start script whether node_modules is what package-lock.json asks for, so that
 * packages are installed only when something differs.
 *
 * npm writes node_modules/.package-lock.json as its last act: a tree without it is half done.
 * prints one line, `match production|all` or `differ production|all REASON`, where the second
 * word says whether the packages for development are (or, in a differing tree, were) there.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface LockedPackage {
  readonly version?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly devOptional?: boolean
  readonly link?: boolean
}

type Packages = Readonly<Record<string, LockedPackage>>

function readPackages(path: string): Packages | undefined {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { packages?: Packages }).packages
  } catch {
    return undefined
  }
}

function compare(root: string): string {
  const wanted = readPackages(join(root, 'package-lock.json'))
  if (wanted === undefined) return 'differ production package-lock.json is missing or damaged'
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'))
  if (installed === undefined) return 'differ production nothing is installed yet'
  const isDevelopment = (path: string): boolean => wanted[path]?.dev === true
  const scope = Object.keys(installed).some(isDevelopment) ? 'all' : 'production'

  for (const [path, locked] of Object.entries(wanted)) {
    // the entry without a path is LOTUS itself
    if (path === '' || locked.link === true) continue
    if (scope === 'production' && locked.dev === true) continue
    const found = installed[path]
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    // optional packages are mostly the binaries of other platforms: right when absent
    if (found === undefined && (locked.optional === true || locked.devOptional === true)) continue
    if (found === undefined) return `differ ${scope} ${name} ${locked.version} is missing`
    if (found.version !== locked.version) {
      return `differ ${scope} ${name} is ${found.version} and the lock says ${locked.version}`
    }
    if (!existsSync(join(root, path, 'package.json'))) return `differ ${scope} the files of ${name} are missing`
  }
  return `match ${scope}`
}

console.log(compare(process.argv[2] ?? process.cwd()))
