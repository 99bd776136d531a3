// flows that open when they are first needed: a boot that runs none pays for none.
import type { Logger } from 'pino'
import { toErrorData } from '../errors.ts'
import { flowErrors } from './errors.ts'
import type { FlowCode, Flows } from './flow.ts'

export interface FlowsFrontOptions {
  /** what the engine is called before it is open. */
  readonly backend: string
  /** called once, and again after it failed. */
  readonly open: () => Promise<Flows>
  readonly log: Logger
}

/** how long after a failed opening the next is tried for code that waits. */
const againAfterMs = 5_000

/** makes the front; nothing is opened by that. */
export function createFlowsFront({ backend, open, log }: FlowsFrontOptions): Flows {
  const names = new Set<string>()
  let engine: Flows | undefined
  let opening: Promise<Flows> | undefined
  let failure: string | undefined
  let closed: Promise<void> | undefined
  let again: NodeJS.Timeout | undefined

  const opened = async (): Promise<Flows> => {
    if (closed !== undefined) throw flowErrors.FLOWS_CLOSED()
    opening ??= open()
    try {
      engine = await opening
      failure = undefined
      return engine
    } catch (error) {
      // the next who needs it tries again
      opening = undefined
      failure = toErrorData(error).message
      throw error
    }
  }

  return Object.freeze<Flows>({
    get backend() {
      return engine?.backend ?? backend
    },
    define: <Input>(name: string, code: FlowCode<Input>) => {
      // the engine would say so too, but only once it is open
      if (names.has(name)) throw flowErrors.FLOW_TAKEN({ value: name })
      names.add(name)
      let release: (() => Promise<void>) | undefined
      let released = false
      const define = async (): Promise<void> => {
        try {
          const flows = engine ?? (await opened())
          if (!released) release = flows.define(name, code)
        } catch (error) {
          if (closed !== undefined || released) return
          log.error({ err: error, flow: name }, 'flows could not be opened; it is tried again')
          again = setTimeout(() => {
            defining = define()
          }, againAfterMs).unref()
        }
      }
      let defining = define()
      return async () => {
        released = true
        names.delete(name)
        await defining
        await release?.()
      }
    },
    start: async (name, id, input) => await (await opened()).start(name, id, input),
    ended: async (id, options) => await (await opened()).ended(id, options),
    send: async (id, topic, message, messageId) => await (await opened()).send(id, topic, message, messageId),
    cancel: async (id) => await (await opened()).cancel(id),
    state: async (id) => await (await opened()).state(id),
    entries: async (id) => await (await opened()).entries(id),
    list: async (query) => await (await opened()).list(query),
    recover: async () => await (await opened()).recover(),
    retain: async (limits) => await (await opened()).retain(limits),
    statistics: async () => await (await opened()).statistics(),
    isOpen: () => engine !== undefined,
    health: () =>
      failure === undefined
        ? (engine?.health() ?? { backend, status: 'healthy' })
        : { backend, status: 'unhealthy', reason: failure },
    close: () =>
      (closed ??= (async () => {
        clearTimeout(again)
        // one that is being opened is waited for; whether it opened has been told
        await opening?.catch(() => undefined)
        await engine?.close()
      })()),
  })
}
