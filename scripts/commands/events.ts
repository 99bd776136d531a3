// lotus events: what happens, as it happens; one event; a range given once more; and what failed its last try.
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

const deadWords = ['list', 'show', 'replay', 'drop']
const longestLine = 160

/** one line: time, type, id, and as much of the data as fits. */
function renderEvent(event: Fields, { terminal }: CommandCall): string {
  const { dim, bold } = terminal.style
  const data = escapeLine(JSON.stringify(event['data'] ?? null))
  const shown = data.length > longestLine ? `${data.slice(0, longestLine)}…` : data
  const head = [dim(formatTime(textOf(event, 'time'))), bold(escapeLine(textOf(event, 'type')))]
  return [...head, dim(escapeLine(textOf(event, 'id'))), shown].join('  ')
}

function renderWhole(event: Fields): string {
  const { data, ...rest } = event
  const lines = Object.entries(rest).map(([name, value]) => [`${name}:`, escapeLine(String(value))])
  const text = JSON.stringify(data ?? null, undefined, 2)
  return `${columns(lines)}\n${text.split('\n').map(escapeLine).join('\n')}`
}

async function tail(client: Client, call: CommandCall): Promise<void> {
  const { terminal, json, options } = call
  const types = typeof options['type'] === 'string' ? options['type'].split(',') : undefined
  const after = optionOf(call, 'after')
  const most = options['number'] === undefined ? Infinity : readNumber(options['number'], '-n', 1, 1_000_000)
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  let seen = 0
  const following = { ...(types === undefined ? {} : { types }), ...(after === undefined ? {} : { after }) }
  for await (const event of client.events({ ...following, signal: controller.signal })) {
    if (event === 'open') continue
    terminal.print(json ? jsonLine(event.envelope) : renderEvent(event.envelope, call))
    seen += 1
    if (seen >= most) break
  }
  stop()
}

async function show(client: Client, call: CommandCall): Promise<void> {
  const id = wordOf(call, 1, 'which one? ids are in `lotus events tail`')
  refuseWords(command, call.words, 2)
  const event = await client.request({ path: `/events/${encodeURIComponent(id)}` })
  call.terminal.print(call.json ? jsonLine(event) : renderWhole(event))
}

async function replay(client: Client, call: CommandCall): Promise<void> {
  const group = wordOf(call, 1, 'to which subscription? for example memory/goal.completed')
  refuseWords(command, call.words, 2)
  const [after, until] = [optionOf(call, 'after'), optionOf(call, 'until')]
  const range = { ...(after === undefined ? {} : { after }), ...(until === undefined ? {} : { until }) }
  const answer = await client.request({ method: 'POST', path: '/events/replay', body: { group, ...range } })
  const count = numberOf(answer, 'replayed')
  const text = `${count === 1 ? 'one event is' : `${count} events are`} given to ${group} once more`
  call.terminal.print(call.json ? jsonLine(answer) : escapeLine(text))
}

async function dead(client: Client, call: CommandCall): Promise<void> {
  const { terminal, json } = call
  const word = call.words[1] ?? 'list'
  if (!deadWords.includes(word)) {
    throw clientErrors.USAGE({ value: word, detail: `lotus events dead takes one of ${deadWords.join(', ')}` })
  }
  if (word === 'list') return await listDead(client, call)
  const id = wordOf(call, 2, 'which one? ids are in `lotus events dead`')
  refuseWords(command, call.words, 3)
  const letter = await findDead(client, id, optionOf(call, 'group'))
  if (word === 'show') return terminal.print(json ? jsonLine(letter) : renderDead(letter))
  const group = textOf(letter, 'group')
  const path = `/dead-letters/${encodeURIComponent(group)}/${encodeURIComponent(id)}`
  const answer = await client.request(
    word === 'replay' ? { method: 'POST', path: `${path}/replay`, body: {} } : { method: 'DELETE', path },
  )
  const done = word === 'replay' ? `is given to ${group} once more` : `is dropped for ${group}`
  terminal.print(json ? jsonLine(answer) : escapeLine(`${id} ${done}`))
}

async function listDead(client: Client, call: CommandCall): Promise<void> {
  const { terminal, json, options } = call
  refuseWords(command, call.words, 2)
  const limit = readNumber(options['number'], '-n', 20, 1_000)
  const answer = await client.request({ path: `/dead-letters?limit=${limit}` })
  if (json) return terminal.print(jsonLine(answer))
  const letters = listOf(answer, 'dead_letters')
  const rows = letters.map((letter) => [
    textOf(fieldsOf(letter['event']), 'id'),
    formatTime(textOf(letter, 'parked_at')),
    escapeLine(textOf(letter, 'group')),
    `${numberOf(letter, 'attempts')} tries`,
    escapeLine(textOf(letter, 'error')).slice(0, longestLine),
  ])
  terminal.print(rows.length === 0 ? 'no dead letters: every event was handled, or is still tried' : columns(rows))
}

