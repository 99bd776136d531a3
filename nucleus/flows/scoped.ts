// the flows of one module: under names of its own, and gone with its generation.
import type { FlowCode, Flows } from './flow.ts'

/** how a module's flows are called among all: `MODULE/NAME`. */
export function scopedFlowName(module: string, name: string): string {
  return `${module}/${name}`
}

/**
 * gives a module its view of the flows.
 * @param define - lets code work from the activation of the module's generation on, until it ends
 */
export function scopeFlows(
  module: string,
  flows: Flows,
  define: (name: string, code: FlowCode) => () => Promise<void>,
): Flows {
  return Object.freeze<Flows>({
    get backend() {
      return flows.backend
    },
    define: (name, code) => define(scopedFlowName(module, name), code),
    start: (name, id, input) => flows.start(scopedFlowName(module, name), id, input),
    list: (query = {}) =>
      flows.list(query.name === undefined ? query : { ...query, name: scopedFlowName(module, query.name) }),
    ended: flows.ended,
    send: flows.send,
    cancel: flows.cancel,
    state: flows.state,
    entries: flows.entries,
    recover: flows.recover,
    retain: flows.retain,
    statistics: flows.statistics,
    isOpen: flows.isOpen,
    health: flows.health,
    // the kernel closes them, for all
    close: () => Promise.resolve(),
  })
}
