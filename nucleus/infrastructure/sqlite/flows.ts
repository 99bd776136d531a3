// the embedded flows: durable flows on one SQLite file. a process holds a flow by a lease that it renews; whoever finds a
// lease run out, or its holder dead, takes the flow up.
import type { Logger } from 'pino'
import type { JournalDurability } from '../../events/journal.ts'
import { flowErrors } from '../../flows/errors.ts'
import type { FlowCode, Flows, FlowState } from '../../flows/flow.ts'
import { isKnownDead, nameOfThisLife } from '../../flows/lives.ts'
import { runFlow, type FlowEnding, type RunningFlow } from '../../flows/run.ts'
import { packValue, unpackValue } from '../../flows/values.ts'
import { infrastructureErrors, stateError } from '../errors.ts'
import { flowSchemaVersion } from './flows-schema.ts'
import { createFlowTables, type FlowRow } from './flows-tables.ts'
import { openDatabase } from './open.ts'
import { openWalSync } from './sync.ts'

export interface SqliteFlowsOptions {
  readonly path: string
  readonly log: Logger
  /** `normal`: what is kept survives the death of the process; `strict`: the loss of power. default normal. */
  readonly durability?: JournalDurability
  /** how long a flow stays with a process that says nothing, milliseconds. default 10,000. */
  readonly leaseMs?: number
  /** flows that run at once in this process; more wait in the file. default 1,000. */
  readonly maxRunning?: number
  /** how long a running step may take to end when its flow is suspended. default 5,000. */
  readonly graceMs?: number
}

/** messages that may wait for one flow. */
const maxWaitingMessages = 1_000
/** how often another process' doings are looked for while somebody waits for them. */
const lookEveryMs = 250

