// finds LOTUS_HOME, the one setting that is needed before all others; loads nothing, so that clients stay light.
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseEnv } from '../builtins.ts'

/** environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** an absolute path: `~` is the person's home, anything relative lies below `base`. */
export function expandPath(path: string, base: string, environment: Environment): string {
  const person = environment['HOME'] || homedir()
  if (path === '~') return person
  return path.startsWith('~/') ? join(person, path.slice(2)) : resolve(base, path)
}

function readProjectEnv(root: string): string | undefined {
  let text: string
  try {
    text = readFileSync(join(root, '.env'), 'utf8')
  } catch {
    // no file, or one that loadSettings reports with its reason.
    return undefined
  }
  return parseEnv(text)['LOTUS_HOME'] || undefined
}

/** where LOTUS_HOME is: the environment says so, or the project's `.env`, or it is `~/.lotus`. */
export function findHome(options: { root: string; environment: Environment }): string {
  const { root, environment } = options
  const fromEnvironment = environment['LOTUS_HOME']
  if (fromEnvironment) return expandPath(fromEnvironment, currentFolder(), environment)
  return expandPath(readProjectEnv(root) ?? '~/.lotus', root, environment)
}

/** where relative paths of the environment begin; `/` for a process whose folder was removed under it. */
export function currentFolder(): string {
  try {
    return process.cwd()
  } catch {
    return '/'
  }
}
