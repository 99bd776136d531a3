// durable flows on DBOS: their steps are kept in Postgres, several nuclei share them, and a dead one's are taken up by
// another. DBOS keeps the log and hands out the work; what a flow may do is the same as on the embedded engine.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import type { DBOS as Dbos, WorkflowStatus } from '@dbos-inc/dbos-sdk'
import pg from 'pg'
import type { Logger } from 'pino'
import { flowErrors } from '../../flows/errors.ts'
import type { FlowCode, Flows, FlowState, FlowStatus } from '../../flows/flow.ts'
import { isKnownDead, nameOfThisLife } from '../../flows/lives.ts'
import { runFlow, type RunningFlow } from '../../flows/run.ts'
import { packValue, unpackValue } from '../../flows/values.ts'
import { createFlowLog } from './flows-log.ts'
import { createPostgresFlowTables, flowSchema } from './flows-tables.ts'

export interface DbosFlowsOptions {
  readonly url: string
  readonly log: Logger
  /** how long a flow stays with a process that says nothing, milliseconds. default 10,000. */
  readonly leaseMs?: number
  /** flows that run at once in this process; more wait. default 1,000. */
  readonly maxRunning?: number
  /**
   * flows that are run where they are started, at once; what comes beyond goes to the queue of its name, where every nucleus
   * that has the code takes it. default 16.
   */
  readonly maxLocal?: number
  /** how long a running step may take to end when its flow is suspended. default 5,000. */
  readonly graceMs?: number
}

/** messages of one flow, taken and waiting. */
const maxMessages = 1_000
/** how often another process' doings are looked for while somebody waits for them. */
const lookEveryMs = 250
/** how often DBOS looks for flows that wait for a process. */
const pollEveryMs = 100
/** the version under which DBOS takes flows up again; it changes when kept flows can't be read any more. */
const logVersion = 'lotus-1'
/** how long a flow rests whose log could not be read or written. */
const restMs = 1_000

// processes that have no code for a flow must not be handed it: each name has a queue of its own
const queueOf = (name: string): string => `flow ${name}`

