// one generation of a module while it lives: started, then serving, then stopped and proven empty.
import { isLotusError, toErrorData } from '../errors.ts'
import type { ModuleHealth } from '../health/health.ts'
import { createScope, settlesWithin, type Scope, type ScopeReport } from '../scope.ts'
import type { Provision, ServiceRegistry } from '../services/registry.ts'
import { runInTrace } from '../trace.ts'
import { buildContext, type BuiltContext, type ContextParts } from './context.ts'
import { moduleErrors } from './errors.ts'
import type { ModuleDefinition, StartedModule, StopReport } from './module.ts'

/** how long the calls inside and running handlers may take when a generation ends, milliseconds. */
const drainMs = 5_000
const handOverMaxBytes = 1024 * 1024
/** how long calls inside may go on while others wait for the hand-over of state; a longer one can't change it any more. */
const calmMs = 1_000

export interface Instance {
  readonly generation: number
  /** undefined where the code is in another process. */
  readonly definition: ModuleDefinition | undefined
  readonly scope: Scope
  /** labels of what it holds, wherever that is. */
  open(): readonly string[]
  readonly announce: Readonly<Record<string, string>>
  /** loads its lazy parts, as far as nobody has asked for them yet. @throws the first failure */
  loadParts(): Promise<void>
  /** provides the services and opens subscriptions and timers; from here on the module works. */
  serve(): Promise<void>
  /**
   * before it hands over its state: no durable event and no timer changes it any more, and the calls inside have had a
   * second to end. calls that arrive are the registry's to hold.
   */
  pause(): Promise<void>
  /** takes its services back after a hand-over that failed, and goes on. */
  serveAgain(): Promise<void>
  /** closes subscriptions and timers, and gives what ran up to five seconds. */
  quiet(): Promise<void>
  /** asks the module; rejects with HEALTH_TIMED_OUT or with what the module threw. undefined: it has no check. */
  health(): Promise<ModuleHealth | undefined>
  report(): Promise<StopReport | undefined>
  /** whether it hands state to its next generation. */
  readonly handsOver: boolean
  /** what it hands over, as plain data. @throws STATE_INVALID */
  collect(): Promise<unknown>
  /** ends it: no new calls, calls inside finish, the signal is aborted, everything is released. never throws. */
  stop(): Promise<ScopeReport>
}

export type InstanceParts = Omit<ContextParts, 'scope'>

/**
 * starts one generation of a module, without letting it serve yet. what it opened is released when it fails.
 * @throws MODULE_START_FAILED, MODULE_START_TIMED_OUT, MODULE_SERVICES_DIFFER, or the module's own error with a code
 */
export async function startInstance(
  parts: InstanceParts & { readonly definition: ModuleDefinition },
): Promise<Instance> {
  const { manifest, definition, generation } = parts
  const scope = createScope({
    name: `${manifest.name}#${generation}`,
    onLateError: (label, error) => parts.reportFailure(`release of ${label}`, error),
  })
  const built = buildContext({ ...parts, scope })
  try {
    const started = await startWithin(manifest.startTimeoutMs, manifest.name, async () => {
      // a trace of its own: what start opens lives longer than whoever asked for the load
      return (await runInTrace({ module: manifest.name }, () => definition.start(built.context))) ?? {}
    })
    checkServices(manifest.name, manifest.provides, started)
    return createInstance(parts, scope, built, started, definition)
  } catch (error) {
    const report = await scope.close()
    for (const label of report.left) parts.log.warn({ module: manifest.name, label }, 'left open by a failed start')
    throw error
  }
}

/** waits for the start of a module within its time. @throws MODULE_START_FAILED, MODULE_START_TIMED_OUT, or an error with a code */
export async function startWithin<Started>(
  limitMs: number,
  module: string,
  start: () => Promise<Started>,
): Promise<Started> {
  const starting = start()
  let inTime: boolean
  try {
    inTime = await settlesWithin(starting, limitMs)
  } catch (error) {
    // an error that says what to do is worth more than one that wraps it
    if (isLotusError(error)) throw error
    throw moduleErrors.MODULE_START_FAILED({ value: module, detail: toErrorData(error).message, cause: error })
  }
  if (!inTime) throw moduleErrors.MODULE_START_TIMED_OUT({ value: module, detail: `${limitMs} ms` })
  return await starting
}

