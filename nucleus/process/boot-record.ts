// LOTUS_HOME/boot: how the last boots went. record.json is replaced whole; `starts` has a line for each start of a module
// that began or ended; `end` is what a parent saw of the death of the process, where there is a parent that looks.
import { closeSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createHash } from '../builtins.ts'
import type { FailedBoot } from './boot-verdict.ts'
import { writeAtomically, writeDurably } from './files.ts'

/** a module that is not started any more, until it or the settings have changed. */
export interface LeftOut {
  /** null: every module that isn't needed for safe mode. */
  readonly module: string | null
  readonly reason: string
  /** what its files and the settings looked like when it failed. */
  readonly look: string
}

export interface BootRecord {
  /** the boot that was begun last. */
  readonly boot?: {
    readonly pid: number
    readonly start?: string
    /** over: it ended, and what that means is in `failures`. */
    readonly phase: 'starting' | 'up' | 'over'
  }
  readonly failures: readonly FailedBoot[]
  readonly left_out: readonly LeftOut[]
}

const empty: BootRecord = { failures: [], left_out: [] }

/** failed boots that are kept: three are enough for a verdict. */
const keptFailures = 10

/** reads the record; one that is damaged is as good as none. */
export function readBootRecord(folder: string): BootRecord {
  try {
    const data = JSON.parse(readFileSync(join(folder, 'record.json'), 'utf8')) as Partial<BootRecord>
    if (!Array.isArray(data.failures) || !Array.isArray(data.left_out)) return empty
    return {
      ...(typeof data.boot?.pid === 'number' ? { boot: data.boot } : {}),
      failures: data.failures.slice(-keptFailures) as FailedBoot[],
      left_out: data.left_out.slice(-100) as LeftOut[],
    }
  } catch {
    // absent, or torn when the power went: nothing is known, and nothing is held against anybody
    return empty
  }
}

/** a verdict must outlive the loss of power, the progress of a boot need not: who cut the power cut the boot. */
export function writeBootRecord(folder: string, record: BootRecord, options: { durable: boolean }): void {
  const text = `${JSON.stringify({ ...record, failures: record.failures.slice(-keptFailures) })}\n`
  const write = options.durable ? writeDurably : writeAtomically
  write(join(folder, 'record.json'), text)
}

/** the open file of the starts of modules. */
export interface StartMarks {
  begins(module: string, look?: string): void
  ends(module: string): void
  /** code of any module may run from here on: all are imported at once. */
  any(): void
  close(): void
}

/** begins the marks of a boot. not synced: they are read after the death of a process, not of the machine. */
export function openStartMarks(folder: string): StartMarks {
  const path = join(folder, 'starts')
  // a new file, not the old one emptied: before that, ext4 writes what was in it to the disk, some milliseconds
  rmSync(path, { force: true })
  const descriptor = openSync(path, 'w', 0o600)
  let isOpen = true
  const write = (line: string): void => {
    if (isOpen) writeSync(descriptor, `${line}\n`)
  }
  return Object.freeze({
    begins: (module: string, look = '') => write(`+${module} ${look}`),
    ends: (module: string) => write(`-${module}`),
    any: () => write('*'),
    close: () => {
      if (isOpen) closeSync(descriptor)
      isOpen = false
    },
  })
}

/** the modules whose start had begun and not ended, with what they looked like; null where it may have been any. */
export function readStartMarks(folder: string): ReadonlyMap<string, string> | null {
  let text: string
  try {
    text = readFileSync(join(folder, 'starts'), 'utf8')
  } catch {
    // whoever removed it knows what for; nobody is suspected
    return new Map()
  }
  const begun = new Map<string, string>()
  let mayBeAny = false
  for (const line of text.split('\n')) {
    if (line === '*') mayBeAny = true
    const [name = '', look = ''] = line.slice(1).split(' ')
    if (line.startsWith('+')) begun.set(name, look)
    if (line.startsWith('-')) begun.delete(name)
  }
  return begun.size === 0 && mayBeAny ? null : begun
}

/** signals that a process gets for what it did itself, and results of systemd that say so. */
const ownDoing = /\b(?:SIG)?(?:ABRT|BUS|FPE|ILL|SEGV|SYS|TRAP)\b|^(?:exit-code|core-dump|watchdog|timeout)\b/

/** how the parent saw the process end, where that was its own doing; undefined: nobody looked, or it was ended. */
export function takeEnd(folder: string): string | undefined {
  const path = join(folder, 'end')
  try {
    const text = readFileSync(path, 'utf8').slice(0, 200).trim()
    return ownDoing.test(text) ? text : undefined
  } catch {
    return undefined
  }
}

/** forgets how the last process ended: what is written there from now on is about this one. */
export function forgetEnd(folder: string): void {
  rmSync(join(folder, 'end'), { force: true })
}

/** most files of one module that are looked at. */
const mostFiles = 5_000

/** what files look like, a module's and those of the settings: another value, and it is worth another try. */
export function lookOf(paths: readonly string[]): string {
  const hash = createHash('sha256')
  let files = 0
  const add = (path: string): void => {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined || (files += 1) > mostFiles) return
    if (!found.isDirectory()) hash.update(`${path}\0${found.size}\0${found.mtimeMs}\0${found.ino}\n`)
    else for (const name of readdirSync(path).sort()) if (name !== 'node_modules') add(join(path, name))
  }
  for (const path of paths) add(path)
  return hash.digest('base64url')
}
