// lotus reminders: what has come due, what is to come, and what to do about it.
import { readWord, refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import type { CommandCall } from '../client/command.ts'
import { describeClient } from '../client/context.ts'
import { readDuration } from '../client/duration.ts'
import { clientErrors } from '../client/errors.ts'
import { escapeLine, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { listOf, textOf } from '../client/fields.ts'
import type { Fields } from '../client/fields.ts'
import { formatTime } from '../client/format.ts'
import type { Client } from '../client/http.ts'
import { openClient } from '../client/session.ts'
import { columns } from '../client/terminal.ts'

function renderDue(due: readonly Fields[]): string {
  return columns(due.map((one) => [textOf(one, 'id'), textOf(one, 'said')]))
}

function renderWaiting(reminders: readonly Fields[]): string {
  return columns(
    reminders.map((one) => [
      textOf(one, 'id'),
      formatTime(textOf(one, 'due_at')),
      textOf(one, 'kind'),
      textOf(one, 'repeats') === '' ? textOf(one, 'text') : `${textOf(one, 'text')} (repeats)`,
    ]),
  )
}

/** shows all of them; what was still to be told has been told then. */
async function list(client: Client, call: CommandCall): Promise<void> {
  const { terminal, json, place } = call
  const { time_zone, locale } = describeClient(place.environment, terminal.width)
  const zone = `time_zone=${encodeURIComponent(time_zone)}&locale=${encodeURIComponent(locale)}`
  const answer = await client.request({ path: `/reminders?${zone}` })
  if (json) return terminal.print(jsonLine(answer))
  const due = listOf(answer, 'due')
  const waiting = listOf(answer, 'reminders')
  const { bold } = terminal.style
  const parts = [
    ...(due.length === 0 ? [] : [bold('due'), renderDue(due)]),
    ...(waiting.length === 0 ? [] : [bold('to come'), renderWaiting(waiting)]),
  ]
  terminal.print(
    parts.length === 0 ? 'no reminders; set one: lotus run "remind me in 20 minutes to …"' : parts.join('\n'),
  )
  const ids = due.filter((one) => one['told_at'] === null).map((one) => textOf(one, 'id'))
  if (ids.length > 0) await client.request({ method: 'POST', path: '/reminders/told', body: { ids } })
}

async function change(word: string, words: readonly string[], client: Client, call: CommandCall): Promise<void> {
  const { terminal, json } = call
  const [, id, ...rest] = words
  if (id === undefined) throw clientErrors.USAGE({ detail: 'which one? ids are in `lotus reminders`' })
  const path = `/reminders/${encodeURIComponent(id)}`
  if (word === 'done') {
    refuseWords(command, words, 2)
    const answer = await client.request({ method: 'POST', path: `${path}/done` })
    return terminal.print(json ? jsonLine(answer) : 'done')
  }
  if (rest.length === 0) throw clientErrors.USAGE({ detail: 'for how long? for example 10m' })
  const for_ms = readDuration(rest.join(' '), '`10m`, `1h30m` or `2 days`')
  const answer = await client.request({ method: 'POST', path: `${path}/snooze`, body: { for_ms } })
  const text = `${textOf(answer, 'text')} again at ${formatTime(textOf(answer, 'due_at'))}`
  terminal.print(json ? jsonLine(answer) : escapeLine(text))
}

export const command = defineCommand({
  name: 'reminders',
  summary: 'lists what has come due and what is to come; ends or puts off one',
  usage: ['reminders [list] [--json]', 'reminders done ID [--json]', 'reminders snooze ID DURATION [--json]'],
  description: `What has come due stays in the list until you are done with it, a week at most once you were told. What
came due while LOTUS was not running is listed as missed, with its time. Each is told once: below
the answer of the next \`lotus run\`, in an open shell, or by this list, whichever comes first; a
notification of the desktop comes on top. New ones come from goals: lotus run "remind me at 9 to …".
A repeated one goes on until a goal cancels it.`,
  words: [
    { name: 'list', doc: 'all of them; the same as no word' },
    { name: 'done', doc: 'takes one off the list: it has come due, or you did it before its time' },
    { name: 'snooze', doc: 'reminds again after a while' },
  ],
  examples: [
    { command: 'lotus reminders', doc: 'what did I miss, and what is to come?' },
    { command: 'lotus reminders snooze 0193f6f2-8c00-7001-8d3f-9a4e1b7c2d10 10m', doc: 'not now' },
  ],
  async run(call) {
    const word = readWord(command, call.words[0], 'list')
    if (word === 'list') refuseWords(command, call.words, 1)
    const { client } = await openClient(call.place, call.terminal)
    if (word === 'list') await list(client, call)
    else await change(word, call.words, client, call)
    return exitCodes.completed
  },
})
