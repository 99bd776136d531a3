// what was typed before: in LOTUS_HOME/shell-history, for its owner alone, and never without bound.
import { appendFileSync, chmodSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeStateFolder } from '../../nucleus/process/files.ts'

export const historyFileName = 'shell-history'
const maxLines = 1_000
const maxBytes = 256 * 1024
const maxLineLength = 4_096

export interface History {
  /** newest first, as an editor of lines wants them. */
  lines(): readonly string[]
  /** remembers a line while this shell is open; `keep` writes it to the file, too. */
  add(line: string, options: { readonly keep: boolean }): void
  /** why the file is not written, once. */
  readonly problem: string | undefined
}

/** whether a line may be remembered: not one that begins with a space, nor with characters that a terminal obeys. */
export function isKept(line: string): boolean {
  return line.trim() !== '' && !/^\s|\p{Cc}/u.test(line) && line.length <= maxLineLength
}

function readLines(path: string): string[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw fault
  }
  return text.split('\n').filter(isKept)
}

/** opens the history of a LOTUS_HOME; one that can't be read or written is kept in memory, and says why. */
export function openHistory(home: string): History {
  const path = join(home, historyFileName)
  let problem: string | undefined
  let known: string[] = []

  const attempt = (work: () => void): void => {
    if (problem !== undefined) return
    try {
      work()
    } catch (fault) {
      const code = (fault as NodeJS.ErrnoException).code
      if (code === undefined) throw fault
      problem = `${path}: ${code}`
    }
  }

  /** other shells append to the same file: only what is beyond the bound is cut off, in one step. */
  const trim = (): void => {
    const kept = readLines(path).slice(-maxLines)
    while (kept.length > 1 && Buffer.byteLength(kept.join('\n')) > maxBytes) kept.shift()
    const temporary = `${path}.${process.pid}.tmp`
    writeFileSync(temporary, kept.map((line) => `${line}\n`).join(''), { mode: 0o600 })
    renameSync(temporary, path)
  }

  attempt(() => {
    makeStateFolder(home)
    const lines = readLines(path)
    if (lines.length > 0) chmodSync(path, 0o600)
    if (lines.length > maxLines || Buffer.byteLength(lines.join('\n')) > maxBytes) trim()
    known = lines.slice(-maxLines).reverse()
  })

  return {
    lines: () => known,
    add(line, { keep }) {
      if (!isKept(line) || line.includes('\n')) return
      known = [line, ...known.filter((one) => one !== line)].slice(0, maxLines)
      if (!keep) return
      attempt(() => {
        appendFileSync(path, `${line}\n`, { mode: 0o600 })
        if (statSync(path).size > maxBytes * 2) trim()
      })
    },
    get problem() {
      return problem
    },
  }
}
