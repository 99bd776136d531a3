// the log of a process: JSON lines in a rotated file, pretty on a terminal, plain JSON on stdout under systemd.
import { join } from 'node:path'
import pino from 'pino'
import type { DestinationStream, Logger, StreamEntry } from 'pino'
import { traceFields } from '../trace.ts'
import { createLineFilter, redactFields } from './redact.ts'
import { openRotatingFile } from './rotating-file.ts'
import type { RotatingFile } from './rotating-file.ts'
import { serializeError } from './serialize-error.ts'

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

/** where lines go: `auto` is the file, and beside it the terminal or, under systemd, stdout. */
export type LogDestination = 'auto' | 'file' | 'stdout' | DestinationStream

export interface LogOptions {
  readonly level: LogLevel
  /** LOTUS_HOME; the file is `logs/NAME.log` in it. */
  readonly home: string
  /** default `auto`. a stream gets every line and nothing else does. */
  readonly destination?: LogDestination
  /** for people, on stdout. default: where stdout is a terminal. */
  readonly pretty?: boolean
  /** the file's name. default `lotus`. */
  readonly name?: string
  /** values that never appear in a line, whatever its fields are called. */
  readonly secrets?: readonly string[]
  /** size at which the file is rotated. default 10 MiB. */
  readonly fileBytes?: number
  /** rotated files that are kept. default 5. */
  readonly files?: number
  /** age at which a rotated file is removed, milliseconds. default 90 days. */
  readonly maxAgeMs?: number
}

export interface OpenLog {
  readonly log: Logger
  /** the file that is written, where there is one. */
  readonly path: string | undefined
  /** changes the level of this log and of all its children. */
  setLevel(level: LogLevel): void
  flush(): Promise<void>
  /** for the last moments of a process. */
  flushSync(): void
  close(): Promise<void>
}

/** systemd sets one of these for what it starts; lines on stdout then go to its journal. */
function isUnderSystemd(): boolean {
  return process.env['JOURNAL_STREAM'] !== undefined || process.env['INVOCATION_ID'] !== undefined
}

/** tells on stderr that the log itself fails: once a minute, because a full disk fails on every line. */
function createFaultReporter(): (fault: Error) => void {
  let quietUntil = 0
  return (fault) => {
    if (Date.now() < quietUntil) return
    quietUntil = Date.now() + 60_000
    process.stderr.write(`lotus: lines of the log are lost: ${fault.message}\n`)
  }
}

async function openPretty(): Promise<DestinationStream> {
  // only a terminal needs it, and it takes longer to load than pino itself.
  const { default: createPretty } = await import('pino-pretty')
  return createPretty({
    colorize: process.env['NO_COLOR'] === undefined || process.env['NO_COLOR'] === '',
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,generation,module',
    singleLine: true,
    messageFormat: '{if module}{module}: {end}{msg}',
    sync: true,
  })
}

async function openDestinations(options: LogOptions): Promise<{ streams: StreamEntry[]; file?: RotatingFile }> {
  const { destination = 'auto', pretty = process.stdout.isTTY } = options
  if (typeof destination === 'object') return { streams: [{ level: 'trace', stream: destination }] }
  const streams: StreamEntry[] = []
  let file: RotatingFile | undefined
  if (destination !== 'stdout') {
    file = openRotatingFile({
      folder: join(options.home, 'logs'),
      name: options.name ?? 'lotus',
      maxBytes: options.fileBytes ?? 10 * 1024 * 1024,
      maxFiles: options.files ?? 5,
      maxAgeMs: options.maxAgeMs ?? 90 * 86_400_000,
      onFault: createFaultReporter(),
    })
    streams.push({ level: 'trace', stream: file })
  }
  if (destination === 'stdout' || (destination === 'auto' && (pretty || isUnderSystemd()))) {
    streams.push({ level: 'trace', stream: pretty ? await openPretty() : process.stdout })
  }
  return file === undefined ? { streams } : { streams, file }
}

/** remembers the children of a log, so that its level can be changed; pino copies the level into each child. */
function createFamily(): { add: (child: Logger) => void; setLevel: (level: LogLevel) => void } {
  let children: WeakRef<Logger>[] = []
  let pruneAt = 64
  const living = (): WeakRef<Logger>[] => children.filter((child) => child.deref() !== undefined)
  return {
    add(child) {
      children.push(new WeakRef(child))
      if (children.length < pruneAt) return
      children = living()
      pruneAt = Math.max(64, children.length * 2)
    },
    setLevel(level) {
      for (const child of children) {
        const logger = child.deref()
        if (logger !== undefined) logger.level = level
      }
    },
  }
}

/**
 * opens the log. lines carry `time`, `level`, `pid`, what `child` bound to them (`module`, `generation`) and the trace
 * that they were logged in (`trace_id`, `flow`, `agent`).
 * @throws LOG_UNWRITABLE
 */
export async function openLog(options: LogOptions): Promise<OpenLog> {
  const { streams, file } = await openDestinations(options)
  const family = createFamily()
  const log = pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: traceFields,
      serializers: { err: serializeError, error: serializeError },
      formatters: { level: (label) => ({ level: label }), log: redactFields },
      hooks: { streamWrite: createLineFilter(options.secrets ?? []) },
      onChild: (child) => family.add(child as Logger),
    },
    streams.length === 1 ? streams[0]!.stream : pino.multistream(streams),
  )
  return Object.freeze({
    log,
    path: file?.path,
    setLevel(level: LogLevel) {
      log.level = level
      family.setLevel(level)
    },
    async flush() {
      await file?.flush()
    },
    flushSync() {
      file?.flushSync()
    },
    async close() {
      await file?.close()
    },
  })
}
