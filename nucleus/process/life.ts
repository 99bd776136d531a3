// the life of the process: what it holds, what ends it, and that nothing stays behind whichever way it ends.
import { isLotusError, type LotusError } from '../errors.ts'
import { stateError } from '../infrastructure/errors.ts'
import { createScope, settlesWithin, type Scope } from '../scope.ts'
import { processErrors } from './errors.ts'
import { listenForSignals } from './signals.ts'

/** LOTUS can't be reached or started: the exit code of everything that ends a boot. */
const cannotStart = 6
/** how long the whole drain may take, milliseconds; under the 90 s that systemd waits by default. */
const drainMs = 45_000

export interface StopWish {
  readonly reason: string
  readonly exitCode: number
}

export interface Life {
  /** everything that must be given back; closed in reverse order at the end. */
  readonly scope: Scope
  /** a wish to stop, as soon as there is one. */
  readonly wish: StopWish | undefined
  /** waits for a step of the boot, or rejects with BOOT_INTERRUPTED when a stop is wished for. */
  during<Result>(step: Promise<Result>): Promise<Result>
  /** resolves when a stop is wished for. */
  untilStopped(): Promise<StopWish>
  stop(wish: StopWish): void
  /** what SIGHUP asks for under a service manager; before this is called it asks for nothing. */
  onReload(work: () => void): void
  /** what must happen even where there is no time for anything else; synchronous, must not throw. */
  atOnce(work: () => void): void
  /** gives everything back and ends the process. */
  end(exitCode: number): Promise<never>
  /** tells why the boot failed, gives everything back and ends the process. */
  fail(error: unknown): Promise<never>
}

/** begins the life: from here on signals are heard. */
export function beginLife(): Life {
  const scope = createScope({ name: 'nucleus', releaseTimeoutMs: 30_000, closeTimeoutMs: drainMs })
  const lastWork: (() => void)[] = []
  let wish: StopWish | undefined
  let wake: ((wish: StopWish) => void)[] = []

  const stop = (next: StopWish): void => {
    if (wish !== undefined) return
    wish = next
    for (const one of wake) one(next)
    wake = []
  }
  const exit = (exitCode: number): never => {
    for (const work of lastWork) work()
    process.exit(exitCode)
  }
  const untilStopped = (): Promise<StopWish> =>
    wish === undefined ? new Promise((resolve) => wake.push(resolve)) : Promise.resolve(wish)

  let reload = (): void => undefined
  listenForSignals({
    // a closed terminal ends what ran in it; under a service manager there is none, and SIGHUP means `reload`
    ...(process.env['NOTIFY_SOCKET'] === undefined ? {} : { onHangup: () => reload() }),
    // a person who presses Ctrl+C, or systemd, asked for what now happens: that is no failure
    onFirst: (signal) => stop({ reason: signal, exitCode: 0 }),
    onSecond: (signal, exitCode) => {
      process.stderr.write(`lotus: ${signal} again, ending at once\n`)
      exit(exitCode)
    },
  })

  const end = async (exitCode: number): Promise<never> => {
    const closing = scope.close()
    if (await settlesWithin(closing, drainMs + 5_000)) {
      const report = await closing
      for (const { label, message } of report.errors) process.stderr.write(`lotus: ${label} ended badly: ${message}\n`)
      for (const label of report.left) process.stderr.write(`lotus: ${label} did not end in time\n`)
    }
    return exit(exitCode)
  }

  return Object.freeze({
    scope,
    get wish() {
      return wish
    },
    during: async <Result>(step: Promise<Result>): Promise<Result> => {
      const interrupted = untilStopped().then((one): never => {
        throw processErrors.BOOT_INTERRUPTED({ value: one.reason })
      })
      return await Promise.race([step, interrupted])
    },
    untilStopped,
    stop,
    onReload: (work: () => void) => {
      reload = work
    },
    atOnce: (work: () => void) => void lastWork.unshift(work),
    end,
    fail: async (error: unknown) => {
      if (wish !== undefined) return await end(wish.exitCode)
      process.stderr.write(`lotus: ${showFailure(error)}\n`)
      return await end(cannotStart)
    },
  })
}

/** what went wrong and what to do, for a person; a stack only where nobody foresaw it. */
export function showFailure(error: unknown): string {
  const known = isLotusError(error) ? error : stateError(error, pathOf(error))
  if (known === undefined) {
    // nobody foresaw this one: only its stack helps whoever mends it.
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return `can’t start: ${message}\n  to do: report what you see here`
  }
  return `can’t start: ${known.message}\n  to do: ${known.fix}${causeOf(known)}`
}

function pathOf(error: unknown): string {
  return error instanceof Error && 'path' in error ? String(error.path) : ''
}

/** the cause's words, where the message does not have them already. */
function causeOf(error: LotusError): string {
  const { cause } = error
  if (!(cause instanceof Error) || error.message.includes(cause.message)) return ''
  return `\n  cause: ${cause.message.split('\n', 1)[0]}`
}
