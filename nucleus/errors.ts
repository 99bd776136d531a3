// what every error of LOTUS looks like: a row of a table with a code, a title and a fix, plus the value that caused it.
import { escapeName } from './escape.ts'

/** one row of an error table. */
export interface ErrorDefinition {
  /** what went wrong, one short sentence without the value. */
  readonly title: string
  /** what the person can do about it, an imperative sentence or a command. */
  readonly fix: string
  /** true where the same call may succeed later without any change. */
  readonly retryable?: boolean
}

/** what is known about one occurrence of an error. */
export interface ErrorOptions {
  /** the offending value, shown escaped and cut to 200 characters. */
  readonly value?: unknown
  /** one more sentence about this occurrence. */
  readonly detail?: string
  /** replaces the table's fix where this occurrence has a better one. */
  readonly fix?: string
  readonly cause?: unknown
  readonly retryable?: boolean
  readonly retryAfterMs?: number
}

/** an error as plain data, for process walls, events and JSON. */
export interface ErrorData {
  readonly code: string
  readonly message: string
  readonly fix: string
  readonly retryable: boolean
  readonly retryAfterMs?: number
}

/** an error with a code from a table; recognise it by `code`, never by class: a reloaded module has new classes. */
export class LotusError extends Error {
  readonly code: string
  readonly fix: string
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined

  constructor(data: ErrorData, cause?: unknown) {
    super(data.message, cause === undefined ? undefined : { cause })
    this.name = 'LotusError'
    this.code = data.code
    this.fix = data.fix
    this.retryable = data.retryable
    this.retryAfterMs = data.retryAfterMs
  }
}

export type ErrorTable<Codes extends string> = {
  readonly [Code in Codes]: (options?: ErrorOptions) => LotusError
} & { readonly definitions: Readonly<Record<Codes, ErrorDefinition>> }

/** makes a value safe to show in a sentence: quoted, control characters escaped, at most 200 characters. */
export function showValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  // a little more than is shown, so that a megabyte is not gone through for a line of it.
  const escaped = escapeName(text.slice(0, 256))
  return escaped.length > 200 ? `'${escaped.slice(0, 199)}…'` : `'${escaped}'`
}

/**
 * declares the errors of one area: `const errors = defineErrors({ PORT_TAKEN: { title, fix } })`, then
 * `throw errors.PORT_TAKEN({ value: 8000 })`. codes are unique over the whole project (a test checks).
 */
export function defineErrors<const Table extends Record<string, ErrorDefinition>>(
  table: Table,
): ErrorTable<keyof Table & string> {
  const makers: Record<string, unknown> = { definitions: Object.freeze(table) }
  for (const [code, definition] of Object.entries(table)) {
    makers[code] = (options: ErrorOptions = {}) => {
      const value = options.value === undefined ? '' : `: ${showValue(options.value)}`
      const detail = options.detail === undefined ? '' : ` (${options.detail})`
      const data: ErrorData = {
        code,
        message: `${definition.title}${value}${detail}`,
        fix: options.fix ?? definition.fix,
        retryable: options.retryable ?? definition.retryable ?? false,
        ...(options.retryAfterMs === undefined ? {} : { retryAfterMs: options.retryAfterMs }),
      }
      return new LotusError(data, options.cause)
    }
  }
  return Object.freeze(makers) as ErrorTable<keyof Table & string>
}

/** says whether a value is an error of LOTUS, also one made by another generation or process. */
export function isLotusError(error: unknown, code?: string): error is LotusError {
  if (!(error instanceof Error) || !('code' in error) || !('fix' in error)) return false
  return code === undefined || error.code === code
}

/** turns anything thrown into plain data; an unknown error becomes `INTERNAL` with its own message. */
export function toErrorData(error: unknown): ErrorData {
  if (isLotusError(error)) {
    return {
      code: error.code,
      message: error.message,
      fix: error.fix,
      retryable: error.retryable,
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'INTERNAL', message, fix: 'look at `lotus logs` and report what you find', retryable: false }
}

/** the way back from {@link toErrorData}. */
export function fromErrorData(data: ErrorData): LotusError {
  return new LotusError(data)
}
