// the HTTP status of each error: those of the gateway by name, those of other modules by the last word of their code.
import { isLotusError } from '../../../nucleus/errors.ts'

const byCode: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  TOKEN_REVOKED: 401,
  TOKEN_EXPIRED: 401,
  TOKEN_IN_ADDRESS: 401,
  PURPOSE_NOT_ALLOWED: 403,
  TOKEN_PURPOSE: 403,
  HOST_NOT_ALLOWED: 421,
  ORIGIN_NOT_ALLOWED: 403,
  IDENTITY_MISMATCH: 403,
  REQUEST_INVALID: 400,
  METHOD_NOT_ALLOWED: 405,
  MEDIA_TYPE_UNSUPPORTED: 415,
  BODY_TOO_LARGE: 413,
  GOAL_TOO_LARGE: 413,
  HEADERS_TOO_LARGE: 431,
  REQUEST_TOO_SLOW: 408,
  MODULE_VANISHED: 404,
  MODULE_DOWN: 503,
  GOAL_ELSEWHERE: 409,
  GOAL_STILL_RUNNING: 504,
  GATEWAY_FULL: 503,
  // nobody reads it; it shows in the metrics
  CLIENT_GONE: 499,
  GATEWAY_CLOSING: 503,
  SERVICE_UNAVAILABLE: 503,
  // the server that LOTUS stands on refuses LOTUS, not the client
  SERVER_REFUSED: 503,
  SERVICE_CALL_TIMED_OUT: 504,
  MODEL_MISSING: 503,
  // osd: the ticket or the answer is not the one that it waits for
  TICKET_UNKNOWN: 403,
  TOKEN_TRIES: 429,
  ANSWER_MISMATCH: 409,
  // a module can’t be changed as asked: the request is right, the state or the code on disk is not
  MODULE_ALREADY_LOADED: 409,
  MODULE_NOT_RUNNING: 409,
  MODULE_REQUIRED: 409,
  MODULE_KEPT: 409,
  MODULE_ELSEWHERE: 409,
  MODULE_EXISTS: 409,
  MODULE_NAME_INVALID: 400,
  MODULE_BUSY: 409,
  MODULE_PARKED: 409,
  MODULE_WAITS: 409,
  MODULE_INVALID: 409,
  MODULE_IMPORT_FAILED: 409,
  MODULE_START_FAILED: 409,
  MODULE_START_TIMED_OUT: 409,
  MODULE_SERVICES_DIFFER: 409,
  MANIFEST_INVALID: 409,
  GRAPH_INVALID: 409,
  SETTINGS_INVALID: 409,
  STATE_INVALID: 409,
  MODULE_UNHEALTHY: 409,
  MODULE_DEPENDENTS_OLD: 409,
  MODULE_PROCESS_BROKEN: 409,
  MODULE_PROCESS_ENDED: 503,
  MODULE_OVER_LIMIT: 503,
  MODULE_FLOODS: 503,
  MODULE_BUSY_CALLS: 503,
  NOTHING_TO_UNDO: 404,
  INVALID_POSITION: 400,
  REMINDER_REPEATS: 409,
  GOAL_HAS_NUL: 400,
}

// codes are made of words, and the last one says what kind of error it is, in every module
const byLastWord: Readonly<Record<string, number>> = {
  UNKNOWN: 404,
  MISSING: 404,
  INVALID: 400,
  EMPTY: 400,
  LARGE: 413,
  LONG: 413,
  EXPIRED: 410,
  TAKEN: 409,
  CONFLICT: 409,
  DONE: 409,
  STALE: 409,
  DENIED: 403,
  REFUSED: 403,
  UNAVAILABLE: 503,
  FULL: 503,
}

/** the status for anything that was thrown; 500 where nothing better is known. */
export function statusOf(error: unknown): number {
  if (!isLotusError(error)) return 500
  const named = byCode[error.code]
  if (named !== undefined) return named
  const lastWord = error.code.slice(error.code.lastIndexOf('_') + 1)
  return byLastWord[lastWord] ?? (error.retryable ? 503 : 500)
}
