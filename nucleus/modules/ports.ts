// the parts of the kernel that a module's context is made of, as narrow as the context needs them.
import type { Bus } from '../events/bus.ts'

/** what is asked of the event bus. it tells failures of handlers itself, by their owner. */
export type EventBus = Pick<Bus, 'emit' | 'subscribe'>

/** how a context tells its kernel that a piece of the module's work has failed. `during` names the piece. */
export type ReportFailure = (during: string, error: unknown) => void