/** opens the engine. @throws STATE_READ_ONLY, STATE_FULL, STATE_DAMAGED, STATE_NEWER, STATE_BUSY */
export function openSqliteFlows(options: SqliteFlowsOptions): Flows {
  const { path, log } = options
  const leaseMs = options.leaseMs ?? 10_000
  const maxRunning = options.maxRunning ?? 1_000
  const graceMs = options.graceMs ?? 5_000
  const database = openDatabase({ path, version: flowSchemaVersion })
  const tables = createFlowTables(database)
  const wal = options.durability === 'strict' ? openWalSync(path) : undefined
  const owner = nameOfThisLife()
  const codes = new Map<string, FlowCode>()
  const running = new Map<string, RunningFlow>()
  const settlings = new Set<Promise<void>>()
  const listeners = new Map<string, Set<() => void>>()
  // flows that hold a place already, but are still being written down
  let starting = 0
  let failure: string | undefined
  let closed: Promise<void> | undefined

  /** runs statements; an error of the file becomes one that names it. */
  const guarded = <Result>(work: () => Result): Result => {
    if (!database.open) throw flowErrors.FLOWS_CLOSED()
    try {
      const result = work()
      failure = undefined
      return result
    } catch (error) {
      const reason = stateError(error, path)
      failure = reason?.message
      throw reason ?? infrastructureErrors.STORE_QUERY_FAILED({ value: path, cause: error })
    }
  }
  const durable = async <Result>(work: () => Result): Promise<Result> => {
    const result = guarded(work)
    await wal?.sync()
    return result
  }

  const tell = (id: string): void => {
    for (const wake of listeners.get(id) ?? []) wake()
  }
  /** resolves when something has happened to a flow here, or when it is time to look what others did. */
  const somethingHappened = (id: string, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const waiting = listeners.get(id) ?? new Set()
      listeners.set(id, waiting)
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        waiting.delete(done)
        if (waiting.size === 0) listeners.delete(id)
        resolve()
      }
      const timer = setTimeout(done, lookEveryMs)
      waiting.add(done)
      signal.addEventListener('abort', done, { once: true })
      if (signal.aborted) done()
    })

  const settle = async (flow: RunningFlow): Promise<void> => {
    const ending = await flow.ending
    try {
      await keepEnding(flow.id, ending)
    } catch (error) {
      // the lease runs out, and the flow is taken up by whoever can write
      log.error({ err: error, flow: flow.id }, 'the end of a flow could not be kept')
    }
  }
  const keepEnding = async (id: string, ending: FlowEnding): Promise<void> => {
    const now = Date.now()
    if (ending.status === 'suspended') return void guarded(() => tables.release(id, owner, now))
    const result = ending.status === 'completed' ? ending.result : null
    const error = ending.status === 'failed' ? ending.error : null
    await durable(() => tables.end({ id, owner, status: ending.status, result, error, now }))
  }

  /** runs a flow that this process holds. */
  const work = (id: string, name: string, code: FlowCode, input: string | null): void => {
    const flow = runFlow(id, name, code, unpackValue(input), {
      entries: () => guarded(() => tables.entries(id)),
      keep: (entry) => durable(() => tables.keep({ flow: id, owner, ...entry })),
      take: (entry, topic) => durable(() => tables.takeMessage({ flow: id, owner, ...entry }, topic)),
      messageMayHaveCome: (signal) => somethingHappened(id, signal),
    })
    running.set(id, flow)
    const settling = settle(flow).finally(() => {
      settlings.delete(settling)
      running.delete(id)
      tell(id)
      // there is room again for one that waits
      if (running.size === maxRunning - 1) takeUpSoon()
    })
    settlings.add(settling)
  }

  const takeUp = (): number => {
    if (codes.size === 0 || closed !== undefined) return 0
    return guarded(() => {
      for (const other of tables.otherOwners(owner)) if (isKnownDead(other)) tables.disown(other)
      const free = maxRunning - running.size - starting
      if (free <= 0) return 0
      let number = 0
      // those that others hold are looked at too, so more are read than can be taken
      for (const row of tables.unfinished(Array.from(codes.keys()), free + 1_000)) {
        if (number === free) break
        const code = codes.get(row.name)
        const now = Date.now()
        if (code === undefined || running.has(row.id)) continue
        if (!tables.claim(row.id, owner, now, now + leaseMs)) continue
        const input = tables.flow(row.id)?.input ?? null
        number += 1
        work(row.id, row.name, code, input)
      }
      return number
    })
  }
  let soon = false
  const takeUpSoon = (): void => {
    if (soon) return
    soon = true
    setImmediate(() => {
      soon = false
      attempt(takeUp)
    })
  }
  /** what is done at intervals is done again at the next; health tells what went wrong. */
  const attempt = (work: () => unknown): void => {
    try {
      if (closed === undefined) work()
    } catch (error) {
      log.error({ err: error }, 'flows could not be looked after')
    }
  }
  const beat = (): void => {
    if (running.size === 0) return
    guarded(() => {
      tables.renew(owner, Date.now() + leaseMs)
      const ours = new Set(tables.owned(owner))
      for (const flow of running.values()) {
        if (!ours.has(flow.id))
          flow.abort(flowErrors.FLOW_SUSPENDED({ value: flow.name, detail: 'it is held elsewhere' }))
      }
    })
  }
  const heart = setInterval(() => attempt(beat), leaseMs / 3)
  const rounds = setInterval(() => attempt(takeUp), leaseMs / 2)
  heart.unref()
  rounds.unref()

  const rowOf = (id: string): FlowRow => {
    const row = guarded(() => tables.flow(id))
    if (row === undefined) throw flowErrors.FLOW_UNKNOWN({ value: id })
    return row
  }

  return Object.freeze<Flows>({
    backend: 'sqlite',
    define: (name, code) => {
      if (closed !== undefined) throw flowErrors.FLOWS_CLOSED()
      if (codes.has(name)) throw flowErrors.FLOW_TAKEN({ value: name })
      const mine = code as FlowCode
      codes.set(name, mine)
      takeUpSoon()
      return async () => {
        if (codes.get(name) === mine) codes.delete(name)
        const its = Array.from(running.values()).filter((flow) => flow.name === name)
        await Promise.all(its.map((flow) => flow.suspend(graceMs)))
      }
    },
    start: async (name, id, input) => {
      const packed = packValue(`input of ${name}`, input)
      const code = closed === undefined && running.size + starting < maxRunning ? codes.get(name) : undefined
      const now = Date.now()
      const holder = code === undefined ? null : owner
      const status = holder === null ? 'waiting' : 'running'
      starting += 1
      let isNew: boolean
      try {
        isNew = await durable(() =>
          tables.insertFlow({ id, name, input: packed, status, owner: holder, leaseUntil: now + leaseMs, now }),
        )
      } finally {
        starting -= 1
      }
      if (isNew && code !== undefined) work(id, name, code, packed)
      if (isNew) return
      const there = rowOf(id)
      if (there.name !== name) throw flowErrors.FLOW_CONFLICT({ value: id, detail: `it is a flow ${there.name}` })
    },
    ended: async (id, { timeoutMs, signal }) => {
      const limit = AbortSignal.timeout(Math.min(timeoutMs, 2_147_483_647))
      const stop = signal === undefined ? limit : AbortSignal.any([limit, signal])
      for (;;) {
        const row = rowOf(id)
        if (row.status !== 'waiting' && row.status !== 'running') return stateOf(row)
        if (stop.aborted) throw flowErrors.FLOW_STILL_RUNNING({ value: id, detail: `${timeoutMs} ms` })
        await somethingHappened(id, stop)
      }
    },
    send: async (id, topic, message, messageId) => {
      const body = packValue(`message ${topic}`, message)
      const row = rowOf(id)
      if (guarded(() => tables.hasMessage(id, messageId))) return
      if (row.status !== 'waiting' && row.status !== 'running') throw flowErrors.FLOW_ENDED({ value: id })
      if (guarded(() => tables.waitingMessages(id)) >= maxWaitingMessages) throw flowErrors.FLOW_BUSY({ value: id })
      await durable(() => tables.insertMessage(id, messageId, topic, body))
      tell(id)
    },
    cancel: async (id) => {
      rowOf(id)
      const error = flowErrors.FLOW_CANCELLED()
      const told = JSON.stringify({ code: error.code, message: error.message })
      const cancelled = await durable(() => tables.cancel(id, told, Date.now()))
      if (cancelled) running.get(id)?.abort(error)
      tell(id)
      return cancelled
    },
    state: async (id) => {
      const row = guarded(() => tables.flow(id))
      return row === undefined ? undefined : stateOf(row)
    },
    entries: async (id) => guarded(() => tables.entries(id).map(({ position, name }) => ({ position, name }))),
    list: async (query = {}) => guarded(() => tables.list(query).map(stateOf)),
    recover: async () => takeUp(),
    retain: async ({ maxAgeMs, maxEnded }) => {
      let forgotten = 0
      for (;;) {
        const some = guarded(() => tables.forget(Date.now() - maxAgeMs, maxEnded))
        forgotten += some
        if (some < 500) return forgotten
        // a long list is forgotten in pieces, so that flows go on between them
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    statistics: async () => {
      const numbers = new Map(guarded(() => tables.counts()).map(({ status, number }) => [status, number]))
      return {
        running: numbers.get('running') ?? 0,
        waiting: numbers.get('waiting') ?? 0,
        failed: numbers.get('failed') ?? 0,
      }
    },
    isOpen: () => true,
    health: () =>
      failure === undefined
        ? { backend: 'sqlite', status: 'healthy' }
        : { backend: 'sqlite', status: 'unhealthy', reason: failure },
    close: () =>
      (closed ??= (async () => {
        clearInterval(heart)
        clearInterval(rounds)
        await Promise.all(Array.from(running.values(), (flow) => flow.suspend(graceMs)))
        await Promise.all(settlings)
        wal?.close()
        database.close()
      })()),
  })
}

function stateOf(row: FlowRow): FlowState {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    ...(row.status === 'completed' ? { result: unpackValue(row.result) } : {}),
    ...(row.error === null ? {} : { error: JSON.parse(row.error) as { code: string; message: string } }),
    ...(row.owner === null ? {} : { owner: row.owner }),
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
  }
}