function renderDead(letter: Fields): string {
  const head = columns([
    ['group:', escapeLine(textOf(letter, 'group'))],
    ['tries:', String(numberOf(letter, 'attempts'))],
    ['parked:', formatTime(textOf(letter, 'parked_at'))],
    ['error:', escapeLine(textOf(letter, 'error'))],
  ])
  return `${head}\n\n${renderWhole(fieldsOf(letter['event']))}`
}

/** the dead letter of an event; it may have failed in several subscriptions. */
async function findDead(client: Client, id: string, group: string | undefined): Promise<Fields> {
  const answer = await client.request({ path: '/dead-letters?limit=1000' })
  const found = listOf(answer, 'dead_letters')
    .filter((letter) => textOf(fieldsOf(letter['event']), 'id') === id)
    .filter((letter) => group === undefined || textOf(letter, 'group') === group)
  const [first, second] = found
  if (first === undefined) {
    throw clientErrors.USAGE({ value: id, detail: 'no such dead letter', fix: 'ids are in `lotus events dead`' })
  }
  if (second !== undefined) {
    const groups = found.map((letter) => textOf(letter, 'group')).join(', ')
    throw clientErrors.USAGE({ value: id, detail: `it failed in ${groups}`, fix: 'say which one: --group GROUP' })
  }
  return first
}

function wordOf(call: CommandCall, index: number, question: string): string {
  const word = call.words[index]
  if (word === undefined) throw clientErrors.USAGE({ detail: question })
  return word
}

function optionOf(call: CommandCall, name: string): string | undefined {
  const value = call.options[name]
  return typeof value === 'string' ? value : undefined
}

export const command = defineCommand({
  name: 'events',
  summary: 'follows what happens; shows, repeats and drops single events',
  usage: [
    'events tail [--type TYPE,…] [--after ID] [-n NUMBER] [--json]',
    'events show ID [--json]',
    'events replay GROUP [--after ID] [--until ID] [--json]',
    'events dead [list] [-n NUMBER] [--json]',
    'events dead show|replay|drop ID [--group GROUP] [--json]',
  ],
  description: `Everything that happens in LOTUS is an event; docs/reference/events.md lists the types. Journaled ones are
kept and handed to each durable subscription (a group, named module/event.type) until it has handled
them. One that fails its last try becomes a dead letter: it waits until you look at it, give it
another round of tries, or drop it. \`replay\` gives a subscription a range of events again that it has
had; without a range all that the journal still has. What a module did for them it does again.`,
  words: [
    { name: 'tail', doc: 'events as they happen, or all that came after one, until Ctrl+C' },
    { name: 'show', doc: 'one journaled event' },
    { name: 'replay', doc: 'a range of events once more, to one subscription' },
    { name: 'dead', doc: 'what failed its last try: list, show, replay, drop' },
  ],
  options: {
    type: { type: 'string', short: 't', value: 'TYPE', doc: 'tail: only these types, separated by commas' },
    after: { type: 'string', value: 'ID', doc: 'tail, replay: only what came after this event' },
    until: { type: 'string', value: 'ID', doc: 'replay: only up to this event' },
    group: { type: 'string', short: 'g', value: 'GROUP', doc: 'dead: where an event failed in several' },
    number: {
      type: 'string',
      short: 'n',
      value: 'NUMBER',
      doc: 'tail: ends after so many; dead: how many, 20 if you say nothing',
    },
  },
  examples: [
    { command: 'lotus events tail --type goal.accepted,goal.completed', doc: 'watch goals come and go' },
    { command: 'lotus events dead', doc: 'what did nobody manage to handle?' },
    {
      command: 'lotus events dead replay 0193f6f2-8c00-7001-8d3f-9a4e1b7c2d10',
      doc: 'try it again, now that the reason is gone',
    },
  ],
  async run(call) {
    const word = readWord(command, call.words[0])
    if (word === 'tail') refuseWords(command, call.words, 1)
    const { client } = await openClient(call.place, call.terminal)
    if (word === 'tail') await tail(client, call)
    else if (word === 'show') await show(client, call)
    else if (word === 'replay') await replay(client, call)
    else await dead(client, call)
    return exitCodes.completed
  },
})
