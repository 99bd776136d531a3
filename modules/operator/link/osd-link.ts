// the operator's line to lotus-osd: keeps it running, reconnects after its end, and lets calls wait a moment meanwhile.
import { setTimeout as sleep } from 'node:timers/promises'
import { isLotusError } from '../../../nucleus/errors.ts'
import { connectPeer } from '../../../nucleus/wire/peer.ts'
import type { CallOptions, Peer, PeerOptions } from '../../../nucleus/wire/peer.ts'
import { operatorErrors } from '../errors.ts'
import type { Hello, OsdHealth } from '../osd/protocol.ts'
import type { LogLine, OsdChild } from './osd-child.ts'

export interface LinkOptions {
  readonly socket: string
  readonly secret: string
  /** a former generation of this module has left a running osd, which knows this secret. */
  readonly isLeft: boolean
  /** starts a new osd. */
  start(): Promise<OsdChild>
  readonly onCall: NonNullable<PeerOptions['onCall']>
  readonly onNotice: NonNullable<PeerOptions['onNotice']>
  /** the connection stands; called before the first call goes out. */
  onConnected(peer: Peer): Promise<void>
  readonly log: LogLine
}

export interface OsdLink {
  /**
   * @throws OSD_DOWN when osd does not come back within some seconds; OSD_RESTARTED for a ticket of the osd before this
   * one; and what the method throws.
   */
  call(method: string, params?: unknown, options?: CallOptions): Promise<unknown>
  health(): Promise<{
    status: 'healthy' | 'degraded' | 'unhealthy'
    reason?: string
    details: Record<string, string | number | boolean>
  }>
  /** ends osd, or leaves it running where another generation of this module is attached to it. */
  close(): Promise<void>
}

const firstDelayMs = 50
const maxDelayMs = 10_000
const patienceMs = 5_000
const stopMs = 15_000
const stopAnswerMs = 2_000
// no ticket expires sooner: what a younger osd does not know was given by the one before it.
const shortestTicketMs = 600_000

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** waits until the process has ended. */
async function waitForEnd(pid: number): Promise<void> {
  for (let waitedMs = 0; isAlive(pid) && waitedMs < stopMs; waitedMs += 20) await sleep(20)
}

/** connects to a running osd where there is one, else starts one. resolves when it can be called. */
export async function openOsdLink(options: LinkOptions): Promise<OsdLink> {
  let peer: Peer | undefined
  let child: OsdChild | undefined
  let pid = 0
  let closing = false
  let keeping = false
  let restarts = 0
  let restartedMs = Number.NEGATIVE_INFINITY
  let lastFailure = ''
  let downSinceMs = Date.now()
  let waiting: (() => void)[] = []

  async function connect(): Promise<void> {
    const connected = await connectPeer(options.socket, {
      onCall: options.onCall,
      onNotice: options.onNotice,
      onClose() {
        if (peer !== connected) return
        peer = undefined
        downSinceMs = Date.now()
        if (!closing) void keepUp()
      },
    })
    try {
      const hello = (await connected.call('nucleus.attach', { secret: options.secret })) as Hello
      pid = hello.pid
      await options.onConnected(connected)
    } catch (error) {
      connected.close()
      throw error
    }
    peer = connected
    lastFailure = ''
    for (const wake of waiting) wake()
    waiting = []
  }

  async function adoptOrStart(): Promise<void> {
    try {
      await connect()
    } catch (error) {
      // nobody there, somebody who is not ours, or nobody who speaks like osd: a new one says what is in its way.
      const isElse = ['WIRE_UNREACHABLE', 'NOT_ATTACHED', 'WIRE_CLOSED', 'WIRE_MALFORMED', 'WIRE_METHOD_UNKNOWN']
      if (!isElse.some((code) => isLotusError(error, code))) throw error
      await startAndConnect()
    }
  }

  async function startAndConnect(): Promise<void> {
    child = await options.start()
    await connect()
  }

  const isWanted = (): boolean => !closing && peer === undefined

  /** brings osd back, more slowly each time it fails. */
  async function keepUp(): Promise<void> {
    if (keeping) return
    keeping = true
    for (let delayMs = firstDelayMs; isWanted(); delayMs = Math.min(delayMs * 2, maxDelayMs)) {
      if (child !== undefined) {
        // it holds the lock on LOTUS_HOME until it has ended.
        const reason = await Promise.race([child.ended, sleep(stopMs, 'it lost its connection')])
        options.log('error', 'lotus-osd has ended', { reason })
        lastFailure = reason
      }
      await sleep(delayMs)
      if (isWanted()) await startAgain()
    }
    keeping = false
  }

  async function startAgain(): Promise<void> {
    restarts += 1
    try {
      await startAndConnect()
      restartedMs = performance.now()
      options.log('info', 'lotus-osd was started again', { restarts })
    } catch (error) {
      child = undefined
      lastFailure = error instanceof Error ? error.message : String(error)
      options.log('error', 'lotus-osd could not be started again', { reason: lastFailure })
    }
  }

  /** asks osd to end; gives whether it does. */
  async function stops(asked: Peer): Promise<boolean> {
    try {
      const { stops: isEnding } = (await asked.call('osd.stop', {}, { timeoutMs: stopAnswerMs })) as { stops: boolean }
      return isEnding
    } catch (error) {
      // one that no longer answers is ended by force where it is ours
      options.log('warn', 'lotus-osd did not say whether it ends', { reason: String(error) })
      return child !== undefined
    }
  }

  async function whenReady(): Promise<Peer> {
    if (peer !== undefined) return peer
    const connected = new Promise<void>((resolve) => waiting.push(resolve))
    await Promise.race([connected, sleep(patienceMs, undefined, { ref: false })])
    if (peer === undefined) throw operatorErrors.OSD_DOWN({ detail: lastFailure })
    return peer
  }

  if (options.isLeft) await adoptOrStart()
  else await startAndConnect()

  return {
    async call(method, params, callOptions) {
      const ready = await whenReady()
      try {
        return await ready.call(method, params, callOptions)
      } catch (error) {
        const isYoung = performance.now() - restartedMs < shortestTicketMs
        // without its ticket nothing is begun, so that this is the whole story
        if (isYoung && isLotusError(error, 'TICKET_UNKNOWN')) throw operatorErrors.OSD_RESTARTED({ cause: error })
        throw error
      }
    },
    async health() {
      if (peer === undefined) {
        const down = `lotus-osd is not there since ${new Date(downSinceMs).toISOString()}`
        return {
          status: 'unhealthy',
          reason: lastFailure === '' ? down : `${down}: ${lastFailure}`,
          details: { restarts },
        }
      }
      const { status, problems, details } = (await peer.call('osd.health', {}, { timeoutMs: 1_500 })) as OsdHealth
      return {
        status,
        ...(problems.length === 0 ? {} : { reason: problems.join('; ') }),
        details: { ...details, restarts },
      }
    },
    async close() {
      closing = true
      try {
        // only osd knows who else goes on with it: the next generation, or the one before where the next has failed
        if (peer === undefined) await child?.stop(stopMs)
        else if (await stops(peer)) await (child?.stop(stopMs) ?? waitForEnd(pid))
      } finally {
        peer?.close()
      }
    },
  }
}
