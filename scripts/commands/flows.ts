// lotus flows: durable work of modules; which there is, what one has done, and an end to it.
import { readNumber, readWord, refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import type { CommandCall } from '../client/command.ts'
import { clientErrors } from '../client/errors.ts'
import { escapeLine, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { fieldsOf, listOf, numberOf, textOf } from '../client/fields.ts'
import type { Fields } from '../client/fields.ts'
import { formatTime } from '../client/format.ts'
import type { Client } from '../client/http.ts'
import { openClient } from '../client/session.ts'
import { columns } from '../client/terminal.ts'

const statuses = ['waiting', 'running', 'completed', 'failed', 'cancelled']

async function list(client: Client, call: CommandCall): Promise<void> {
  const { terminal, json, options } = call
  const limit = readNumber(options['number'], '-n', 20, 1_000)
  const { status } = options
  if (typeof status === 'string' && !statuses.includes(status)) {
    throw clientErrors.USAGE({ value: status, detail: `--status takes one of ${statuses.join(', ')}` })
  }
  const filter = typeof status === 'string' ? `&status=${status}` : ''
  const answer = await client.request({ path: `/flows?limit=${limit}${filter}` })
  if (json) return terminal.print(jsonLine(answer))
  const rows = listOf(answer, 'flows').map((flow) => [
    escapeLine(textOf(flow, 'id')),
    escapeLine(textOf(flow, 'name')),
    textOf(flow, 'status'),
    formatTime(textOf(flow, 'updated_at')),
    escapeLine(textOf(fieldsOf(flow['error'] ?? {}), 'message')),
  ])
  terminal.print(rows.length === 0 ? 'no durable flows: no module has started one' : columns(rows))
}

function renderFlow(flow: Fields): string {
  const error = fieldsOf(flow['error'] ?? {})
  const head = columns([
    ['id:', escapeLine(textOf(flow, 'id'))],
    ['name:', escapeLine(textOf(flow, 'name'))],
    ['status:', textOf(flow, 'status')],
    ['begun:', formatTime(textOf(flow, 'created_at'))],
    ['changed:', formatTime(textOf(flow, 'updated_at'))],
    ...(flow['owner'] === undefined ? [] : [['worked on by:', escapeLine(textOf(flow, 'owner'))]]),
    ...(flow['error'] === undefined ? [] : [['error:', escapeLine(textOf(error, 'message'))]]),
    ...(flow['result'] === undefined ? [] : [['result:', escapeLine(JSON.stringify(flow['result']))]]),
  ])
  const done = listOf(flow, 'entries').map((entry) => [
    String(numberOf(entry, 'position') + 1),
    escapeLine(textOf(entry, 'name')),
  ])
  return done.length === 0 ? head : `${head}\n\ndone so far\n${columns(done)}`
}

function idOf(call: CommandCall): string {
  const id = call.words[1]
  if (id === undefined) throw clientErrors.USAGE({ detail: 'which one? ids are in `lotus flows list`' })
  refuseWords(command, call.words, 2)
  return encodeURIComponent(id)
}

export const command = defineCommand({
  name: 'flows',
  summary: 'durable work of modules: lists, shows and cancels it',
  usage: ['flows [list] [--status STATUS] [-n NUMBER] [--json]', 'flows show|cancel ID [--json]'],
  description: `A flow is work of a module that outlives the process: each of its steps is done, kept and not repeated.
One that waits has no process that works on it, for example because its module is not loaded. A
cancelled flow does not begin another step; what it has done stays done.`,
  words: [
    { name: 'list', doc: 'flows, newest first' },
    { name: 'show', doc: 'one flow, with what it has done' },
    { name: 'cancel', doc: 'ends one before its next step' },
  ],
  options: {
    status: { type: 'string', value: 'STATUS', doc: `only these: ${statuses.join(', ')}` },
    number: { type: 'string', short: 'n', value: 'NUMBER', doc: 'how many, 20 if you say nothing' },
  },
  examples: [
    { command: 'lotus flows list --status failed', doc: 'what has gone wrong?' },
    { command: 'lotus flows show order-4711', doc: 'how far is it?' },
  ],
  async run(call) {
    const word = readWord(command, call.words[0] ?? 'list')
    if (word === 'list') refuseWords(command, call.words, 1)
    const { client } = await openClient(call.place, call.terminal)
    if (word === 'list') {
      await list(client, call)
      return exitCodes.completed
    }
    const id = idOf(call)
    if (word === 'show') {
      const flow = await client.request({ path: `/flows/${id}` })
      call.terminal.print(call.json ? jsonLine(flow) : renderFlow(flow))
      return exitCodes.completed
    }
    const answer = await client.request({ method: 'POST', path: `/flows/${id}/cancel`, body: {} })
    const cancelled = answer['cancelled'] === true
    const text = cancelled ? 'cancelled: it begins no other step' : 'it had ended already'
    call.terminal.print(call.json ? jsonLine(answer) : text)
    return cancelled ? exitCodes.completed : exitCodes.failed
  },
})
