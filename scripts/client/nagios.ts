// health as one line for Nagios and its kin: monitoring-plugins.org, "Nagios Plugin Development Guidelines".
import { isLotusError, toErrorData } from '../../nucleus/errors.ts'
import { escapeLine } from './escape.ts'
import { fieldsOf, numberOf, textOf } from './fields.ts'
import { noticesOf } from './health-view.ts'
import { createClient } from './http.ts'
import { findHolder, findNucleus } from './nucleus.ts'
import type { Place } from './place.ts'

const words = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const
const codes: Readonly<Record<string, 0 | 1 | 2>> = { healthy: 0, degraded: 1, starting: 1, draining: 1, unhealthy: 2 }

/** a check that takes longer is ended by who runs it, and then says nothing. */
const answerMs = 5_000
/** what follows is cut off by some of those who read it. */
const longestReason = 300

export interface NagiosResult {
  readonly code: 0 | 1 | 2 | 3
  readonly line: string
}

/** never throws: what can't be found out is a result, too. */
export async function checkForNagios(place: Place): Promise<NagiosResult> {
  try {
    const record = findNucleus(place)
    if (record === undefined || record.url === '') {
      return findHolder(place) === undefined ? result(2, 'not running') : result(1, 'starting')
    }
    const startedMs = performance.now()
    const { body } = await createClient(record.url, undefined).probe({ path: '/health', timeoutMs: answerMs })
    return describe(body, performance.now() - startedMs)
  } catch (error) {
    const isSilent = isLotusError(error)
    return result(isSilent ? 2 : 3, toErrorData(error).message)
  }
}

function describe(health: Record<string, unknown>, tookMs: number): NagiosResult {
  const status = textOf(health, 'status', 'unknown')
  const modules = Object.entries(fieldsOf(health['modules']))
  const ill = [...modules, ...Object.entries(fieldsOf(health['infrastructure']))].flatMap(([name, one]) => {
    const fields = fieldsOf(one)
    const state = textOf(fields, 'status')
    return state === 'healthy' ? [] : [`${name} ${state}${because(fields)}`]
  })
  const reasons = [...noticesOf(health).map(({ message }) => message), ...ill]
  const well = modules.filter(([, one]) => textOf(fieldsOf(one), 'status') === 'healthy').length
  const restarts = modules.reduce((sum, [, one]) => sum + numberOf(fieldsOf(one), 'restarts'), 0)
  const figures = [
    `uptime=${Math.round(numberOf(health, 'uptime_ms') / 1000)}s;;;0;`,
    `modules=${well};;;0;${modules.length}`,
    `restarts=${restarts}c;;;0;`,
    `time=${(tookMs / 1000).toFixed(3)}s;;;0;`,
  ]
  const text = reasons.length === 0 ? status : `${status}: ${reasons.join(', ')}`
  return result(codes[status] ?? 3, text, figures)
}

function because(fields: Record<string, unknown>): string {
  const reason = textOf(fields, 'reason') || textOf(fields, 'last_error')
  return reason === '' ? '' : ` (${reason})`
}

function result(code: NagiosResult['code'], text: string, figures: readonly string[] = []): NagiosResult {
  // a bar begins the figures, so none may be before them
  const reason = escapeLine(text.replaceAll(/\s+/g, ' ').replaceAll('|', '/').slice(0, longestReason))
  return { code, line: `LOTUS ${words[code]} - ${reason}${figures.length === 0 ? '' : ` | ${figures.join(' ')}`}` }
}
