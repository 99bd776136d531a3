// starts the nucleus in the background and waits until it is healthy or has said why it is not.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LotusError, isLotusError, toErrorData } from '../../nucleus/errors.ts'
import { handedOption, splitEnvironment } from '../../nucleus/process/handed-environment.ts'
import { makeStateFolder } from '../../nucleus/process/files.ts'
import { memoryEnvironment, nodeOptions } from '../../nucleus/process/start-options.ts'
import { clientErrors } from './errors.ts'
import { textOf } from './fields.ts'
import { createClient } from './http.ts'
import { findHolder } from './nucleus.ts'
import { bootLogPath, readRecord } from './place.ts'
import type { NucleusRecord, Place } from './place.ts'
import { findService, startService } from './service/start.ts'
import type { Terminal } from './terminal.ts'

interface Up {
  readonly record: NucleusRecord
  /** the answer of GET /health. */
  readonly health: Record<string, unknown>
}

export interface BootResult extends Up {
  /** false where it ran already. */
  readonly isNew: boolean
  readonly bootMs: number
}

const pollMs = 15
const limitMs = 60_000
// a core module that is down may come up again by its restart policy; longer than this it won't.
const unhealthyLimitMs = 10_000

/** tells once a second that the start goes on, beginning after the first. */
function createProgress(terminal: Terminal): { tick: () => void; end: () => void } {
  const startedMs = Date.now()
  let toldSeconds = 0
  return {
    tick() {
      const seconds = Math.floor((Date.now() - startedMs) / 1000)
      if (seconds === toldSeconds) return
      toldSeconds = seconds
      if (terminal.canRewrite) process.stderr.write(`\rstarting LOTUS … ${seconds} s`)
      else if (seconds === 1) terminal.note('starting LOTUS …')
    },
    end() {
      if (toldSeconds > 0 && terminal.canRewrite) process.stderr.write('\r\u001b[K')
    },
  }
}

