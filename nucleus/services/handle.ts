// handles: what a consumer holds of a service. a frozen object of closures, made from the definition's method table.
import { serviceErrors } from './errors.ts'
import type { MethodKind, ServiceDefinition } from './service.ts'
import type { Slot } from './slot.ts'

export interface HandleOptions {
  /** a call that takes longer rejects with SERVICE_CALL_TIMED_OUT; the work itself goes on. default: no limit. */
  readonly callTimeoutMs?: number
}

/** makes a handle; it stays valid for ever, whoever provides the service. */
export function createHandle<Interface extends object>(
  definition: ServiceDefinition<Interface>,
  slot: Slot,
  options: HandleOptions = {},
): Interface {
  const handle: Record<string, unknown> = {}
  for (const [method, kind] of Object.entries<MethodKind>(definition.methods)) {
    handle[method] =
      kind === 'stream'
        ? (...parameters: unknown[]) => streamFrom(slot, method, parameters)
        : caller(definition.name, slot, method, options.callTimeoutMs)
  }
  return Object.freeze(handle) as Interface
}

function caller(service: string, slot: Slot, method: string, timeoutMs: number | undefined) {
  const call = (...parameters: unknown[]): Promise<unknown> => {
    const { current } = slot
    // the common case goes straight through, without a promise of its own
    return current === undefined ? waitAndCall(slot, method, parameters) : current.call(method, parameters)
  }
  if (timeoutMs === undefined) return call
  return (...parameters: unknown[]) => within(timeoutMs, `${service}.${method}`, call(...parameters))
}

async function waitAndCall(slot: Slot, method: string, parameters: unknown[]): Promise<unknown> {
  const provider = await slot.provider()
  return await provider.call(method, parameters)
}

async function* streamFrom(slot: Slot, method: string, parameters: unknown[]): AsyncGenerator {
  const provider = await slot.provider()
  yield* provider.stream(method, parameters)
}

async function within(timeoutMs: number, name: string, work: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(serviceErrors.SERVICE_CALL_TIMED_OUT({ value: name, detail: `after ${timeoutMs} ms` })),
      timeoutMs,
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
