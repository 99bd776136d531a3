// lotus undo: takes back what LOTUS changed.
import { refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import { escapeText, jsonLine } from '../client/escape.ts'
import { exitCodeOf } from '../client/exit-codes.ts'
import { textOf } from '../client/fields.ts'
import { connectOsd } from '../client/osd.ts'
import { openClient } from '../client/session.ts'

export const command = defineCommand({
  name: 'undo',
  summary: 'takes back the last change, or the one with this id',
  usage: ['undo [ID] [--json]'],
  description: `Brings back what was there before: content, names, and what was moved to the trash. It refuses where
somebody changed the same thing since, so that nobody's work is lost. Without an id it is your
newest change; the id of every change is in \`lotus runs show\`.

Exit codes: 0 taken back, 1 failed, 3 denied.`,
  examples: [
    { command: 'lotus undo', doc: 'the last change' },
    { command: 'lotus runs show', doc: 'what the last goal changed, with the ids' },
  ],
  tellsDue: true,
  async run({ words, terminal, json, place }) {
    refuseWords(command, words, 1)
    const { record, client } = await openClient(place, terminal)
    const osd = await connectOsd(record.osdSocket)
    try {
      const ticket = await osd.issueTicket()
      const [undoId] = words
      const body = undoId === undefined ? { ticket } : { ticket, undo_id: undoId }
      const report = await client.request({ method: 'POST', path: '/undo', body, timeoutMs: 60_000 })
      terminal.print(json ? jsonLine(report) : escapeText(textOf(report, 'text')))
      return exitCodeOf(textOf(report, 'status'))
    } finally {
      osd.close()
    }
  },
})
