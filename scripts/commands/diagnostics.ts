// lotus diagnostics: writes what a helper needs to know into one file, without what is yours; sends nothing.
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import { describeBundle, writeBundle } from '../client/diagnostics/bundle.ts'
import { collect } from '../client/diagnostics/collect.ts'
import { clientErrors } from '../client/errors.ts'
import { escapeLine, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { formatSize } from '../client/format.ts'
import { columns } from '../client/terminal.ts'

function stampOf(now: Date): string {
  return now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)
}

export const command = defineCommand({
  name: 'diagnostics',
  summary: 'writes a file for whoever helps you, without what is yours',
  usage: ['diagnostics [--output FILE] [--json]'],
  description: `The file holds versions, what doctor finds, settings with secrets and texts left out, health, metrics,
statistics of the databases, what takes room, and the last lines of the log without what they quote. No
goal, answer, note, name or content of a file, token or key is in it. It is readable for you only, and
sent to nobody: look into it, then pass it on yourself. Works where LOTUS does not run.`,
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      doc: 'where to; lotus-diagnostics-TIME.tar.gz if you say nothing',
    },
  },
  examples: [{ command: 'lotus diagnostics', doc: 'before you ask somebody for help' }],
  async run({ words, options, terminal, json, place }) {
    refuseWords(command, words, 0)
    const folder = `lotus-diagnostics-${stampOf(new Date())}`
    const path = resolve(typeof options['output'] === 'string' ? options['output'] : `${folder}.tar.gz`)
    if (existsSync(path)) {
      throw clientErrors.USAGE({
        value: path,
        detail: 'something of that name is there',
        fix: 'name another file with --output',
      })
    }
    const files = await collect(place)
    const all = [describeBundle(files), ...files]
    try {
      await writeBundle(path, folder, all)
    } catch (cause) {
      const detail = (cause as NodeJS.ErrnoException).code ?? String(cause)
      throw clientErrors.USAGE({
        value: path,
        detail: `it can’t be written: ${detail}`,
        fix: 'name another file with --output',
        cause,
      })
    }
    const { size } = statSync(path)
    if (json) {
      const entries = all.map(({ name, about, text }) => ({ name, about, bytes: Buffer.byteLength(text) }))
      terminal.print(jsonLine({ file: path, bytes: size, entries, sent: false }))
      return exitCodes.completed
    }
    terminal.print(escapeLine(`${path}, ${formatSize(size)}, readable for you only`))
    terminal.print(
      columns(
        files.map(({ name, about }) => [name, about]),
        '  ',
      ),
    )
    terminal.print('nothing was sent: look into it, then pass it on yourself')
    return exitCodes.completed
  },
})
