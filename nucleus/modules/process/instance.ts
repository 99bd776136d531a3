// one generation of a module in a process of its own: for the kernel an instance like any other.
import { toErrorData } from '../../errors.ts'
import type { ModuleHealth } from '../../health/health.ts'
import { createScope, settlesWithin, type ScopeReport } from '../../scope.ts'
import { remoteService, type RemoteService } from '../../services/provider.ts'
import { buildContext } from '../context.ts'
import { moduleErrors } from '../errors.ts'
import { checkServices, createInstance, startWithin, type Instance, type InstanceParts } from '../instance.ts'
import type { FoundModule } from '../manifest.ts'
import type { StopReport } from '../module.ts'
import { parseServiceReference } from '../service-reference.ts'
import { createChannel, type Channel } from './channel.ts'
import { traceToTell, type FarState, type Providers, type StartedFar } from './protocol.ts'
import { createSession, type Session } from './session.ts'
import { spawnModule, type ModuleProcess } from './spawn.ts'
import { watchProcess } from './watch.ts'

/** code that was imported and judged, and runs nothing yet. */
export interface PreparedProcess {
  /** @throws what its start throws; the process has ended then. */
  start(parts: ProcessInstanceParts): Promise<Instance>
  /** ends the process. */
  discard(): void
}

export type ProcessInstanceParts = InstanceParts & {
  /** the process has ended by itself, or was ended because of what it took; its calls have been rejected. */
  readonly onEnd: (error: Error) => void
}

export interface PrepareParts {
  readonly found: FoundModule
  readonly root: string
  readonly home?: string
  readonly onLine: (line: string) => void
}

/** how long the process has to release what it holds and to end; beyond it, it is killed. */
const endMs = 22_000
const exitMs = 2_000
/** how long its handlers may take to end before it hands over its state. */
const pauseMs = 6_000
const mebibyte = 1024 * 1024
/** so much of a second not listened to means that it floods. */
const floodShare = 0.3

/**
 * starts the process and imports the code in it.
 * @throws MODULE_PROCESS_BROKEN, MODULE_PROCESS_ENDED, MODULE_IMPORT_FAILED, MODULE_INVALID, MODULE_START_TIMED_OUT
 */
export async function prepareProcess({ found, root, home, onLine }: PrepareParts): Promise<PreparedProcess> {
  const { manifest, folder } = found
  const own = await spawnModule({ found, root, onLine, ...(home === undefined ? {} : { home }) })
  let session: Session | undefined
  let onClose = (): void => undefined
  const asked = (name: string) => (session ?? refuse(name)).functions[name]
  const channel = createChannel(own.socket, {
    whenFull: 'refuse',
    maxMessagesPerSecond: manifest.limits.messages,
    onClose: () => onClose(),
    functions: Object.fromEntries(
      ['emit', 'subscribe', 'unsubscribe', 'call', 'resource', 'log', 'failed'].map((name) => [
        name,
        (...parameters: never[]) => asked(name)?.(...parameters),
      ]),
    ),
    sources: { call: (...parameters: never[]) => (session ?? refuse('call')).sources['call']!(...parameters) },
  })
  // what it has started may hold the connection open after its end
  void own.ended.then((how) => channel.close(moduleErrors.MODULE_PROCESS_ENDED({ value: manifest.name, detail: how })))
  const discard = (): void => {
    channel.close(moduleErrors.MODULE_PROCESS_ENDED({ value: manifest.name }))
    own.kill()
  }
  try {
    await within(manifest.startTimeoutMs, manifest.name, channel.call('prepare', { manifest, folder, root }))
  } catch (error) {
    discard()
    throw await explain(error, own, manifest.name)
  }
  return Object.freeze({
    discard,
    start: async (parts: ProcessInstanceParts) => {
      try {
        return await startProcess(parts, own, channel, {
          join: (next) => (session = next),
          onClose: (next) => (onClose = next),
        })
      } catch (error) {
        discard()
        throw await explain(error, own, manifest.name)
      }
    },
  })
}

function refuse(name: string): never {
  throw moduleErrors.MODULE_PROTOCOL({ value: name, detail: 'before the start' })
}

/** where the process has ended, how it ended says more than that its call was cut off. */
async function explain(error: unknown, own: ModuleProcess, module: string): Promise<unknown> {
  if (toErrorData(error).code !== 'MODULE_PROCESS_ENDED') return error
  if (!(await settlesWithin(own.ended, exitMs))) return error
  return moduleErrors.MODULE_PROCESS_ENDED({ value: module, detail: await own.ended })
}

