// starts lotus-osd as a child: settings go in through its standard input, which also tells it that its parent lives.
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { resolve as resolvePath } from 'node:path'
import { fromErrorData } from '../../../nucleus/errors.ts'
import type { ErrorData } from '../../../nucleus/errors.ts'
import { takeHelper } from '../../../nucleus/process/helpers.ts'
import type { StartSettings } from '../osd/settings.ts'
import { operatorErrors } from '../errors.ts'

export interface OsdChild {
  readonly pid: number
  /** resolves when it has ended, with the reason in words. */
  readonly ended: Promise<string>
  /** lets it finish what it does, then ends it; by force after `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>
}

export type LogLine = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields: Readonly<Record<string, unknown>>,
) => void

const module = resolvePath(import.meta.dirname, '..')

/**
 * @param secret - proves to osd that a connection is the nucleus'
 * resolves when osd answers on its socket.
 * @throws what osd says where it can't start; OSD_NOT_STARTED when it says nothing within `timeoutMs`.
 */
export async function startOsdChild(
  settings: Partial<StartSettings>,
  secret: string,
  log: LogLine,
  timeoutMs: number,
): Promise<OsdChild> {
  // at the boot it has been started long ago, and has done all that it can before it knows the secret.
  const child = takeHelper(module, settings)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`))
  })
  child.stdin.write(`${JSON.stringify({ secret })}\n`)
  createInterface({ input: child.stderr }).on('line', (line) => log('warn', line, {}))
  try {
    await whenReady(child, log, timeoutMs, ended)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  return {
    pid: child.pid ?? 0,
    ended,
    async stop(limitMs) {
      child.stdin.end()
      const force = setTimeout(() => child.kill('SIGKILL'), limitMs)
      await ended
      clearTimeout(force)
    },
  }
}

function whenReady(child: ChildProcess, log: LogLine, timeoutMs: number, ended: Promise<string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(operatorErrors.OSD_NOT_STARTED({ detail: `it said nothing for ${timeoutMs} ms` })),
      timeoutMs,
    )
    const settle = (act: () => void): void => {
      clearTimeout(timer)
      act()
    }
    void ended.then((reason) => settle(() => reject(operatorErrors.OSD_NOT_STARTED({ detail: reason }))))
    if (child.stdout === null) return
    createInterface({ input: child.stdout }).on('line', (line) => {
      const told = readLine(line)
      if (told['ready'] === true) {
        const recovered = Number(told['recovered'] ?? 0)
        if (recovered > 0) log('warn', 'plans that were cut off have been taken back', { recovered })
        settle(resolve)
      } else if (told['failed'] === true) settle(() => reject(fromErrorData(told['error'] as ErrorData)))
      else log(levelOf(told['log']), typeof told['message'] === 'string' ? told['message'] : line, told)
    })
  })
}

function readLine(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return { log: 'warn', message: line }
  }
}

function levelOf(level: unknown): 'info' | 'warn' | 'error' {
  return level === 'warn' || level === 'error' ? level : 'info'
}
