// a program in a terminal of its own, as under ssh or in a window: what is typed, what is seen, how it ends.
import { spawn } from 'node:child_process'
import { closeSync, constants, openSync, read, writeSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import koffi from 'koffi'
import { createScreen } from './screen.ts'
import { waitFor } from './wait-for.ts'

const libc = koffi.load(null)
const unlockpt = libc.func('int unlockpt(int fd)') as (fd: number) => number
const ptsnameR = libc.func('int ptsname_r(int fd, _Out_ uint8_t *name, size_t length)') as (
  fd: number,
  name: Buffer,
  length: number,
) => number
const ioctl = libc.func('int ioctl(int fd, unsigned long request, ...)') as (
  fd: number,
  request: number,
  type: string,
  value: Buffer,
) => number

const setWindowSize = 0x5414

export interface PseudoTerminal extends AsyncDisposable {
  readonly pid: number
  type(text: string): void
  /** what is on the screen. */
  shown(): string
  /** what has been on the screen since the beginning. */
  everything(): string
  /** every byte that was written, as it came. */
  raw(): string
  /** waits until the screen, or all that was on it, has this. @throws with what is there instead */
  until(
    what: string | RegExp,
    options?: { readonly in?: 'screen' | 'everything'; readonly timeoutMs?: number },
  ): Promise<void>
  resize(columns: number, rows: number): void
  /** the exit code, or 128 and the number of the signal. */
  readonly ended: Promise<number>
}

export interface PseudoTerminalOptions {
  readonly cwd: string
  readonly environment: NodeJS.ProcessEnv
  readonly columns?: number
  readonly rows?: number
}

const signalNumbers: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }

/** starts a program whose standard streams are a terminal that belongs to it: Ctrl+C is a signal to it. */
export function openPseudoTerminal(words: readonly string[], options: PseudoTerminalOptions): PseudoTerminal {
  const { cwd, environment, columns = 80, rows = 24 } = options
  const screen = createScreen(columns, rows)
  const decoder = new StringDecoder('utf8')
  const master = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY)
  let raw = ''

  const resize = (width: number, height: number): void => {
    const size = Buffer.alloc(8)
    size.writeUInt16LE(height, 0)
    size.writeUInt16LE(width, 2)
    if (ioctl(master, setWindowSize, 'void *', size) !== 0) throw new Error('the size of the terminal cannot be set')
    screen.resize(width, height)
  }

  const name = Buffer.alloc(64)
  if (unlockpt(master) !== 0 || ptsnameR(master, name, name.length) !== 0) throw new Error('no pseudo-terminal')
  const slave = openSync(name.toString('utf8', 0, name.indexOf(0)), constants.O_RDWR | constants.O_NOCTTY)
  resize(columns, rows)
  // setsid of util-linux makes it a session of its own and the terminal its own.
  const child = spawn('setsid', ['--ctty', ...words], { cwd, env: environment, stdio: [slave, slave, slave] })
  closeSync(slave)

  const buffer = Buffer.alloc(64 * 1024)
  const readOn = (): void => {
    read(master, buffer, 0, buffer.length, null, (fault, count) => {
      // the last one who had the terminal open has gone: that is an error here, and the end.
      if (fault !== null || count === 0) {
        closeSync(master)
        return
      }
      const text = decoder.write(buffer.subarray(0, count))
      raw += text
      screen.write(text)
      readOn()
    })
  }
  readOn()

  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signalNumbers[signal ?? ''] ?? 0)))
  })
  // nobody may be waiting for it.
  ended.catch(() => undefined)

  return {
    pid: child.pid!,
    type: (text) => void writeSync(master, text),
    shown: screen.shown,
    everything: screen.everything,
    raw: () => raw,
    async until(what, { in: where = 'screen', timeoutMs = 30_000 } = {}) {
      const there = (): string => (where === 'screen' ? screen.shown() : screen.everything())
      await waitFor(() => (typeof what === 'string' ? there().includes(what) : what.test(there())), {
        timeoutMs,
        what: () => `${String(what)} in what is there:\n${there()}`,
      })
    },
    resize,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended.catch(() => undefined)
    },
  }
}