/** opens the engine; one at a time in a process, as DBOS is. @throws FLOWS_PACKAGE_MISSING and what Postgres says */
export async function openDbosFlows(options: DbosFlowsOptions): Promise<Flows> {
  const { log } = options
  const leaseMs = options.leaseMs ?? 10_000
  const maxRunning = options.maxRunning ?? 1_000
  const maxLocal = Math.min(maxRunning, options.maxLocal ?? 16)
  const graceMs = options.graceMs ?? 5_000
  const { DBOS, listenTo } = await loadDbos()
  const life = nameOfThisLife()
  const pool = new pg.Pool({ connectionString: options.url, max: 12, connectionTimeoutMillis: 5_000 })
  let failure: string | undefined
  pool.on('error', (error) => {
    failure = error.message
  })
  const tables = createPostgresFlowTables(pool)
  // what is asked of DBOS from within a flow must not become a step of that flow
  const outside = AsyncLocalStorage.snapshot()
  const codes = new Map<string, FlowCode>()
  const running = new Map<string, RunningFlow>()
  const wakers = new Set<() => void>()
  let places = maxRunning
  let closed: Promise<void> | undefined

  const wakeAll = (): void => {
    for (const wake of Array.from(wakers)) wake()
  }
  const somethingHappened = (signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        wakers.delete(done)
        resolve()
      }
      const timer = setTimeout(done, lookEveryMs)
      wakers.add(done)
      signal?.addEventListener('abort', done, { once: true })
      if (signal?.aborted === true) done()
    })
  /** waits for code and for a place to run it. where the engine is closed nobody waits: the flow is taken up elsewhere. */
  const codeFor = async (name: string): Promise<FlowCode> => {
    for (;;) {
      if (closed !== undefined) await new Promise(() => undefined)
      const code = codes.get(name)
      if (code !== undefined && places > 0) {
        places -= 1
        return code
      }
      await somethingHappened()
    }
  }

  /** what DBOS runs for every flow, whatever its name. */
  const work = async (name: string, input: string | null): Promise<string | null> => {
    const id = DBOS.workflowID ?? ''
    const flowLog = await createFlowLog({ DBOS, id, outside, tables, messageMayHaveCome: somethingHappened })
    for (;;) {
      const code = await codeFor(name)
      const flow = runFlow(id, name, code, unpackValue(input), flowLog)
      running.set(id, flow)
      const ending = await flow.ending
      running.delete(id)
      places += 1
      wakeAll()
      if (ending.status === 'completed') return ending.result
      if (ending.status === 'failed') throw new Error(ending.error)
      // DBOS knows what to do about its own: cancelled, or worked on by another process
      if (flowLog.stoppedBy !== undefined) throw flowLog.stoppedBy
      if (codes.get(name) === code) await wait(restMs)
    }
  }
  const execute = DBOS.registerWorkflow(work, { name: 'lotus-flow', maxRecoveryAttempts: 1_000 })

  try {
    DBOS.setConfig({
      name: 'lotus',
      systemDatabaseUrl: options.url,
      systemDatabasePool: pool,
      systemDatabaseSchemaName: flowSchema,
      executorID: life,
      applicationVersion: logVersion,
      listenQueues: [],
      logger: loggerFor(log),
    })
    await tables.inTurn(async () => {
      await tables.create()
      await tables.beat(life)
      await DBOS.launch()
    })
  } catch (error) {
    await DBOS.shutdown({ deregister: true })
    await pool.end()
    throw error
  }

  const open = (): void => {
    if (closed !== undefined) throw flowErrors.FLOWS_CLOSED()
  }
  /** asks DBOS or Postgres, outside of every flow. */
  const ask = async <Result>(question: () => Promise<Result>): Promise<Result> => {
    open()
    const answer = await outside(question)
    failure = undefined
    return answer
  }
  const statusOf = async (id: string): Promise<WorkflowStatus | undefined> =>
    (await ask(() => DBOS.getWorkflowStatus(id))) ?? undefined
  const known = async (id: string): Promise<WorkflowStatus> => {
    const status = await statusOf(id)
    if (status === undefined) throw flowErrors.FLOW_UNKNOWN({ value: id })
    return status
  }
  /** the queue of a name; it is there for every nucleus. */
  const queues = new Map<string, Promise<unknown>>()
  const prepareQueue = (name: string): Promise<unknown> => {
    const queue = queueOf(name)
    const ready =
      queues.get(name) ??
      outside(() => DBOS.registerQueue(queue, { minPollingIntervalMs: pollEveryMs, onConflict: 'always_update' }))
    queues.set(name, ready)
    // one that failed is tried again by whoever needs it next
    ready.catch(() => queues.delete(name))
    return ready
  }

  const takeUp = async (): Promise<number> => {
    let number = 0
    await tables.alone(async () => {
      for (const holder of await tables.holders()) {
        const silentMs = holder.silent_ms ?? Number.POSITIVE_INFINITY
        if (holder.life === life || (silentMs < leaseMs && !isKnownDead(holder.life))) continue
        const left = await DBOS.listWorkflows({ executorId: holder.life, status: 'PENDING', loadInput: true })
        for (const flow of left) {
          const name = nameOf(flow)
          await prepareQueue(name)
          await DBOS.resumeWorkflow(flow.workflowID, { queueName: queueOf(name) })
          number += 1
        }
        await tables.leave(holder.life)
      }
    })
    return number
  }
  /** what is done at intervals is done again at the next; health tells what went wrong. */
  const regularly = (everyMs: number, round: () => Promise<unknown>): NodeJS.Timeout => {
    let under = false
    const timer = setInterval(() => {
      if (under) return
      under = true
      outside(round)
        .then(
          () => {
            failure = undefined
          },
          (error: unknown) => {
            failure = error instanceof Error ? error.message : String(error)
            log.warn({ err: error }, 'flows could not be looked after')
          },
        )
        .finally(() => {
          under = false
        })
    }, everyMs)
    return timer.unref()
  }
  const timers = [regularly(leaseMs / 3, () => tables.beat(life)), regularly(leaseMs / 2, takeUp)]
  await outside(takeUp)

  return Object.freeze<Flows>({
    backend: 'dbos',
    define: (name, code) => {
      open()
      if (codes.has(name)) throw flowErrors.FLOW_TAKEN({ value: name })
      const mine = code as FlowCode
      codes.set(name, mine)
      listenTo(queueOf(name))
      prepareQueue(name).catch((error: unknown) => log.warn({ err: error, flow: name }, 'no queue for this flow yet'))
      wakeAll()
      return async () => {
        if (codes.get(name) === mine) codes.delete(name)
        const its = Array.from(running.values()).filter((flow) => flow.name === name)
        await Promise.all(its.map((flow) => flow.suspend(graceMs)))
      }
    },
    start: async (name, id, input) => {
      open()
      const packed = packValue(`input of ${name}`, input)
      const here = codes.has(name) && running.size < maxLocal
      if (!here) await ask(() => prepareQueue(name))
      const handle = await ask(() =>
        DBOS.startWorkflow(execute, {
          workflowID: id,
          workflowAttributes: { flow: name },
          ...(here ? {} : { queueName: queueOf(name) }),
        })(name, packed),
      )
      // how it ends is asked for by whoever wants to know
      if (here)
        handle
          .getResult()
          .catch(() => undefined)
          .finally(wakeAll)
      const there = await known(id)
      if (nameOf(there) !== name) throw flowErrors.FLOW_CONFLICT({ value: id, detail: `it is a flow ${nameOf(there)}` })
    },
    ended: async (id, { timeoutMs, signal }) => {
      const limit = AbortSignal.timeout(Math.min(timeoutMs, 2_147_483_647))
      const stop = signal === undefined ? limit : AbortSignal.any([limit, signal])
      for (;;) {
        const state = stateOf(await known(id))
        if (state.status !== 'waiting' && state.status !== 'running') return state
        if (stop.aborted) throw flowErrors.FLOW_STILL_RUNNING({ value: id, detail: `${timeoutMs} ms` })
        await somethingHappened(stop)
      }
    },
    send: async (id, topic, message, messageId) => {
      const body = packValue(`message ${topic}`, message)
      const { status } = stateOf(await known(id))
      if (await ask(() => tables.hasMessage(id, messageId))) return
      if (status !== 'waiting' && status !== 'running') throw flowErrors.FLOW_ENDED({ value: id })
      if ((await ask(() => tables.countMessages(id))) >= maxMessages) throw flowErrors.FLOW_BUSY({ value: id })
      await ask(() => tables.insertMessage(id, messageId, topic, body))
      wakeAll()
    },
    cancel: async (id) => {
      const { status } = stateOf(await known(id))
      if (status !== 'waiting' && status !== 'running') return false
      await ask(() => DBOS.cancelWorkflow(id))
      running.get(id)?.abort(flowErrors.FLOW_CANCELLED())
      wakeAll()
      return true
    },
    state: async (id) => {
      const status = await statusOf(id)
      return status === undefined ? undefined : stateOf(status)
    },
    entries: async (id) =>
      ((await ask(() => DBOS.listWorkflowSteps(id))) ?? []).map(({ output }) => {
        const { position, name } = JSON.parse(output as string) as { position: number; name: string }
        return { position, name }
      }),
    list: async ({ status, name, limit = 100 } = {}) =>
      (
        await ask(() =>
          DBOS.listWorkflows({
            limit: Math.min(limit, 1_000),
            sortDesc: true,
            loadInput: true,
            loadOutput: true,
            ...(status === undefined ? {} : { status: Array.from(wordsOfDbos[status]) }),
            ...(name === undefined ? {} : { attributes: { flow: name } }),
          }),
        )
      ).map(stateOf),
    recover: () => ask(takeUp),
    retain: async ({ maxAgeMs, maxEnded }) => {
      let forgotten = 0
      for (;;) {
        const some = await ask(() => tables.old(Date.now() - maxAgeMs, maxEnded))
        if (some.length > 0) {
          await ask(() => DBOS.deleteWorkflows(some))
          await ask(() => tables.forgetMessages(some))
        }
        forgotten += some.length
        if (some.length < 500) return forgotten
      }
    },
    statistics: async () => {
      const numbers = await ask(() => tables.counts())
      const count = (status: FlowStatus): number =>
        wordsOfDbos[status].reduce((sum, word) => sum + (numbers.get(word) ?? 0), 0)
      return { running: count('running'), waiting: count('waiting'), failed: count('failed') }
    },
    isOpen: () => true,
    health: () =>
      failure === undefined
        ? { backend: 'dbos', status: 'healthy' }
        : { backend: 'dbos', status: 'degraded', reason: failure },
    close: () =>
      (closed ??= (async () => {
        for (const timer of timers) clearInterval(timer)
        await Promise.all(Array.from(running.values(), (flow) => flow.suspend(graceMs)))
        await outside(async () => {
          // what is left of this process is taken up at once
          await tables.leave(life).catch((error: unknown) => log.warn({ err: error }, 'flows are taken up later'))
          await DBOS.shutdown({ deregister: true })
        })
        await pool.end()
      })()),
  })
}

