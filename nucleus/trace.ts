// the trace context: what every event, service call and log line carries without being told.
import { AsyncLocalStorage } from 'node:async_hooks'
import { createTraceId, createTraceparent, traceIdOf } from './identifiers.ts'

/** what is known about the work that runs right now; plain data, never changed once made. */
export interface TraceContext {
  /** W3C trace context of the work; events emitted inside inherit it. absent before anything needed one. */
  readonly traceparent?: string
  /** the durable flow that the work is a step of. */
  readonly flow?: string
  /** the agent on whose behalf it is done. */
  readonly agent?: string
  /** the module whose handler, timer or start it is; a service that it calls runs in the same context. */
  readonly module?: string
}

const storage = new AsyncLocalStorage<TraceContext>()

/** the context of the work that runs right now; undefined outside of all work. */
export function currentTrace(): TraceContext | undefined {
  return storage.getStore()
}

/** the trace id of the work that runs right now. */
export function currentTraceId(): string | undefined {
  const traceparent = storage.getStore()?.traceparent
  return traceparent === undefined ? undefined : traceIdOf(traceparent)
}

/** the trace context to hand on: the current one, or a fresh trace where there is none. */
export function currentTraceparent(): string {
  return storage.getStore()?.traceparent ?? createTraceparent(createTraceId())
}

/** runs `work` in this context, with all that it starts; the context around it is replaced, not merged. */
export function runInTrace<Parameters extends unknown[], Result>(
  context: TraceContext,
  work: (...parameters: Parameters) => Result,
  ...parameters: Parameters
): Result {
  return storage.run(context, work, ...parameters)
}

/** the fields that the log adds to each line; made for pino's `mixin`. */
export function traceFields(): Record<string, string> {
  const context = storage.getStore()
  if (context === undefined) return {}
  const fields: Record<string, string> = {}
  const traceId = context.traceparent === undefined ? undefined : traceIdOf(context.traceparent)
  if (traceId !== undefined) fields['trace_id'] = traceId
  if (context.flow !== undefined) fields['flow'] = context.flow
  if (context.agent !== undefined) fields['agent'] = context.agent
  return fields
}
