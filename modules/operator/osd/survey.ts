// the names two levels below a working folder: what a goal may be talking about.
import { readdirSync } from 'node:fs'
import type { Dirent } from 'node:fs'
import { join } from 'node:path'
import type { NamedEntry } from '../contract.ts'
import { entryReadProtection } from './files/protection.ts'
import type { Reach } from './files/reach.ts'
import { openFolder, openFolderBeneath } from './files/safe-folder.ts'
import type { SafeFolder } from './files/safe-folder.ts'

const maxEntries = 2_000

function kindOf(entry: Dirent): NamedEntry['kind'] {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  return entry.isSymbolicLink() ? 'link' : 'other'
}

/** first what lies in the folder itself, then one level further down; protected names are left out. */
export function surveyFolder(reach: Reach): NamedEntry[] {
  if (!reach.roots.includes(reach.cwd)) return []
  const found: NamedEntry[] = []

  function look(folder: SafeFolder, prefix: string): string[] {
    const folders: string[] = []
    let entries: Dirent[]
    try {
      entries = readdirSync(folder.at('.'), { withFileTypes: true })
    } catch {
      // a folder that may not be read has no names to tell.
      return folders
    }
    entries.sort((one, other) => (one.name < other.name ? -1 : 1))
    for (const entry of entries) {
      if (found.length >= maxEntries) break
      if (entryReadProtection(join(folder.path, entry.name), reach.guarded) !== undefined) continue
      const kind = kindOf(entry)
      found.push({ path: `${prefix}${entry.name}`, kind })
      if (kind === 'folder' && entry.name !== '.git') folders.push(entry.name)
    }
    return folders
  }

  const top = openFolder(reach.cwd)
  try {
    for (const name of look(top, '')) {
      if (found.length >= maxEntries) break
      let inner: SafeFolder
      try {
        inner = openFolderBeneath(top, join(top.path, name))
      } catch {
        // gone or closed to us since its name was read.
        continue
      }
      try {
        look(inner, `${name}/`)
      } finally {
        inner.close()
      }
    }
  } finally {
    top.close()
  }
  return found
}