/** @throws MODULE_SERVICES_DIFFER */
export function checkServices(module: string, provides: readonly string[], started: StartedModule): void {
  const returned = Object.keys(started.services ?? {})
  const missing = provides.filter((service) => !returned.includes(service))
  const extra = returned.filter((service) => !provides.includes(service))
  if (missing.length === 0 && extra.length === 0) return
  const parts = [
    ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
    ...(extra.length > 0 ? [`not in the manifest: ${extra.join(', ')}`] : []),
  ]
  throw moduleErrors.MODULE_SERVICES_DIFFER({ value: module, detail: parts.join('; ') })
}

/** what lives from a start that went well; it does not serve yet. @param definition - the code, where it is in this process */
export function createInstance(
  parts: InstanceParts,
  scope: Scope,
  built: BuiltContext,
  started: StartedModule,
  definition: ModuleDefinition | undefined,
): Instance {
  const { manifest, generation, reportFailure } = parts
  const { name } = manifest
  const registry: ServiceRegistry = parts.registry
  const asModule = <Result>(work: () => Result | Promise<Result>): Promise<Result> =>
    runInTrace({ module: name }, async () => await work())
  let provision: Provision | undefined
  let stopped: Promise<ScopeReport> | undefined

  const quiet = async (): Promise<void> => {
    const inTime = await settlesWithin(built.activity.quiet(), drainMs)
    if (!inTime) parts.log.warn({ module: name, generation, open: scope.open() }, 'handlers still run after their time')
  }

  const stop = async (): Promise<ScopeReport> => {
    // consumers see the end of streams at once; their sources end when the signal wakes them
    const streams = provision?.withdraw() ?? Promise.resolve()
    streams.catch((error: unknown) => reportFailure('end of a stream', error))
    await quiet()
    if (provision !== undefined && !(await provision.drain(drainMs))) {
      parts.log.warn({ module: name, generation, calls: provision.inFlight() }, 'calls still run after their time')
    }
    const report = await scope.close()
    if (
      !(await settlesWithin(
        streams.catch(() => undefined),
        1_000,
      ))
    ) {
      return { ...report, left: [...report.left, 'streams'] }
    }
    return report
  }

  return Object.freeze({
    generation,
    definition,
    scope,
    open: scope.open,
    announce: started.announce ?? {},
    loadParts: built.parts.loadAll,
    serve: async () => {
      provision = registry.provide(name, generation, started.services ?? {})
      // not in the trace of whoever asked for the load
      await runInTrace({ module: name }, built.activity.activate)
    },
    pause: async () => {
      const pausing = Promise.all([built.activity.pause(), provision?.drain(calmMs)])
      if (!(await settlesWithin(pausing, drainMs))) parts.log.warn({ module: name, generation }, 'handlers still run')
    },
    serveAgain: async () => {
      provision?.restore()
      await runInTrace({ module: name }, built.activity.resume)
    },
    quiet,
    health: async (): Promise<ModuleHealth | undefined> => {
      const problem = built.parts.problem()
      if (problem !== undefined) return { status: 'unhealthy', reason: problem }
      const check = started.health
      if (check === undefined) return undefined
      const checking = asModule(check)
      if (await settlesWithin(checking, manifest.healthTimeoutMs)) return await checking
      throw moduleErrors.HEALTH_TIMED_OUT({ value: name, detail: `after ${manifest.healthTimeoutMs} ms` })
    },
    report: async () => {
      const ask = started.report
      if (ask === undefined) return undefined
      const asking = asModule(ask)
      return (await settlesWithin(asking, manifest.healthTimeoutMs)) ? await asking : undefined
    },
    get handsOver() {
      return built.handOver() !== undefined
    },
    collect: async () => {
      const collect = built.handOver()
      if (collect === undefined) return undefined
      return plainState(name, await asModule(collect))
    },
    stop: () => (stopped ??= stop()),
  })
}

/** a copy that shares nothing with the old generation, as it would be on the far side of a process wall. */
function plainState(module: string, state: unknown): unknown {
  if (state === undefined) return undefined
  let text: string | undefined
  try {
    text = JSON.stringify(state)
  } catch (error) {
    throw moduleErrors.STATE_INVALID({ value: module, detail: toErrorData(error).message, cause: error })
  }
  if (text === undefined) throw moduleErrors.STATE_INVALID({ value: module, detail: `it is a ${typeof state}` })
  const bytes = Buffer.byteLength(text)
  if (bytes > handOverMaxBytes) throw moduleErrors.STATE_INVALID({ value: module, detail: `${bytes} bytes` })
  return JSON.parse(text) as unknown
}
