// the registry of services: who provides what, and the stable handles that consumers keep while providers come and go.
import { settlesWithin } from '../scope.ts'
import { serviceErrors } from './errors.ts'
import { createHandle, type HandleOptions } from './handle.ts'
import { createProvider, type Provider } from './provider.ts'
import type { ServiceDefinition } from './service.ts'
import { createSlot, type Slot, type SlotOptions } from './slot.ts'

/** the services of one generation of a module, as the registry keeps them. */
export interface Provision {
  readonly module: string
  readonly generation: number
  /** calls inside any of its services. */
  inFlight(): number
  /** fills its slots again after they were held. */
  restore(): void
  /** waits for the calls inside; gives whether they ended within `limitMs`. */
  drain(limitMs: number): Promise<boolean>
  /** ends its streams and takes it out of the slots that it still fills. */
  withdraw(): Promise<void>
}

export interface ServiceRegistry {
  /**
   * puts a generation's services in place; where an older generation of the same module stood, it takes over.
   * @throws SERVICE_TAKEN when another module provides one that is not of kind many.
   */
  provide(module: string, generation: number, services: Readonly<Record<string, object>>): Provision
  /** calls to the services of a module wait, until it provides again or `giveUp` is called. */
  hold(module: string): void
  /** calls to the services that a module left held are refused from now on. */
  giveUp(module: string): void
  handle<Interface extends object>(service: ServiceDefinition<Interface>, options?: HandleOptions): Interface
  /** handles to the providers of a service of kind many, by module. */
  handles<Interface extends object>(
    service: ServiceDefinition<Interface>,
    options?: HandleOptions,
  ): ReadonlyMap<string, Interface>
  available(service: string): boolean
  /** modules that provide a service now or are being replaced; what a module's own process is told. */
  modulesOf(service: string): readonly string[]
  /** calls `look` whenever somebody has come or gone, until the result is called. */
  watch(look: () => void): () => void
  /** service → modules that provide it now; for health and tests. */
  overview(): Readonly<Record<string, readonly string[]>>
}

interface RegistryOptions extends Partial<SlotOptions> {
  /** whether several modules may provide a service at once. */
  readonly isMany: (service: string) => boolean
}

/** makes an empty registry. */
export function createServiceRegistry(options: RegistryOptions): ServiceRegistry {
  const slotOptions: SlotOptions = { waitMs: options.waitMs ?? 10_000, maxWaiting: options.maxWaiting ?? 1_000 }
  // a slot stays once it is made, because handles point at it; there are as many as services, a few dozen.
  // one slot for the service, and one for each module that provides it where there may be many
  const single = new Map<string, Slot>()
  const each = new Map<string, Map<string, Slot>>()

  const singleSlot = (service: string): Slot => {
    let slot = single.get(service)
    if (slot === undefined) single.set(service, (slot = createSlot(service, slotOptions)))
    return slot
  }
  const slotOf = (service: string, module: string): Slot => {
    if (!options.isMany(service)) return singleSlot(service)
    let slots = each.get(service)
    if (slots === undefined) each.set(service, (slots = new Map()))
    let slot = slots.get(module)
    if (slot === undefined) slots.set(module, (slot = createSlot(`${service} of ${module}`, slotOptions)))
    return slot
  }
  const watchers = new Set<() => void>()
  const changed = (): void => {
    for (const look of watchers) look()
  }
  // slots that a module left held, so that giving up finds them
  const held = new Map<string, Set<Slot>>()

  const provide = (module: string, generation: number, services: Readonly<Record<string, object>>): Provision => {
    for (const service of Object.keys(services)) {
      const current = slotOf(service, module).current
      if (current !== undefined && current.module !== module) {
        throw serviceErrors.SERVICE_TAKEN({ value: service, detail: `${current.module} and ${module}` })
      }
    }
    const filled = Object.entries(services).map(([service, implementation]) => {
      const slot = slotOf(service, module)
      const provider = createProvider(service, module, generation, implementation)
      slot.fill(provider)
      return { slot, provider }
    })
    held.delete(module)
    changed()
    return createProvision(module, generation, filled, {
      restored: () => held.delete(module),
      withdrawn: changed,
    })
  }

  const slotsFilledBy = (module: string): Slot[] =>
    [...single.values(), ...Array.from(each.values(), (slots) => [...slots.values()]).flat()].filter(
      (slot) => slot.current?.module === module,
    )

  return Object.freeze({
    provide,
    hold: (module: string) => {
      const slots = slotsFilledBy(module)
      for (const slot of slots) slot.hold()
      held.set(module, new Set([...(held.get(module) ?? []), ...slots]))
    },
    giveUp: (module: string) => {
      for (const slot of held.get(module) ?? []) if (slot.current === undefined) slot.empty()
      held.delete(module)
      changed()
    },
    handle: <Interface extends object>(service: ServiceDefinition<Interface>, handleOptions?: HandleOptions) =>
      createHandle(service, singleSlot(service.name), handleOptions),
    handles: <Interface extends object>(service: ServiceDefinition<Interface>, handleOptions?: HandleOptions) => {
      const available = [...(each.get(service.name) ?? [])].filter(([, slot]) => slot.available)
      return new Map(available.map(([module, slot]) => [module, createHandle(service, slot, handleOptions)]))
    },
    available: (service: string) =>
      (single.get(service)?.available ?? false) ||
      [...(each.get(service)?.values() ?? [])].some((slot) => slot.available),
    modulesOf: (service: string) => {
      const slot = single.get(service)
      if (slot !== undefined && slot.available) return [slot.current?.module ?? '']
      return [...(each.get(service) ?? [])].filter(([, one]) => one.available).map(([module]) => module)
    },
    watch: (look: () => void) => {
      watchers.add(look)
      return () => void watchers.delete(look)
    },
    overview: () => {
      const overview: Record<string, readonly string[]> = {}
      for (const [service, slot] of single) {
        if (slot.current !== undefined) overview[service] = [slot.current.module]
      }
      for (const [service, slots] of each) {
        const modules = [...slots].filter(([, slot]) => slot.current !== undefined).map(([module]) => module)
        if (modules.length > 0) overview[service] = modules
      }
      return overview
    },
  })
}

function createProvision(
  module: string,
  generation: number,
  filled: readonly { readonly slot: Slot; readonly provider: Provider }[],
  hooks: { readonly restored: () => void; readonly withdrawn: () => void },
): Provision {
  const inFlight = (): number => filled.reduce((sum, { provider }) => sum + provider.inFlight(), 0)
  return Object.freeze({
    module,
    generation,
    inFlight,
    restore: () => {
      for (const { slot, provider } of filled) slot.fill(provider)
      hooks.restored()
    },
    drain: (limitMs: number) => settlesWithin(Promise.all(filled.map(({ provider }) => provider.idle())), limitMs),
    withdraw: async () => {
      for (const { slot, provider } of filled) if (slot.current === provider) slot.empty()
      hooks.withdrawn()
      await Promise.all(filled.map(({ provider }) => provider.endStreams()))
    },
  })
}
