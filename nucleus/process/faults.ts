// errors that nobody caught: logged, laid at the door of the module whose code ran, fatal only in the kernel's own code.
import { sep } from 'node:path'
import type { Logger } from 'pino'
import { toErrorData } from '../errors.ts'
import { currentTrace } from '../trace.ts'

export interface FaultOptions {
  readonly log: Logger
  /** absolute; a stack that leads below it belongs to a module. */
  readonly modulesFolder: string
  /** a module's code has failed. */
  blame(module: string, during: string, error: unknown): void
  /** the kernel's own code threw: what it left half done is unknown, so the process must end. */
  onFatal(error: unknown): void
}

/** listens for uncaught errors until the result is called. */
export function catchFaults(options: FaultOptions): () => void {
  const onException = (error: unknown): void => {
    const module = currentTrace()?.module ?? moduleInStack(error, options.modulesFolder)
    options.log.error({ module, err: error }, 'an error that nobody caught')
    if (module === undefined) options.onFatal(error)
    else options.blame(module, 'uncaught error', error)
  }
  const onRejection = (reason: unknown): void => {
    const module = currentTrace()?.module ?? moduleInStack(reason, options.modulesFolder)
    options.log.error({ module, err: reason }, `a rejection that nobody handled: ${toErrorData(reason).message}`)
    if (module !== undefined) options.blame(module, 'unhandled rejection', reason)
  }
  process.on('uncaughtException', onException)
  process.on('unhandledRejection', onRejection)
  return () => {
    process.off('uncaughtException', onException)
    process.off('unhandledRejection', onRejection)
  }
}

/** the module that the topmost frame of ours lies in. */
function moduleInStack(error: unknown, modulesFolder: string): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const at = stack.indexOf(modulesFolder + sep)
  return at === -1 ? undefined : stack.slice(at + modulesFolder.length + 1).split(sep, 1)[0]
}
