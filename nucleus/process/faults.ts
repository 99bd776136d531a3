// errors that nobody caught: logged, laid at the door of the module whose code ran, fatal only in the kernel's own code.
import { sep } from 'node:path'
import { pathToFileURL } from 'node:url'
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
  const folders = [options.modulesFolder + sep, `${pathToFileURL(options.modulesFolder).href}/`]
  // the stack knows best; an error without one of our frames, from a socket say, belongs to whose work it is
  const culprit = (error: unknown): string | undefined => moduleInStack(error, folders) ?? currentTrace()?.module

  const onException = (error: unknown): void => {
    const module = culprit(error)
    options.log.error({ module, err: error }, 'an error that nobody caught')
    if (module === undefined) options.onFatal(error)
    else options.blame(module, 'uncaught error', error)
  }
  const onRejection = (reason: unknown): void => {
    const module = culprit(reason)
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

/** the module that the topmost frame of ours lies in. @param folders - the modules' folder, as a path and as a URL */
function moduleInStack(error: unknown, folders: readonly string[]): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const names = folders
    .map((folder) => ({ folder, at: stack.indexOf(folder) }))
    .filter(({ at }) => at !== -1)
    .sort((one, other) => one.at - other.at)
    .map(({ folder, at }) => /^[^/\\]+/.exec(stack.slice(at + folder.length))?.[0])
  return names[0]
}
