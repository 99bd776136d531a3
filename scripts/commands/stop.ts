// lotus stop: LOTUS finishes what is under way and ends; tells what it did since it was started.
import { refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import type { CommandCall } from '../client/command.ts'
import { jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { fieldsOf, numberOf } from '../client/fields.ts'
import type { Fields } from '../client/fields.ts'
import { formatCost, formatDuration } from '../client/format.ts'
import { findHolder } from '../client/nucleus.ts'
import { stopNucleus } from '../client/shutdown.ts'
import type { ShutdownResult } from '../client/shutdown.ts'
import { columns } from '../client/terminal.ts'

// the nucleus gives itself 50 s to drain; a process that takes longer hangs.
const limitMs = 55_000

/** one value of a module's report: the unit is in its name. */
function describeValue(name: string, value: unknown): string {
  if (typeof value === 'number' && name.endsWith('_usd')) return `${name.slice(0, -4)} ${formatCost(value)}`
  if (typeof value === 'number' && name.endsWith('_ms')) return `${name.slice(0, -3)} ${formatDuration(value)}`
  const inner = fieldsOf(value)
  const parts = Object.entries(inner).map(([part, amount]) => describeValue(part, amount))
  if (typeof value === 'object') return `${name} ${parts.length === 0 ? 'none' : `(${parts.join(', ')})`}`
  return `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`
}

function describeReport(report: Fields): string {
  const modules = Object.entries(fieldsOf(report['modules']))
  const rows = modules.map(([module, told]) => {
    const facts = Object.entries(fieldsOf(told)).map(([name, value]) => describeValue(name, value).replaceAll('_', ' '))
    return [module, facts.join(', ')]
  })
  const head = `since the start, ${formatDuration(numberOf(report, 'uptime_ms'))} ago`
  return rows.length === 0 ? head : `${head}:\n${columns(rows, '  ')}`
}

function showResult({ isClean, tookMs, report }: ShutdownResult, call: CommandCall): void {
  const { terminal, json } = call
  if (json) return terminal.print(jsonLine({ stopped: true, clean: isClean, took_ms: tookMs, report: report ?? null }))
  terminal.print(
    isClean
      ? `LOTUS has stopped (${formatDuration(tookMs)})`
      : `LOTUS did not end within ${limitMs / 1000} s and was killed`,
  )
  if (!isClean) terminal.print('what was under way is finished or taken back at the next start')
  if (report !== undefined) terminal.print(describeReport(report))
}

/** stops LOTUS where it runs; gives whether it did. */
export async function stop(call: CommandCall): Promise<boolean> {
  const { place, terminal } = call
  // by its pid file: one that is still starting, or hangs, can be stopped too.
  const pid = findHolder(place)
  if (pid === undefined) {
    if (call.json) terminal.print(jsonLine({ stopped: false, reason: 'not running' }))
    else terminal.print('LOTUS is not running')
    return false
  }
  const onSecond = (seconds: number): void => {
    if (seconds === 1) terminal.note('waiting for what is under way …')
  }
  showResult(await stopNucleus(place, pid, limitMs, onSecond), call)
  return true
}

export const command = defineCommand({
  name: 'stop',
  summary: 'finishes what is under way, then stops LOTUS',
  usage: ['stop [--json]'],
  description: `LOTUS takes no new goals, finishes or takes back what is under way, and ends; nothing is left behind.
Tells which goals it did since it was started and what they cost. After ${limitMs / 1000} seconds it is killed, and
the next start mends what that left. Where LOTUS does not run there is nothing to do, which is 0 too.`,
  examples: [{ command: 'lotus stop', doc: 'at the end of the day' }],
  async run(call) {
    refuseWords(command, call.words, 0)
    await stop(call)
    return exitCodes.completed
  },
})
