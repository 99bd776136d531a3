// lotus memory: the notes that LOTUS keeps; to list, search and forget for good.
import { readNumber, readWord, refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import type { CommandCall } from '../client/command.ts'
import { clientErrors } from '../client/errors.ts'
import { jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { listOf, numberOf, textOf } from '../client/fields.ts'
import type { Fields } from '../client/fields.ts'
import { formatTime } from '../client/format.ts'
import type { Client } from '../client/http.ts'
import { openClient } from '../client/session.ts'
import { columns } from '../client/terminal.ts'

function renderNotes(notes: readonly Fields[], whenEmpty: string): string {
  if (notes.length === 0) return whenEmpty
  return columns(
    notes.map((note) => [textOf(note, 'id'), formatTime(textOf(note, 'created_at')), textOf(note, 'text')]),
  )
}

async function forget(ids: readonly string[], client: Client, call: CommandCall): Promise<number> {
  const { terminal, options, json } = call
  if (ids.length === 0) throw clientErrors.USAGE({ detail: 'which note? ids are in `lotus memory list`' })
  if (options['yes'] !== true) {
    const { askYes } = await import('../client/confirm.ts')
    const question = ids.length === 1 ? 'forget this note for good?' : `forget these ${ids.length} notes for good?`
    const answer = terminal.canAsk ? await askYes(question, AbortSignal.timeout(120_000)) : undefined
    if (answer !== true) {
      terminal.note(terminal.canAsk ? 'nothing was forgotten' : 'forgetting cannot be undone: say --yes to mean it')
      return exitCodes.needsConfirmation
    }
  }
  let forgotten = 0
  for (const id of ids) {
    const path = `/memory/${encodeURIComponent(id)}`
    forgotten += numberOf(await client.request({ method: 'DELETE', path }), 'forgotten')
  }
  const missing = ids.length - forgotten
  if (json) terminal.print(jsonLine({ forgotten, missing }))
  else terminal.print(`forgotten: ${forgotten}${missing === 0 ? '' : `; ${missing} of the ids named no note`}`)
  return missing === 0 ? exitCodes.completed : exitCodes.failed
}

export const command = defineCommand({
  name: 'memory',
  summary: 'lists, searches and forgets what LOTUS remembers',
  usage: [
    'memory [list] [-n NUMBER] [--json]',
    'memory search TEXT [-n NUMBER] [--json]',
    'memory forget ID… [--yes] [--json]',
  ],
  description: `The long-term notes: what you told LOTUS to remember and what it learned. A search finds notes that
share a word with the question, the best first. Forgetting removes a note from every index and
file and can't be undone. New notes come from goals: lotus run "remember that …".`,
  words: [
    { name: 'list', doc: 'the newest notes; the same as no word' },
    { name: 'search', doc: 'notes about a text' },
    { name: 'forget', doc: 'removes notes for good, by their ids' },
  ],
  options: {
    number: { type: 'string', short: 'n', value: 'NUMBER', doc: 'how many to show; 20 if you say nothing' },
    yes: { type: 'boolean', short: 'y', doc: 'forgets without asking' },
  },
  examples: [
    { command: 'lotus memory search "wifi password of the office"', doc: 'what did I tell it about this?' },
    { command: 'lotus memory forget 0193f6f2-8c00-7001-8d3f-9a4e1b7c2d10', doc: 'one note, for good' },
  ],
  tellsDue: true,
  async run(call) {
    const { words, options, terminal, json, place } = call
    const word = readWord(command, words[0], 'list')
    if (word === 'list') refuseWords(command, words, 1)
    const limit = readNumber(options['number'], '-n', 20, 500)
    const text = words.slice(1).join(' ').trim()
    if (word === 'search' && text === '') throw clientErrors.USAGE({ detail: 'what are you looking for?' })
    const { client } = await openClient(place, terminal)
    if (word === 'forget') return await forget(words.slice(1), client, call)
    const query = word === 'search' ? `&query=${encodeURIComponent(text)}` : ''
    const notes = listOf(await client.request({ path: `/memory?limit=${limit}${query}` }), 'notes')
    const whenEmpty = word === 'search' ? 'no note is about this' : 'no notes yet; say one: lotus run "remember that …"'
    terminal.print(json ? jsonLine({ notes }) : renderNotes(notes, whenEmpty))
    return exitCodes.completed
  },
})
