// says what an error of Postgres or of the way to it means, by its SQLSTATE.
import { isLotusError } from '../../errors.ts'
import { infrastructureErrors, systemCodeOf } from '../errors.ts'

const lostSystemCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
])
/** shutdown, crash of another backend, start-up, no slot left. */
const lostStates = new Set(['57P01', '57P02', '57P03', '53300'])
/** what `pg` says without a code. */
const lostMessages =
  /^(Connection terminated|timeout expired|timeout exceeded|Query read timeout|Client has encountered|Client was closed|Cannot use a pool)/

/** whether the server is gone, and not merely unwilling. */
export function isLostConnection(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isLostConnection)
  const code = systemCodeOf(error)
  if (lostSystemCodes.has(code) || lostStates.has(code) || /^08...$/.test(code)) return true
  return code === '' && error instanceof Error && lostMessages.test(error.message)
}

/** whether it answers and does not let us in: wrong password, no such role or database. */
export function isRefused(error: unknown): boolean {
  return /^(28...|3D000|42501)$/.test(systemCodeOf(error))
}

/** turns what a statement failed with into an error of LOTUS; a lost connection is not for here. */
export function statementError(error: unknown, sql: string): Error {
  if (isLotusError(error)) return error
  const state = systemCodeOf(error)
  const message = error instanceof Error ? error.message : String(error)
  const about = { value: sql, detail: message, cause: error }
  if (state.startsWith('23')) return infrastructureErrors.STORE_CONSTRAINT({ value: message, cause: error })
  if (state === '40001' || state === '40P01') return infrastructureErrors.STORE_CONFLICT(about)
  if (state === '57014' || state === '55P03') return infrastructureErrors.STORE_TIMEOUT(about)
  if (state === '53100') return infrastructureErrors.STATE_FULL({ value: 'Postgres', detail: message, cause: error })
  if (state === '25006')
    return infrastructureErrors.STATE_READ_ONLY({ value: 'Postgres', detail: message, cause: error })
  if (isRefused(error)) return infrastructureErrors.SERVER_REFUSED({ value: 'Postgres', detail: message, cause: error })
  return infrastructureErrors.STORE_QUERY_FAILED(about)
}
