// lotus health: the health tree as the nucleus answers it.
import { refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import { clientErrors } from '../client/errors.ts'
import { jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { textOf } from '../client/fields.ts'
import { renderHealth, showStatus } from '../client/health-view.ts'
import { createClient } from '../client/http.ts'
import { findNucleus } from '../client/nucleus.ts'

export const command = defineCommand({
  name: 'health',
  summary: 'prints the health of every module and part',
  usage: ['health [--json]', 'health --nagios'],
  description: `The answer of GET /health: \`lotus status\` says the same for people and knows more about a LOTUS that does
not run. With --json it is what a monitor reads, with --nagios one line with figures, as plugins of Nagios, Icinga
and their kin print it. docs/polling.md has examples for these and others.

Exit codes: 0 healthy or degraded, 1 anything else, 6 LOTUS does not run or does not answer; with --nagios
0 healthy, 1 degraded, starting or draining, 2 unhealthy, not running or without an answer, 3 unknown.`,
  options: { nagios: { type: 'boolean', doc: 'one line and the exit codes of a Nagios plugin' } },
  examples: [
    { command: 'lotus health --json', doc: 'for a monitor' },
    { command: 'lotus health --nagios', doc: 'for Nagios and Icinga' },
  ],
  async run({ words, options, terminal, json, place }) {
    refuseWords(command, words, 0)
    if (options['nagios'] === true) {
      if (json) throw clientErrors.USAGE({ detail: '--nagios and --json are two forms of the same answer' })
      const { checkForNagios } = await import('../client/nagios.ts')
      const { code, line } = await checkForNagios(place)
      terminal.print(line)
      return code
    }
    const record = findNucleus(place)
    if (record === undefined) throw clientErrors.NOT_RUNNING()
    const { body } = await createClient(record.url, undefined).probe({ path: '/health', timeoutMs: 5000 })
    const status = textOf(body, 'status', 'unknown')
    if (json) terminal.print(jsonLine(body))
    else terminal.print(`${showStatus(status, terminal.style)}\n\n${renderHealth(body, terminal.style)}`)
    return status === 'healthy' || status === 'degraded' ? exitCodes.completed : exitCodes.failed
  },
})
