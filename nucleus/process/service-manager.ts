// tells systemd how LOTUS is, where systemd started it: sd_notify(3). without NOTIFY_SOCKET nothing of this is loaded.
import { constants } from 'node:os'
import type { Logger } from 'pino'
import type { HealthReport } from '../health/health.ts'
import type { Datagrams } from './unix-datagram.ts'

/** how often the status text is looked at, milliseconds. */
const lookEveryMs = 2_000
/** how often a message is sent again that the receiver had no room for, and the pause before it. */
const sendAgain = { times: 50, pauseMs: 100 } as const
/** longest status text; systemd shows it in one line. */
const longestStatus = 300

export interface ManagedProcess {
  health(): HealthReport
  /** where LOTUS listens. */
  url(): string
  /** reads anew what can be read anew. @throws what is wrong with it */
  reload(): void
  readonly log: Logger
}

export interface ServiceManager {
  stopping(reason: string): void
  /** what systemd's `reload` asks for. */
  reload(): void
  close(): void
}

/** where systemd waits for news; undefined where it did not start this process. taken out of what children inherit. */
export function takeNotifySocket(environment: NodeJS.ProcessEnv): { address: string; watchdogMs: number } | undefined {
  const address = environment['NOTIFY_SOCKET']
  const watchdogPid = environment['WATCHDOG_PID']
  const isOurs = watchdogPid === undefined || Number(watchdogPid) === process.pid
  const microseconds = isOurs ? Number(environment['WATCHDOG_USEC'] ?? 0) : 0
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete environment[name]
  if (address === undefined || !/^[/@]/.test(address)) return undefined
  return { address, watchdogMs: microseconds > 0 ? microseconds / 1000 : 0 }
}

/** says READY, and from then on how LOTUS is and that it lives. */
export async function reportToManager(
  { address, watchdogMs }: { readonly address: string; readonly watchdogMs: number },
  managed: ManagedProcess,
): Promise<ServiceManager> {
  const { openDatagrams } = await import('./unix-datagram.ts')
  const datagrams = openDatagrams(address)
  const timers = new Set<NodeJS.Timeout>()
  const send = (...lines: string[]): void => sendWithPatience(datagrams, lines.join('\n'), timers, managed.log)

  let shown = describe(managed)
  const look = (): void => {
    const text = describe(managed)
    if (text === shown) return
    shown = text
    send(`STATUS=${text}`)
  }
  send('READY=1', `MAINPID=${process.pid}`, `STATUS=${shown}`)
  timers.add(setInterval(look, lookEveryMs))
  if (watchdogMs > 0) timers.add(setInterval(createHeartbeat(managed, send), watchdogMs / 2))

  return Object.freeze({
    stopping: (reason: string) => send('STOPPING=1', `STATUS=drains: ${oneLine(reason)}`),
    reload: () => {
      send('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`)
      try {
        managed.reload()
        shown = describe(managed)
      } catch (error) {
        managed.log.error({ err: error }, 'the settings can’t be used, those from before stay in force')
        shown = 'the settings can’t be used, those from before stay in force: see the log'
      }
      send('READY=1', `STATUS=${shown}`)
    },
    close: () => {
      // an interval and a timeout are cleared alike
      for (const timer of timers) clearTimeout(timer)
      datagrams.close()
    },
  })
}

/**
 * the sign of life. an event loop that hangs stops it by itself. a core module that is down stops it, too, where LOTUS
 * was well before: then a restart may help. where it came up ill, a restart every minute would only make it worse.
 */
function createHeartbeat({ health, log }: ManagedProcess, send: (text: string) => void): () => void {
  let wasWell = health().status !== 'unhealthy'
  let isTold = false
  return () => {
    const isIll = health().status === 'unhealthy'
    if (!isIll) wasWell = true
    if (!isIll || !wasWell) {
      isTold = false
      return send('WATCHDOG=1')
    }
    if (!isTold) log.error('a core module is down: the service manager gets no sign of life and may restart LOTUS')
    isTold = true
  }
}

function describe({ health, url }: ManagedProcess): string {
  const { status, notices } = health()
  const why = notices[0] === undefined ? '' : `: ${notices[0].message}`
  return oneLine(`${status}, ${url()}${why}`)
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\s]+/gu, ' ').slice(0, longestStatus)
}

function sendWithPatience(datagrams: Datagrams, text: string, timers: Set<NodeJS.Timeout>, log: Logger): void {
  const attempt = (left: number): void => {
    const code = datagrams.send(text)
    if (code === 0) return
    const { EAGAIN, ENOBUFS } = constants.errno
    if (left === 0 || (code !== EAGAIN && code !== ENOBUFS)) {
      log.warn({ errno: code, text }, 'the service manager could not be told')
      return
    }
    const timer = setTimeout(() => {
      timers.delete(timer)
      attempt(left - 1)
    }, sendAgain.pauseMs)
    timers.add(timer)
  }
  attempt(sendAgain.times)
}
