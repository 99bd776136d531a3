// abort signals among the parameters of calls: each side knows them by number, for as long as the call lasts.
import { moduleErrors } from '../errors.ts'
import type { SignalPorts } from './values.ts'

/** the signals of one call. */
export interface SignalsOfCall {
  readonly ports: SignalPorts
  /** the call is over: nobody listens any more. */
  release(): void
}

export interface SignalBook {
  /** for a call to the other side; `sent` is called once it is on its way, so that no abort overtakes it. */
  outgoing(): SignalsOfCall & { sent(): void }
  /** for a call of the other side. `abort` aborts them as the other side would. */
  incoming(): SignalsOfCall & { abort(reason: unknown): void }
  /** the other side says that one was aborted; a number that nobody knows any more came too late. */
  aborted(id: unknown): void
  /** where there can be none: results and items. */
  readonly none: SignalPorts
  close(reason: Error): void
}

const refuse = (): never => {
  throw moduleErrors.MODULE_VALUE_INVALID({ value: 'an AbortSignal that is no parameter of a call' })
}

/** @param tellAbort - tells the other side that a signal of ours was aborted */
export function createSignalBook(tellAbort: (id: number) => void): SignalBook {
  const theirs = new Map<number, AbortController>()
  let lastId = 0

  const outgoing: SignalBook['outgoing'] = () => {
    let mine: { readonly id: number; readonly signal: AbortSignal; readonly tell: () => void }[] | undefined
    return {
      ports: {
        numberOf: (signal) => {
          const id = (lastId += 1)
          const tell = (): void => tellAbort(id)
          mine ??= []
          mine.push({ id, signal, tell })
          return id
        },
        signalOf: refuse,
      },
      sent: () => {
        for (const { signal, tell } of mine ?? []) {
          if (signal.aborted) tell()
          else signal.addEventListener('abort', tell, { once: true })
        }
      },
      release: () => {
        for (const { signal, tell } of mine ?? []) signal.removeEventListener('abort', tell)
      },
    }
  }

  const incoming: SignalBook['incoming'] = () => {
    let ids: number[] | undefined
    return {
      ports: {
        numberOf: refuse,
        signalOf: (id) => {
          const controller = new AbortController()
          theirs.set(id, controller)
          ids ??= []
          ids.push(id)
          return controller.signal
        },
      },
      abort: (reason) => {
        for (const id of ids ?? []) theirs.get(id)?.abort(reason)
      },
      release: () => {
        for (const id of ids ?? []) theirs.delete(id)
      },
    }
  }

  return Object.freeze({
    outgoing,
    incoming,
    aborted: (id: unknown) => {
      theirs.get(Number(id))?.abort()
    },
    none: { numberOf: refuse, signalOf: refuse },
    close: (reason: Error) => {
      for (const controller of theirs.values()) controller.abort(reason)
      theirs.clear()
    },
  })
}