function spawnNucleus(place: Place, environment: NodeJS.ProcessEnv, args: readonly string[]): ChildProcess {
  const path = bootLogPath(place)
  let log: number
  try {
    makeStateFolder(place.home)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    // one boot a file: what it says is why this boot failed.
    log = openSync(path, 'w', 0o600)
    // a full disk is found here, where it can still be told: the nucleus itself could not even write why it ends.
    writeSync(log, `start at ${new Date().toISOString()}\n`)
  } catch (cause) {
    if (isLotusError(cause)) throw cause
    throw clientErrors.HOME_UNWRITABLE({
      value: place.home,
      detail: (cause as NodeJS.ErrnoException).code ?? String(cause),
      cause,
    })
  }
  try {
    const { open, handed } = splitEnvironment(environment)
    const options = handed === undefined ? args : [...args, handedOption]
    const child = spawn(process.execPath, [...nodeOptions, join(place.root, 'nucleus.ts'), ...options], {
      cwd: place.root,
      // one in the background is nobody's service, even where a service started it
      env: { ...memoryEnvironment, ...open, LOTUS_HOME: place.home, NOTIFY_SOCKET: undefined },
      detached: true,
      stdio: [handed === undefined ? 'ignore' : 'pipe', log, log],
    })
    // one that ends before it has read says why in its log.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(handed)
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

/** why the nucleus ended, in its own words. */
function bootFault(place: Place, exit: string): LotusError {
  let text = ''
  try {
    text = readFileSync(bootLogPath(place), 'utf8').replace(/^start at .*\n/, '')
  } catch {
    // removed meanwhile: then there is nothing to quote.
  }
  // the shape that the nucleus gives to what ends a boot; other errors are shown without what Node adds to them.
  const told = /^lotus: can’t start: ([^]*?)\n {2}to do: ([^]*)$/m.exec(text)
  if (told !== null) {
    const data = toErrorData(clientErrors.START_FAILED({ fix: told[2]!.trim() }))
    return new LotusError({ ...data, message: `LOTUS can’t start: ${told[1]!.trim()}` })
  }
  const lines = text.split('\n').filter((line) => !/^\s+at |^Node\.js v|^\s*$/.test(line))
  const last = lines.slice(-10).join('\n')
  return clientErrors.START_FAILED({ detail: exit, ...(last === '' ? {} : { fix: last }) })
}

async function askHealth(record: NucleusRecord): Promise<Record<string, unknown> | undefined> {
  try {
    return (await createClient(record.url, undefined).probe({ path: '/health', timeoutMs: 2000 })).body
  } catch (fault) {
    // not listening yet, or no longer: the caller sees from the process which of both.
    if (isLotusError(fault)) return undefined
    throw fault
  }
}

function describeUnhealthy(health: Record<string, unknown>): string {
  const modules = Object.entries((health['modules'] ?? {}) as Record<string, { status?: string; last_error?: string }>)
  const down = modules.filter(([, { status }]) => status !== 'healthy' && status !== 'degraded')
  // one cause often keeps several from working: it is told once
  const causes = Map.groupBy(down, ([, { status, last_error: error }]) =>
    (error ?? status ?? 'silent').replace(/^(?:start|load of a part): /, ''),
  )
  return [...causes].map(([cause, of]) => `${of.map(([name]) => name).join(', ')}: ${cause}`).join('; ')
}

/** leaves for the next start how this one's process died: it could not write that itself. */
function noteEnd(place: Place, child: ChildProcess): void {
  if (child.signalCode === null) return
  try {
    writeFileSync(join(place.home, 'boot', 'end'), `${child.signalCode}\n`, { mode: 0o600 })
  } catch {
    // it died before it made the folder, or the disk is full: then the next start knows as much as it sees
  }
}

function endOf(child: ChildProcess): string | undefined {
  if (child.exitCode !== null) return `exit ${child.exitCode}`
  return child.signalCode ?? undefined
}

/** waits until the nucleus that holds LOTUS_HOME is up; `child` is the one that was started for it. */
async function waitForHealth(place: Place, child: ChildProcess | undefined, terminal: Terminal): Promise<Up> {
  const progress = createProgress(terminal)
  const deadline = Date.now() + limitMs
  let unhealthySince: number | undefined
  let spawnFault: Error | undefined
  child?.once('error', (fault) => (spawnFault = fault))
  try {
    for (; Date.now() < deadline; await sleep(pollMs)) {
      progress.tick()
      if (spawnFault !== undefined) throw clientErrors.START_FAILED({ detail: spawnFault.message, cause: spawnFault })
      const holder = findHolder(place)
      const ended = child === undefined ? 'it ended' : endOf(child)
      // nobody holds the folder: our child is not that far yet, or it ended, as did whoever it gave way to.
      if (holder === undefined && ended !== undefined) {
        if (child !== undefined) noteEnd(place, child)
        throw bootFault(place, ended)
      }
      const record = readRecord(place)
      if (record === undefined || record.pid !== holder || record.url === '') continue
      const health = await askHealth(record)
      const status = textOf(health ?? {}, 'status', 'starting')
      if (health !== undefined && (status === 'healthy' || status === 'degraded')) return { record, health }
      if (health === undefined || status !== 'unhealthy') continue
      unhealthySince ??= Date.now()
      if (Date.now() - unhealthySince >= unhealthyLimitMs)
        throw clientErrors.START_FAILED({ detail: describeUnhealthy(health) })
    }
  } finally {
    progress.end()
  }
  throw clientErrors.START_FAILED({
    detail: `not healthy after ${limitMs / 1000} s`,
    fix: 'look at `lotus status` and `lotus logs`',
  })
}

/**
 * gives the nucleus that runs, starting one where none does.
 * @throws START_FAILED with what the nucleus said; HOME_UNWRITABLE
 */
export async function ensureNucleus(
  place: Place,
  terminal: Terminal,
  extra: { readonly environment?: NodeJS.ProcessEnv; readonly args?: readonly string[] } = {},
): Promise<BootResult> {
  const startedMs = Date.now()
  if (findHolder(place) !== undefined) {
    return { ...(await waitForHealth(place, undefined, terminal)), isNew: false, bootMs: Date.now() - startedMs }
  }
  // what is asked for this time only, no service could pass on
  const isPlain = Object.keys(extra.environment ?? {}).length === 0 && (extra.args ?? []).length === 0
  const service = isPlain ? findService(place) : undefined
  if (service !== undefined) {
    startService(service)
    return { ...(await waitForHealth(place, undefined, terminal)), isNew: true, bootMs: Date.now() - startedMs }
  }
  const child = spawnNucleus(place, { ...place.environment, ...extra.environment }, extra.args ?? [])
  const { record, health } = await waitForHealth(place, child, terminal)
  return { record, health, isNew: record.pid === child.pid, bootMs: Date.now() - startedMs }
}
