// finds what lies in a working tree and is neither tracked nor ignored.
import { join } from 'node:path'
import type { ActionContext } from '../../action.ts'
import { actionErrors } from '../errors.ts'
import { unsearchable } from '../file-query.ts'
import type { Repository } from './repository.ts'

/** names looked at, one by one, at most. */
const maxLooks = 50_000

/** paths relative to the repository; a folder with nothing tracked in it is named once, with a slash, as git does. */
export async function findUntracked(
  repository: Repository,
  context: Pick<ActionContext, 'tree' | 'signal'>,
  tracked: readonly string[],
): Promise<string[]> {
  const { git, base, folder: top } = repository
  const files = new Set(tracked)
  const folders = new Set<string>()
  for (const path of tracked) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) folders.add(path.slice(0, end))
  }
  let looks = 0
  const isIgnored = (filepath: string) => git.isIgnored({ fs: base.fs, dir: base.dir, gitdir: base.gitdir, filepath })

  async function listing(folder: string) {
    try {
      return await context.tree.list(join(top, folder))
    } catch (error) {
      // a folder that may not be read has nothing to show.
      if (unsearchable(error)) return []
      throw error
    }
  }

  /** what is untracked in a folder; `first` ends with the first find, where only its being matters. */
  async function scan(folder: string, first: boolean): Promise<string[]> {
    const found: string[] = []
    for (const entry of await listing(folder)) {
      context.signal.throwIfAborted()
      looks += 1
      if (looks > maxLooks) throw actionErrors.TOO_MANY_MATCHES({ detail: `over ${maxLooks} files to look at` })
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.name === '.git' || files.has(path)) continue
      if (entry.kind !== 'folder') {
        if (entry.kind !== 'other' && !(await isIgnored(path))) found.push(path)
      } else if (folders.has(path)) {
        found.push(...(await scan(path, first)))
      } else if (!(await isIgnored(`${path}/`)) && !(await isIgnored(path))) {
        const repositoryInside = (await context.tree.find(join(top, path, '.git'))) !== undefined
        if (repositoryInside || (await scan(path, true)).length > 0) found.push(`${path}/`)
      }
      if (first && found.length > 0) return found
    }
    return found
  }

  return (await scan('', false)).toSorted()
}