type DbosWord = Exclude<Parameters<typeof Dbos.listWorkflows>[0]['status'], readonly unknown[] | undefined>

const wordsOfDbos: Readonly<Record<FlowStatus, readonly DbosWord[]>> = {
  waiting: ['ENQUEUED', 'DELAYED'],
  running: ['PENDING'],
  completed: ['SUCCESS'],
  failed: ['ERROR', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'],
  cancelled: ['CANCELLED'],
}

function nameOf(workflow: WorkflowStatus): string {
  const name = workflow.input?.[0] ?? workflow.attributes?.['flow']
  return typeof name === 'string' ? name : workflow.workflowName
}

function stateOf(workflow: WorkflowStatus): FlowState {
  const found = Object.entries(wordsOfDbos).find(([, words]) => words.some((word) => word === workflow.status))
  const status = (found?.[0] ?? 'failed') as FlowStatus
  const error = errorOf(workflow, status)
  return {
    id: workflow.workflowID,
    name: nameOf(workflow),
    status,
    ...(status === 'completed' ? { result: unpackValue((workflow.output ?? null) as string | null) } : {}),
    ...(error === undefined ? {} : { error }),
    ...(status === 'running' && workflow.executorId !== undefined ? { owner: workflow.executorId } : {}),
    createdAtMs: workflow.createdAt,
    updatedAtMs: workflow.updatedAt ?? workflow.createdAt,
  }
}

function errorOf({ error, status: word }: WorkflowStatus, status: FlowStatus): FlowState['error'] {
  if (status === 'cancelled') {
    const { code, message } = flowErrors.FLOW_CANCELLED()
    return { code, message }
  }
  if (status !== 'failed') return undefined
  const text = error instanceof Error ? error.message : word
  try {
    return JSON.parse(text) as { code: string; message: string }
  } catch {
    // not one of ours: DBOS has given the flow up by itself
    return { code: 'INTERNAL', message: text }
  }
}

function loggerFor(log: Logger) {
  const text = (entry: unknown): string => (entry instanceof Error ? entry.message : String(entry))
  return {
    // what DBOS tells at every start is of interest only where something is looked for
    info: (entry: unknown) => log.debug({ from: 'dbos' }, text(entry)),
    debug: (entry: unknown) => log.trace({ from: 'dbos' }, text(entry)),
    warn: (entry: unknown) => log.warn({ from: 'dbos' }, text(entry)),
    error: (entry: unknown) => log.error({ from: 'dbos' }, text(entry)),
  }
}

/** the package is optional: it is loaded where flows are to be on Postgres. */
async function loadDbos(): Promise<{ DBOS: typeof Dbos; listenTo: (queue: string) => void }> {
  try {
    const [{ DBOS }, { registerPollerQueue }] = await Promise.all([
      import('@dbos-inc/dbos-sdk'),
      import('@dbos-inc/dbos-sdk/eventreceiver'),
    ])
    return { DBOS, listenTo: registerPollerQueue }
  } catch (error) {
    throw flowErrors.FLOWS_PACKAGE_MISSING({ cause: error })
  }
}
