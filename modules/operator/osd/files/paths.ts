// from what a plan calls a path to the one absolute path without links that is judged, opened and audited.
import { realpathSync } from 'node:fs'
import { dirname, basename, join, resolve } from 'node:path'
import { isErrno, fileError } from '../native/errno.ts'
import { fileErrors } from './errors.ts'

/** whether a path is a folder or lies below it; both absolute and without links. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
}

/** whether a path lies below a folder and is not the folder itself. */
export function isBelow(path: string, folder: string): boolean {
  return path !== folder && isWithin(path, folder)
}

/**
 * the absolute path that a text means, relative to a working folder; `~` and `~/…` mean the home. `..` is taken away
 * by the letter, before any link is looked at.
 * @throws PATH_INVALID for an empty text, a zero byte, or more than 4,096 bytes.
 */
export function absolutePath(text: string, cwd: string, home: string): string {
  if (text === '' || text.includes('\0') || Buffer.byteLength(text) > 4096)
    throw fileErrors.PATH_INVALID({ value: text })
  if (text === '~') return home
  if (text.startsWith('~/')) return resolve(home, text.slice(2))
  return resolve(cwd, text)
}

/**
 * the path with every link in it followed, the last part too; what does not exist yet is added as it is written.
 * the result is where the kernel would arrive at this moment: opening it again with links forbidden either arrives
 * there as well or fails, so that nothing else is ever opened than what was judged.
 */
export function followLinks(path: string): string {
  const missing: string[] = []
  let there = path
  for (;;) {
    try {
      const real = realpathSync.native(there)
      return missing.length === 0 ? real : join(real, ...missing.reverse())
    } catch (error) {
      // a part that is missing, or a link to nowhere: look one part further up.
      if (!isErrno(error, 'ENOENT') && !isErrno(error, 'ENOTDIR')) throw fileError(error, path)
      missing.push(basename(there))
      there = dirname(there)
    }
  }
}

/** the path with the links in its folder followed and its last part as it is: where a change would happen. */
export function followFolderLinks(path: string): string {
  return path === '/' ? path : join(followLinks(dirname(path)), basename(path))
}
