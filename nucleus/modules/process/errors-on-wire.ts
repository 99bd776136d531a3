// errors across the wall of a process: those of LOTUS keep code and remedy, others keep their message and their code.
import { fromErrorData, isLotusError, toErrorData, type ErrorData } from '../../errors.ts'

export interface WireError {
  /** an error of LOTUS; else `message`, and `code` where there is one, are all that is known. */
  readonly lotus?: ErrorData
  readonly message?: string
  readonly name?: string
  readonly code?: string
}

export function errorToWire(error: unknown): WireError {
  if (isLotusError(error)) return { lotus: toErrorData(error) }
  if (!(error instanceof Error)) return { message: String(error), name: 'Error' }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  return { message: error.message, name: error.name, ...code }
}

/** the other side may be hostile: what is shown to a person is text, whatever came. */
export function errorFromWire(data: unknown): Error {
  const { lotus, message, name, code } = fieldsOf(data)
  if (lotus !== undefined) {
    const fields = fieldsOf(lotus)
    return fromErrorData({
      code: String(fields['code']),
      message: String(fields['message']),
      fix: String(fields['fix']),
      retryable: fields['retryable'] === true,
      ...(typeof fields['retryAfterMs'] === 'number' ? { retryAfterMs: fields['retryAfterMs'] } : {}),
    })
  }
  const error = new Error(String(message))
  if (typeof name === 'string') error.name = name
  return typeof code === 'string' ? Object.assign(error, { code }) : error
}

function fieldsOf(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {}
}
