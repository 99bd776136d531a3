// what the kernel itself brings into the graph of modules: the version of its interface, its service, its events.
import {
  EventParked,
  HealthChanged,
  ModuleFailed,
  ModuleLoaded,
  ModuleUnloaded,
  Nucleus,
  SystemStarted,
  SystemStopped,
} from './contract.ts'
import type { KernelFacts } from './modules/graph.ts'

/** the version is that of what modules see: contracts, context, manifest. it changes by semantic versioning. */
export const kernelFacts: KernelFacts = Object.freeze({
  version: '1.0.0',
  services: [Nucleus.name],
  events: [
    SystemStarted.type,
    SystemStopped.type,
    ModuleLoaded.type,
    ModuleUnloaded.type,
    ModuleFailed.type,
    HealthChanged.type,
    EventParked.type,
  ],
})
