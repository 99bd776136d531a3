// lotus status: what runs, how healthy it is, and why not if it isn't.
import { refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import { escapeLine, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { numberOf, textOf } from '../client/fields.ts'
import { formatDuration } from '../client/format.ts'
import { renderHealth, showStatus } from '../client/health-view.ts'
import { createClient } from '../client/http.ts'
import { findHolder, findNucleus } from '../client/nucleus.ts'
import { readRecord } from '../client/place.ts'

export const command = defineCommand({
  name: 'status',
  summary: 'shows what runs, how healthy it is, and why not if it isn’t',
  usage: ['status [--json]'],
  description: `Shows the system, its modules and the parts it stands on, each with the reason where it is not healthy.
*degraded* works with less than it could have: something configured is not there.

Exit codes: 0 healthy or degraded, 1 unhealthy, starting or draining, 3 not running, 6 it runs and
does not answer.`,
  examples: [
    { command: 'lotus status', doc: 'is it up?' },
    { command: 'lotus status --json | tail -n 1', doc: 'for a script' },
  ],
  tellsDue: true,
  async run({ words, terminal, json, place }) {
    refuseWords(command, words, 0)
    const record = findNucleus(place)
    const holder = findHolder(place)
    if (record === undefined && holder !== undefined) {
      if (json) terminal.print(jsonLine({ running: true, pid: holder, status: 'starting' }))
      else terminal.print(`LOTUS is starting, process ${holder}`)
      return exitCodes.failed
    }
    if (record === undefined) {
      // a nucleus that ends by itself removes its record.
      const last = readRecord(place)
      if (json) terminal.print(jsonLine({ running: false, crashed: last !== undefined }))
      else {
        const left = last === undefined ? '' : `; the last one, process ${last.pid}, was killed or crashed`
        terminal.print(`LOTUS is not running${left}\nstart it with \`lotus start\``)
      }
      return exitCodes.refused
    }
    const { body } = await createClient(record.url, undefined).probe({ path: '/health', timeoutMs: 5000 })
    const status = textOf(body, 'status', 'unknown')
    if (json) terminal.print(jsonLine({ running: true, pid: record.pid, url: record.url, ...body }))
    else {
      const uptime = formatDuration(numberOf(body, 'uptime_ms'))
      terminal.print(`LOTUS ${escapeLine(record.version)} is ${showStatus(status, terminal.style)}, up for ${uptime}`)
      terminal.print(`${escapeLine(record.url)}, process ${record.pid}, state in ${escapeLine(place.home)}\n`)
      terminal.print(renderHealth(body, terminal.style))
    }
    return status === 'healthy' || status === 'degraded' ? exitCodes.completed : exitCodes.failed
  },
})
