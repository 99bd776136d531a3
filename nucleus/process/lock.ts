// one nucleus a state folder: a pid file that says which process holds it, and is seen through when that one is dead.
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stateError, systemCodeOf } from '../infrastructure/errors.ts'
import { processErrors } from './errors.ts'
import { isAlive, processStart } from './process-start.ts'

/** a guard older than this was left by a process that died while it cleaned. */
const guardMs = 5_000

export interface Lock {
  /** removes the pid file, if it is still ours. */
  release(): void
}

interface Holder {
  readonly pid: number
  readonly start?: string
}

/**
 * takes the lock of a state folder.
 * @param run - LOTUS_HOME/run
 * @param onStale - told once when the file of a dead process was cleaned away
 * @throws ALREADY_RUNNING, LOCK_UNCLEAR, STATE_READ_ONLY, STATE_FULL
 */
export function takeLock(run: string, onStale: (text: string) => void): Lock {
  const path = join(run, 'nucleus.pid')
  const start = processStart(process.pid)
  const holder: Holder = { pid: process.pid, ...(start === undefined ? {} : { start }) }
  const text = `${JSON.stringify(holder)}\n`
  if (!create(path, text)) {
    cleanStale(run, path, onStale)
    if (!create(path, text)) throw alreadyRunning(path)
  }
  return Object.freeze({
    release: () => {
      if (readText(path) === text) rmSync(path, { force: true })
    },
  })
}

/** makes the file with its whole text at once, or not at all: a link never replaces what is there. */
function create(path: string, text: string): boolean {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, text, { mode: 0o600 })
    linkSync(temporary, path)
    return true
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false
    throw stateError(error, path) ?? error
  } finally {
    rmSync(temporary, { force: true })
  }
}

function cleanStale(run: string, path: string, onStale: (text: string) => void): void {
  const guard = join(run, 'nucleus.pid.cleaning')
  // two starts at once: without the guard, the second could remove the fresh file of the first
  if (!create(guard, `${process.pid}\n`)) {
    if (ageMs(guard) < guardMs) throw processErrors.LOCK_UNCLEAR({ value: guard })
    rmSync(guard, { force: true })
    if (!create(guard, `${process.pid}\n`)) throw processErrors.LOCK_UNCLEAR({ value: guard })
  }
  try {
    const holder = readHolder(path)
    if (holder !== undefined && isAlive(holder.pid, holder.start)) throw alreadyRunning(path)
    rmSync(path, { force: true })
    rmSync(join(run, 'nucleus.json'), { force: true })
    onStale(
      holder === undefined
        ? `removed an unreadable pid file, ${path}`
        : `removed the pid file of a LOTUS that ended without its own doing, process ${holder.pid}`,
    )
  } finally {
    rmSync(guard, { force: true })
  }
}

function alreadyRunning(path: string): Error {
  const pid = readHolder(path)?.pid
  return processErrors.ALREADY_RUNNING(pid === undefined ? { value: path } : { value: path, detail: `process ${pid}` })
}

function readHolder(path: string): Holder | undefined {
  try {
    const data = JSON.parse(readText(path) ?? '') as Partial<Holder>
    if (typeof data.pid !== 'number' || !Number.isSafeInteger(data.pid) || data.pid <= 0) return undefined
    return typeof data.start === 'string' ? { pid: data.pid, start: data.start } : { pid: data.pid }
  } catch {
    // empty or cut off: a disk was full, or the machine lost power
    return undefined
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    throw stateError(error, path) ?? error
  }
}

function ageMs(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch {
    // it has just been removed: whoever held it is done
    return Infinity
  }
}
