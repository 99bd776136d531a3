// tells whether the code of a module is what it was: a digest over every file of its folder.
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { createHash } from '../builtins.ts'

/** names and contents of all files below a folder; links are taken by their targets' content. */
export async function digestOfFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
  const digest = createHash('sha256')
  for (const path of paths) {
    const content = await readFile(path)
    digest.update(`${relative(folder, path)}\0${content.length}\0`).update(content)
  }
  return digest.digest('hex')
}
