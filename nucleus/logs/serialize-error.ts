// what the log keeps of an error: what helps to find its cause, and not whatever else hangs on the object.

interface ErrorFields {
  readonly type: string
  readonly message: string
  readonly code?: string
  readonly fix?: string
  readonly stack?: string
  readonly cause?: unknown
}

/** an error as plain data with its chain of causes, at most five long; anything else is given back. */
export function serializeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error
  const { code, fix } = error as { code?: unknown; fix?: unknown }
  const fields: ErrorFields = {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof fix === 'string' ? { fix } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined || depth >= 5 ? {} : { cause: serializeError(error.cause, depth + 1) }),
  }
  return fields
}
