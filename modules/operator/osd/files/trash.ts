// where removed things go: a folder on their own file system, so that removing is one rename and loses nothing.
//
// the first choice is LOTUS_HOME/trash. things on another file system go into `.lotus-trash-UID` in the highest folder
// of that file system where this user may make one: at worst the folder that they lie in.
import { lstatSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openFolder, openFolderBeneath } from './safe-folder.ts'
import type { SafeFolder } from './safe-folder.ts'

/** the folders of one file system above and at a path, highest first. */
function foldersOfFileSystem(folder: string): string[] {
  const { dev } = statSync(folder)
  const found = [folder]
  for (let at = dirname(folder); at !== found[0]; at = dirname(at)) {
    if (statSync(at).dev !== dev) break
    found.unshift(at)
  }
  return found
}

/** makes a folder that nobody else can look into; false where that is not possible. */
function makePrivate(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch {
    // not permitted, read-only, or there already: the look below tells which.
  }
  const stats = lstatSync(path, { throwIfNoEntry: false })
  return stats?.isDirectory() === true && stats.uid === process.getuid?.() && (stats.mode & 0o077) === 0
}

/**
 * opens trash folders for one plan on the file system of `folder`, best first; each is closed when the next is asked
 * for. a rename may still fail between two mounts of one file system: then the next one is to be tried.
 * @param home LOTUS_HOME/trash.
 */
export function* trashFolders(folder: SafeFolder, home: string, planId: string): Generator<SafeFolder> {
  const device = folder.look('.')?.dev
  const candidates = [
    home,
    ...foldersOfFileSystem(folder.path).map((path) => join(path, `.lotus-trash-${process.getuid?.() ?? 0}`)),
  ]
  for (const candidate of candidates) {
    const stats = lstatSync(candidate, { throwIfNoEntry: false, bigint: true })
    if ((stats !== undefined && stats.dev !== device) || !makePrivate(candidate)) continue
    const open = openFolder(candidate)
    try {
      if (open.look('.')?.dev !== device || !makePrivate(open.at(planId))) continue
      const inner = openFolderBeneath(open, join(candidate, planId))
      try {
        yield inner
      } finally {
        inner.close()
      }
    } finally {
      open.close()
    }
  }
}

/** a name in the trash that still says what it was. */
export function nameInTrash(number: number, name: string): string {
  const text = `${number}-${name}`
  return Buffer.byteLength(text) > 255 ? String(number) : text
}
