// how far one client's plans reach: its working folder, its granted roots, and what is guarded inside them.
import type { GuardedFolders } from './protection.ts'
import { isWithin } from './paths.ts'

export interface Reach {
  /** absolute, without links. */
  readonly cwd: string
  readonly home: string
  /** granted folders, absolute and without links; empty when nothing may be touched. */
  readonly roots: readonly string[]
  readonly guarded: GuardedFolders
  /** bits that new files and folders don't get. */
  readonly umask: number
}

/** the granted root that a path lies in, the deepest one where they are nested. */
export function rootOf(path: string, reach: Reach): string | undefined {
  let best: string | undefined
  for (const root of reach.roots) {
    if (isWithin(path, root) && (best === undefined || root.length > best.length)) best = root
  }
  return best
}

// folders that belong to the system: neither a working folder nor a grant may be one of them or lie below.
const systemTrees = [
  '/etc',
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/boot',
  '/dev',
  '/proc',
  '/sys',
  '/run',
  '/var',
  '/snap',
  '/lost+found',
  '/System',
  '/Library',
]

// folders that hold other people's folders: too much to be granted as a whole, fine further down.
const systemFolders = ['/', '/home', '/mnt', '/media', '/opt', '/srv', '/Users', '/Volumes']

// people's own places below trees of the system: temporary files, homes and disks that are mounted there.
const ownPlaces = ['/var/tmp', '/var/home', '/run/user', '/run/media']

function isSystemPath(path: string): boolean {
  if (ownPlaces.some((place) => path !== place && isWithin(path, place))) return false
  return systemFolders.includes(path) || systemTrees.some((tree) => isWithin(path, tree))
}

/** whether a path belongs to the system for this LOTUS: its home may lie in /var/lib, and the workspace in there is people's. */
export function belongsToSystem(path: string, guarded: GuardedFolders): boolean {
  return isSystemPath(path) && !isWithin(path, guarded.workspace)
}

/** why a folder can't be granted, in words; undefined when it can. */
export function refusalOfRoot(path: string, guarded: GuardedFolders): string | undefined {
  if (belongsToSystem(path, guarded)) return `${path} belongs to the system`
  if (isWithin(path, guarded.state) && !isWithin(path, guarded.workspace)) return `${path} is the state of LOTUS`
  const privateFolder = guarded.private.find((folder) => isWithin(path, folder))
  if (privateFolder !== undefined) return `${privateFolder} is marked private`
  return undefined
}