async function within<Result>(limitMs: number, module: string, work: Promise<Result>): Promise<Result> {
  if (await settlesWithin(work, limitMs)) return await work
  throw moduleErrors.MODULE_START_TIMED_OUT({ value: module, detail: `${limitMs} ms` })
}

interface Wiring {
  readonly join: (session: Session) => void
  readonly onClose: (ended: () => void) => void
}

async function startProcess(
  parts: ProcessInstanceParts,
  own: ModuleProcess,
  channel: Channel,
  wiring: Wiring,
): Promise<Instance> {
  const { manifest, generation, registry } = parts
  const { name } = manifest
  const scope = createScope({
    name: `${name}#${generation}`,
    releaseTimeoutMs: endMs + exitMs,
    closeTimeoutMs: endMs + 2 * exitMs,
    onLateError: (label, error) => parts.reportFailure(`release of ${label}`, error),
  })
  const built = buildContext({ ...parts, scope })
  const log = parts.log.child({ module: name, generation })
  const session = createSession({ manifest, built, log, channel: () => channel, reportFailure: parts.reportFailure })
  wiring.join(session)

  const services = [...manifest.requires, ...manifest.uses].map((one) => parseServiceReference(one).service)
  const providers = (): Providers => Object.fromEntries(services.map((one) => [one, registry.modulesOf(one)]))
  let far: FarState = { open: [], handsOver: false }
  /** a step of its life; the answer says what it holds by now. */
  const step = async (word: string, ...parameters: unknown[]): Promise<unknown> => {
    const { result, state } = Object.assign({}, await channel.call(word, ...parameters)) as {
      result?: unknown
      state?: FarState
    }
    const open = Array.isArray(state?.open) ? state.open.map(String) : []
    far = { open: [...open, `process ${own.pid}`], handsOver: state?.handsOver === true }
    return result
  }

  let over: string | undefined
  let isWanted = false
  let isServing = false
  let hung = false
  let farReport: ScopeReport | undefined

  const end = async (): Promise<void> => {
    isWanted = true
    unwatch()
    if (!channel.closed && !hung) {
      const stopping = channel.call('stop') as Promise<ScopeReport>
      // a process that ends in the middle of this has released everything
      stopping.then((report) => (farReport = report)).catch(() => undefined)
      await settlesWithin(stopping, endMs).catch(() => false)
    }
    watch.stop()
    channel.close(moduleErrors.MODULE_PROCESS_ENDED({ value: name }))
    if (await settlesWithin(own.ended, hung ? 0 : exitMs)) return
    own.kill()
    await settlesWithin(own.ended, exitMs)
  }
  scope.defer(`process ${own.pid}`, end)
  const unwatch = registry.watch(() => channel.tell('providers', providers()))
  const watch = watchProcess(own.pid, {
    limits: manifest.limits,
    onOver: (what) => {
      over = what
      own.kill()
    },
  })
  wiring.onClose(() => {
    if (isWanted) return
    unwatch()
    watch.stop()
    // nothing may be delivered to it any more: its events wait for the next one
    const quiet = built.activity.quiet()
    void Promise.all([own.ended, quiet]).then(([how]) => {
      if (!isServing || isWanted) return
      parts.onEnd(
        over === undefined
          ? moduleErrors.MODULE_PROCESS_ENDED({ value: name, detail: how })
          : moduleErrors.MODULE_OVER_LIMIT({ value: name, detail: over }),
      )
    })
    // one that ends by itself says how; a connection that was cut for what came over it leaves a process behind
    void settlesWithin(own.ended, exitMs / 8).then((isOver) => {
      if (!isOver) own.kill()
    })
  })

  try {
    const dialect = manifest.infrastructure.includes('store') ? parts.infrastructure.store.dialect : undefined
    const asked = { generation, settings: parts.settings, previous: parts.previous, dialect, providers: providers() }
    const answer: Partial<StartedFar> = await startWithin(manifest.startTimeoutMs, name, async () =>
      Object.assign({}, await step('start', asked)),
    )
    const provided = Array.isArray(answer.services) ? answer.services.map(String) : []
    const remote = (service: string): RemoteService => ({
      [remoteService]: {
        call: (method, parameters) => channel.call('call', service, method, parameters, traceToTell()),
        stream: (method, parameters) => channel.stream('call', service, method, parameters, traceToTell()),
      },
    })
    const started = {
      services: Object.fromEntries(provided.map((service) => [service, remote(service)])),
      announce: readAnnounce(answer.announce),
    }
    checkServices(name, manifest.provides, started)
    const inner = createInstance(parts, scope, built, started, undefined)

    /** its own answer, with what the nucleus sees of it. */
    const withFacts = (health: ModuleHealth | undefined): ModuleHealth => {
      const details = {
        ...health?.details,
        process: own.pid,
        memory_mib: Math.round((watch.last?.memoryBytes ?? 0) / mebibyte),
        confined: own.unconfined === undefined,
      }
      const reasons = [
        ...(health?.reason === undefined ? [] : [health.reason]),
        ...(channel.throttled() > floodShare || session.isSlowed()
          ? ['it sends more than its limit and is slowed down']
          : []),
        ...(own.unconfined === undefined || hasLeave(manifest.permissions) ? [] : [`not confined: ${own.unconfined}`]),
      ]
      const isLess = reasons.length > (health?.reason === undefined ? 0 : 1)
      const status = (health?.status ?? 'healthy') === 'healthy' && isLess ? 'degraded' : (health?.status ?? 'healthy')
      return { status, details, ...(reasons.length === 0 ? {} : { reason: reasons.join('; ') }) }
    }
    const limited = async (word: string, ask: () => Promise<unknown>): Promise<unknown> => {
      const asking = ask()
      if (await settlesWithin(asking, manifest.healthTimeoutMs)) return await asking
      hung = true
      throw moduleErrors.HEALTH_TIMED_OUT({ value: name, detail: `${word} after ${manifest.healthTimeoutMs} ms` })
    }

    return Object.freeze({
      ...inner,
      open: () => (channel.closed ? inner.open() : far.open),
      loadParts: async () => void (await step('loadParts')),
      serve: async () => {
        isServing = true
        // what it subscribes to is opened by `inner`, which waits until nothing can be missed
        await step('serve')
        await inner.serve()
        own.giveWay()
      },
      pause: async () => {
        // its handlers may take their time: the process is not hung because of that
        if (!(await settlesWithin(step('pause'), pauseMs))) log.warn('handlers still run')
        await inner.pause()
      },
      serveAgain: async () => {
        await inner.serveAgain()
        if (!channel.closed) await limited('resume', () => step('resume'))
      },
      quiet: async () => {
        const near = inner.quiet()
        // one that has ended or hangs is quiet in its own way
        if (!channel.closed && !hung) await settlesWithin(step('quiet'), manifest.startTimeoutMs).catch(() => false)
        await near
      },
      health: async () => {
        // its answer would lie behind all that it has said: that it lives is plain
        if (channel.throttled() > floodShare) return withFacts(undefined)
        const health = await limited('health', () => step('health'))
        hung = false
        return withFacts(readHealth(health))
      },
      report: async () => {
        const report = await limited('report', () => channel.call('report'))
        return typeof report === 'object' && report !== null ? (report as StopReport) : undefined
      },
      get handsOver() {
        return far.handsOver
      },
      collect: async () => await limited('state', () => channel.call('collect')),
      stop: async () => {
        isWanted = true
        // what does not answer must not be waited for
        if (hung) own.kill()
        const report = await inner.stop()
        return {
          released: [...(farReport?.released ?? []), ...report.released],
          left: [...(farReport?.left ?? []), ...report.left],
          errors: [...(farReport?.errors ?? []), ...report.errors],
        }
      },
    })
  } catch (error) {
    isWanted = true
    const report = await scope.close()
    for (const label of report.left) log.warn({ label }, 'left open by a failed start')
    throw error
  }
}

/** whoever may run processes with all rights of LOTUS is not confined, and nobody expects it. */
function hasLeave(permissions: readonly string[]): boolean {
  return permissions.some((one) => one.startsWith('process:'))
}

function readAnnounce(announce: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(Object.assign({}, announce))
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

const statuses = new Set(['healthy', 'degraded', 'unhealthy'])

function readHealth(health: unknown): ModuleHealth | undefined {
  if (typeof health !== 'object' || health === null) return undefined
  const { status, reason, details } = health as Partial<ModuleHealth>
  return {
    status: statuses.has(String(status)) ? status! : 'unhealthy',
    ...(typeof reason === 'string' ? { reason: reason.slice(0, 1_000) } : {}),
    ...(typeof details === 'object' && details !== null ? { details } : {}),
  }
}
