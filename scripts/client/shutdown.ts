// stops the nucleus: asks it to drain, waits with a limit, and ends it where it does not.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, processStart } from '../../nucleus/process/process-start.ts'
import { clientErrors } from './errors.ts'
import type { Place } from './place.ts'

export interface ShutdownResult {
  /** whether it ended by itself, or had to be killed after the limit. */
  readonly isClean: boolean
  readonly tookMs: number
  /** what it did since it was started, as it says itself; undefined where it could not say it any more. */
  readonly report: Record<string, unknown> | undefined
}

const pollMs = 20
const killedLimitMs = 5000

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    // it ended between the question whether it lives and now.
    if (code === 'ESRCH') return
    throw clientErrors.STOP_FAILED({ value: pid, detail: code ?? String(cause), cause })
  }
}

async function waitForEnd(pid: number, limitMs: number, onSecond: (seconds: number) => void): Promise<boolean> {
  const startedMs = Date.now()
  // not by its pid file, which it removes some moments before it has ended.
  const start = processStart(pid)
  if (start === undefined) return true
  for (let seconds = 0; isAlive(pid, start); await sleep(pollMs)) {
    const passedMs = Date.now() - startedMs
    if (passedMs >= limitMs) return false
    if (Math.floor(passedMs / 1000) === seconds) continue
    seconds = Math.floor(passedMs / 1000)
    onSecond(seconds)
  }
  return true
}

function readReport(place: Place, pid: number): Record<string, unknown> | undefined {
  try {
    const report = JSON.parse(readFileSync(join(place.home, 'run', 'last-stop.json'), 'utf8')) as Record<
      string,
      unknown
    >
    return report['pid'] === pid ? report : undefined
  } catch {
    // killed before it could write one.
    return undefined
  }
}

/** stops the process; after `limitMs` it is killed. @throws STOP_FAILED */
export async function stopNucleus(
  place: Place,
  pid: number,
  limitMs: number,
  onSecond: (seconds: number) => void,
): Promise<ShutdownResult> {
  const startedMs = Date.now()
  signal(pid, 'SIGTERM')
  const isClean = await waitForEnd(pid, limitMs, onSecond)
  if (!isClean) {
    signal(pid, 'SIGKILL')
    if (!(await waitForEnd(pid, killedLimitMs, onSecond))) {
      throw clientErrors.STOP_FAILED({ value: pid, detail: 'it does not end, not even when killed' })
    }
  }
  return { isClean, tookMs: Date.now() - startedMs, report: readReport(place, pid) }
}
