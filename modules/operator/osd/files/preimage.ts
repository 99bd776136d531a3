// keeps what a file was before it is replaced: by a second name where that is enough, else by a copy.
import { linkSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { isErrno, fileError } from '../native/errno.ts'
import { appearanceOf, createTemporary } from './content.ts'
import { openFolder, readFileIn } from './safe-folder.ts'
import type { SafeFolder } from './safe-folder.ts'

/**
 * keeps a file under `kept` in the plan's undo folder. a second name costs nothing and keeps everything; it is not
 * enough where the file has other names already, through which somebody could still change it.
 */
export async function keepPreimage(
  folder: SafeFolder,
  name: string,
  stats: BigIntStats,
  undoFolder: string,
  kept: string,
): Promise<void> {
  if (stats.nlink === 1n) {
    try {
      linkSync(folder.at(name), `${undoFolder}/${kept}`)
      return
    } catch (error) {
      const another = isErrno(error, 'EXDEV') || isErrno(error, 'EPERM') || isErrno(error, 'EMLINK')
      if (!another) throw fileError(error, `${folder.path}/${name}`)
    }
  }
  const to = openFolder(undoFolder)
  try {
    const copy = createTemporary(to, kept)
    try {
      await copy.fill(readFileIn(folder, name), appearanceOf(stats, { times: true }))
    } finally {
      copy.close()
    }
  } finally {
    to.close()
  }
}
