// parts of a module that its start does without: each is loaded when it is first asked for, and all of them right after
// the boot. a part that can't be loaded makes its module unhealthy, whether or not anybody has asked for it.
import { isLotusError, toErrorData, type LotusError } from '../errors.ts'
import { runInTrace } from '../trace.ts'
import { moduleErrors } from './errors.ts'

/** gives the part, once it is loaded. @throws what its loading threw, or MODULE_PART_FAILED; the next call tries again */
export type LazyPart<Part> = () => Promise<Part>

export interface LazyParts {
  add<Part>(label: string, load: () => Promise<Part>): LazyPart<Part>
  /**
   * loads what is not there yet, one part after the other, letting other work in between.
   * @throws the first failure, after all were tried
   */
  loadAll(): Promise<void>
  /** what could not be loaded, in words; undefined when nothing is amiss. */
  problem(): string | undefined
}

/** makes the book of one generation's parts. @param signal - aborted when the generation ends */
export function createLazyParts(module: string, signal: AbortSignal): LazyParts {
  const parts: LazyPart<unknown>[] = []
  const failures = new Map<string, LotusError>()

  const add = <Part>(label: string, load: () => Promise<Part>): LazyPart<Part> => {
    let loading: Promise<Part> | undefined
    const start = async (): Promise<Part> => {
      try {
        // in no trace of whoever asks first: the part outlives him
        const part = await runInTrace({ module }, load)
        failures.delete(label)
        return part
      } catch (error) {
        loading = undefined
        const failure = failureOf(module, label, error)
        failures.set(label, failure)
        throw failure
      }
    }
    const part = (): Promise<Part> => (loading ??= start())
    parts.push(part)
    return part
  }

  return Object.freeze({
    add,
    loadAll: async () => {
      let failure: { readonly error: unknown } | undefined
      for (const part of parts) {
        await new Promise((resolve) => setImmediate(resolve))
        if (signal.aborted) return
        await part().catch((error: unknown) => (failure ??= { error }))
      }
      if (failure !== undefined) throw failure.error
    },
    problem: () =>
      failures.size === 0 ? undefined : Array.from(failures.values(), ({ message }) => message).join('; '),
  })
}

function failureOf(module: string, label: string, error: unknown): LotusError {
  if (isLotusError(error)) return error
  return moduleErrors.MODULE_PART_FAILED({
    value: `${module}: ${label}`,
    detail: toErrorData(error).message,
    cause: error,
  })
}
