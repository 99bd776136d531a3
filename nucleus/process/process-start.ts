// tells one process from another that got the same number later.
import { readFileSync } from 'node:fs'

/**
 * when a process was started, in the kernel's ticks since boot: field 22 of /proc/PID/stat (proc(5)). undefined when
 * there is no such process, when it is a zombie, or where there is no /proc.
 */
export function processStart(pid: number): string | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    // the process is gone, or this system has no /proc: either way nothing is known
    return undefined
  }
  // the name in parentheses may hold anything, also parentheses and spaces
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
}

/** whether a process lives that is the one that was started then; without a start only the number is compared. */
export function isAlive(pid: number, start: string | undefined): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // a process of another user can't be signalled, and lives
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  const now = processStart(pid)
  if (start === undefined) return now !== undefined || processStart(process.pid) === undefined
  return now === undefined ? processStart(process.pid) === undefined : now === start
}
