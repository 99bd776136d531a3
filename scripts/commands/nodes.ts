// lotus nodes: the nuclei that form this system, with what they are, how busy they are, and what waits for them.
import { refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import { escapeLine, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { fieldsOf, listOf, numberOf, textOf } from '../client/fields.ts'
import type { Fields } from '../client/fields.ts'
import { formatSize, formatDuration } from '../client/format.ts'
import { openClient } from '../client/session.ts'
import { columns } from '../client/terminal.ts'

const headings = ['node', 'role', 'state', 'labels', 'load', 'loop', 'memory', 'in hand', 'lag', 'address']

function rowOf(node: Fields): string[] {
  const load = fieldsOf(node['load'] ?? {})
  const labels = Array.isArray(node['labels']) ? node['labels'].join(',') : ''
  const state = textOf(node, 'state')
  return [
    `${escapeLine(textOf(node, 'machine'))}/${numberOf(node, 'pid')}${state === 'this' ? ' (this)' : ''}`,
    textOf(node, 'role'),
    state === 'lost' ? `lost, silent for ${formatDuration(numberOf(node, 'silent_ms'))}` : textOf(node, 'status'),
    labels === '' ? '–' : escapeLine(labels),
    numberOf(load, 'machine').toFixed(2),
    `${Math.round(numberOf(load, 'event_loop') * 100)} %`,
    formatSize(numberOf(load, 'memory_bytes')),
    String(numberOf(node, 'in_hand')),
    String(numberOf(node, 'lag')),
    escapeLine(textOf(node, 'url')),
  ]
}

export const command = defineCommand({
  name: 'nodes',
  summary: 'the nuclei of this system: who is there, with load and lag',
  usage: ['nodes [--json]'],
  description: `Several nuclei form one system where they share a Redis and a Postgres: one nucleus, and workers that
are started with \`./start_lotus.sh --role worker\`. \`load\` is that of the machine for each of its
processors, \`loop\` how busy the process is, \`in hand\` the events that it works on, \`lag\` those of its
durable subscriptions that nobody has done yet. One that has said nothing for seventeen seconds is
lost: what it had in hand is taken over by the others.`,
  words: [],
  options: {},
  examples: [{ command: 'lotus nodes', doc: 'who works here?' }],
  async run(call) {
    refuseWords(command, call.words, 0)
    const { client } = await openClient(call.place, call.terminal)
    const answer = await client.request({ path: '/nodes' })
    if (call.json) call.terminal.print(jsonLine(answer))
    else call.terminal.print(columns([headings, ...listOf(answer, 'nodes').map(rowOf)]))
    return exitCodes.completed
  },
})
