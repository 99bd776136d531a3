// shows a notification at the person's desktop. it is the one program that osd runs: a fixed path with fixed options, the
// text as one argument, no shell. no model and no plan chooses any of it, and what is shown is on record.
import { execFile } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditChain } from './audit/chain.ts'
import { plainText } from './plan/show.ts'

export interface Notice {
  readonly title: string
  readonly text: string
}

export interface Shown {
  readonly shown: boolean
  /** why not. */
  readonly reason?: string
}

export interface Desktop {
  /** @param uid - who asked for it; for the record. */
  notify(notice: Notice, uid: number): Promise<Shown>
}

export interface DesktopOptions {
  /** absolute; undefined: notifications are turned off. */
  readonly program: string | undefined
  readonly environment: NodeJS.ProcessEnv
  readonly chain: Pick<AuditChain, 'append'>
}

// a desktop that does not answer must not hold anything up.
const limitMs = 5_000
// whoever has taken over the nucleus shall not be able to cover the screen.
const perMinute = 20
const longestText = 500

/** bodies may be read as markup by the desktop, and a line that turns text around must not reach it. */
function asBody(text: string): string {
  const plain = plainText(text)
  const cut = plain.length > longestText ? `${plain.slice(0, longestText)}…` : plain
  return cut.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

export function createDesktop({ program, environment, chain }: DesktopOptions): Desktop {
  let shownAt: number[] = []

  /** what the program needs to find the session's bus, and nothing else. */
  function busOf(): Record<string, string> | undefined {
    const address = environment['DBUS_SESSION_BUS_ADDRESS']
    const runtime = environment['XDG_RUNTIME_DIR']
    const hasSocket = runtime !== undefined && runtime.startsWith('/') && existsSync(join(runtime, 'bus'))
    if (address === undefined && !hasSocket) return undefined
    return {
      PATH: '/usr/bin:/bin',
      LANG: 'C.UTF-8',
      ...(address === undefined ? {} : { DBUS_SESSION_BUS_ADDRESS: address }),
      ...(runtime === undefined ? {} : { XDG_RUNTIME_DIR: runtime }),
    }
  }

  /** why there is nothing to show it with. */
  function obstacle(): string | undefined {
    if (program === undefined) return 'turned off by the setting operator.desktopNotifications'
    const stats = statSync(program, { throwIfNoEntry: false })
    if (stats === undefined || !stats.isFile()) return `${program} is not there`
    // what others can replace is theirs, not the person's.
    const isOurs = stats.uid === 0 || stats.uid === process.getuid?.()
    if (!isOurs || (stats.mode & 0o022) !== 0) return `${program} can be changed by others`
    return undefined
  }

  return {
    async notify({ title, text }, uid) {
      const now = performance.now()
      shownAt = shownAt.filter((at) => now - at < 60_000)
      const environmentOfBus = busOf()
      const reason =
        obstacle() ??
        (environmentOfBus === undefined ? 'there is no desktop session' : undefined) ??
        (shownAt.length >= perMinute ? 'too many in a minute' : undefined)
      if (reason !== undefined) return { shown: false, reason }
      shownAt.push(now)
      const args = ['--app-name=LOTUS', '--urgency=normal', '--', `LOTUS: ${plainText(title)}`, asBody(text)]
      const row = { traceId: '', uid, body: { program, bytes: Buffer.byteLength(text) } }
      await chain.append({ ...row, kind: 'notice.shown' })
      const problem = await run(program!, args, environmentOfBus!)
      if (problem !== undefined) {
        await chain.append({ ...row, kind: 'notice.failed', body: { ...row.body, reason: problem } })
      }
      return problem === undefined ? { shown: true } : { shown: false, reason: problem }
    },
  }
}

/** why it did not end well; undefined where it did. */
function run(program: string, args: readonly string[], env: Record<string, string>): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { env, cwd: '/', timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: 65_536, shell: false } as const
    const child = execFile(program, args, options, (error) => {
      if (error === null) return resolve(undefined)
      resolve(
        error.killed === true ? `no answer in ${limitMs} ms` : `it ended with ${String(error.code ?? error.signal)}`,
      )
    })
    child.stdin?.end()
  })
}
