// what the nucleus and a module's process tell each other, and how much a trace context weighs on the way.
import { currentTrace, runInTrace, type TraceContext } from '../../trace.ts'
import type { Durability } from '../../events/event.ts'
import type { SettingsOf, SettingsSchema } from '../../settings/schema.ts'
import type { Manifest } from '../manifest.ts'

/** told first: enough to import the code and judge its shape. */
export interface PrepareRequest {
  readonly manifest: Manifest
  readonly folder: string
  /** the folder of the project, for modules that lie elsewhere. */
  readonly root: string
}

export interface StartRequest {
  readonly generation: number
  readonly settings: SettingsOf<SettingsSchema>
  readonly previous: unknown
  readonly dialect: 'sqlite' | 'postgres' | undefined
  readonly providers: Providers
}

/** which modules provide the services that the manifest names, at this moment. */
export type Providers = Readonly<Record<string, readonly string[]>>

export interface StartedFar {
  readonly services: readonly string[]
  readonly announce: Readonly<Record<string, string>>
}

/** comes with every answer to a step of its life. */
export interface FarState {
  /** labels of what its scope holds. */
  readonly open: readonly string[]
  readonly handsOver: boolean
}

/** an event's definition as far as it can cross: the schema has done its work on the side that emits. */
export interface FarEvent {
  readonly type: string
  readonly durability: Durability
}

/** of a trace context, what the other side may go on with. */
export interface FarTrace {
  readonly traceparent?: string
  readonly flow?: string
  readonly agent?: string
}

const traceparentPattern = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/
const maxWordLength = 200

export function traceToTell(): FarTrace | null {
  const trace = currentTrace()
  if (trace === undefined) return null
  const { traceparent, flow, agent } = trace
  return {
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(flow === undefined ? {} : { flow }),
    ...(agent === undefined ? {} : { agent }),
  }
}

/** runs work in the trace that the other side was in; what is not well-formed is left out. */
export function runInFarTrace<Result>(trace: unknown, module: string, work: () => Result): Result {
  const { traceparent, flow, agent } = (typeof trace === 'object' && trace !== null ? trace : {}) as FarTrace
  const context: TraceContext = {
    module,
    ...(typeof traceparent === 'string' && traceparentPattern.test(traceparent) ? { traceparent } : {}),
    ...(isWord(flow) ? { flow } : {}),
    ...(isWord(agent) ? { agent } : {}),
  }
  return runInTrace(context, work)
}

function isWord(text: unknown): text is string {
  return typeof text === 'string' && text.length <= maxWordLength
}

/** methods of the resources that a module may be handed; nothing else of them is called from another process. */
export const resourceMethods = {
  store: ['query', 'transaction', 'writeWhenPossible', 'migrate'],
  cache: ['get', 'set', 'delete', 'keys'],
  vectors: ['upsert', 'search', 'get', 'delete', 'count'],
} as const
