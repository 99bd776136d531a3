// `cd`: the folder of the shell, which is where its goals are done; the ticket takes it from the process itself.
import { resolve } from 'node:path'
import { clientErrors } from '../client/errors.ts'
import { closed, splitWords } from './words.ts'

/** changes it and gives the one before. @throws FOLDER_UNUSABLE, USAGE */
export function changeFolder(rest: string, before: string | undefined, home: string | undefined): string | undefined {
  const [word = '~', more] = splitWords(closed(rest))
  if (more !== undefined)
    throw clientErrors.USAGE({ value: more, detail: 'one folder only', fix: 'put a name with spaces in quotes' })
  const target = word === '-' ? before : word.replace(/^~(?=\/|$)/, home ?? '~')
  if (target === undefined) throw clientErrors.FOLDER_UNUSABLE({ value: '-', detail: 'there was none before' })
  let current: string | undefined
  try {
    current = process.cwd()
  } catch {
    // it was removed: there is no way back to it.
  }
  try {
    process.chdir(current === undefined ? target : resolve(current, target))
  } catch (cause) {
    throw clientErrors.FOLDER_UNUSABLE({
      value: target,
      detail: (cause as NodeJS.ErrnoException).code ?? String(cause),
      cause,
    })
  }
  return current
}
