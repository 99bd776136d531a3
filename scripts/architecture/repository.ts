/** the files a check looks at, and what a check has to say about one of them. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { scan, type Token } from './scanner.ts'

export interface Finding {
  /** relative to the root, with slashes */
  readonly file: string
  /** from 1; 0 where the file as a whole is meant */
  readonly line: number
  readonly message: string
  /** what to do about it */
  readonly remedy: string
}

export interface Repository {
  readonly root: string
  /** paths relative to the root, with slashes, sorted */
  readonly files: readonly string[]
  /** the text of a file; undefined for what is no text */
  readonly read: (file: string) => string | undefined
  readonly tokens: (file: string) => readonly Token[]
}

export type Rule = (repository: Repository) => readonly Finding[]

const ignoredFolders = new Set(['.git', 'node_modules', '.runtime', 'coverage'])

/** what git would commit; all files where there is no git (an unpacked archive) */
function listFiles(root: string): readonly string[] {
  if (existsSync(join(root, '.git'))) {
    const output = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    })
    // a file deleted but not yet committed is still in git's list
    return output.split('\0').filter((file) => file !== '' && existsSync(join(root, file)))
  }
  const files: string[] = []
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (ignoredFolders.has(entry.name)) continue
      const path = join(folder, entry.name)
      if (entry.isDirectory()) walk(path)
      else if (entry.isFile()) files.push(relative(root, path).split(sep).join('/'))
    }
  }
  walk(root)
  return files
}

export function openRepository(root: string): Repository {
  const texts = new Map<string, string | undefined>()
  const scanned = new Map<string, readonly Token[]>()

  const read = (file: string): string | undefined => {
    if (texts.has(file)) return texts.get(file)
    const bytes = readFileSync(join(root, file))
    const text = bytes.subarray(0, 8192).includes(0) ? undefined : bytes.toString('utf8')
    texts.set(file, text)
    return text
  }

  return {
    root,
    files: [...new Set(listFiles(root))].sort(),
    read,
    tokens(file) {
      let tokens = scanned.get(file)
      if (tokens === undefined) {
        tokens = scan(read(file) ?? '')
        scanned.set(file, tokens)
      }
      return tokens
    },
  }
}

/** TypeScript files below any of the folders; a name without a slash at its end is one file */
export function typeScriptIn(repository: Repository, ...places: readonly string[]): readonly string[] {
  return repository.files.filter(
    (file) =>
      file.endsWith('.ts') && places.some((place) => (place.endsWith('/') ? file.startsWith(place) : file === place)),
  )
}
