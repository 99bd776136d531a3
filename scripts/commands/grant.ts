// lotus grant: the folders that clients without a terminal may work in, such as the browser and programs over HTTP.
import { realpathSync, statSync } from 'node:fs'
import { readWord, refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import { clientErrors } from '../client/errors.ts'
import { escapeLine, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { listOf, textOf } from '../client/fields.ts'
import type { Fields } from '../client/fields.ts'
import { connectOsd } from '../client/osd.ts'
import type { Osd } from '../client/osd.ts'
import { findOrStart } from '../client/session.ts'

/** the folder itself, so that a link that is turned later does not turn the grant. */
function folderOf(path: string): string {
  try {
    const real = realpathSync(path)
    if (statSync(real).isDirectory()) return real
  } catch (cause) {
    throw clientErrors.NOT_FOUND({ value: path, fix: 'name a folder that is there', cause })
  }
  throw clientErrors.USAGE({ value: path, detail: 'only folders can be granted' })
}

function renderGrants(grants: readonly Fields[]): string {
  if (grants.length === 0) return 'no folder is granted; LOTUS_HOME/workspace always is'
  return grants.map((grant) => escapeLine(textOf(grant, 'path'))).join('\n')
}

async function change(osd: Osd, words: readonly string[]): Promise<{ body: Fields; text: string }> {
  if (words[0] === 'list') {
    const body = await osd.call('grant.list', {})
    return { body, text: renderGrants(listOf(body, 'grants')) }
  }
  if (words[0] === 'remove') {
    // a folder that is gone must still be removable: its name is what was granted.
    const path = words[1]!
    const body = await osd.call('grant.remove', { path })
    return { body, text: escapeLine(`${textOf(body, 'path', path)} is no longer granted`) }
  }
  const path = folderOf(words[0]!)
  const body = await osd.call('grant.add', { path })
  return {
    body,
    text: escapeLine(`${textOf(body, 'path', path)} is granted; take it back with: lotus grant remove ${path}`),
  }
}

export const command = defineCommand({
  name: 'grant',
  summary: 'lets clients without a terminal work in a folder',
  usage: ['grant PATH', 'grant list [--json]', 'grant remove PATH'],
  description: `In a terminal LOTUS works in the folder that you are in. Clients without one (the browser, programs over
HTTP, timers) work in LOTUS_HOME/workspace and in the folders that you grant here. lotus-osd keeps
the list and takes your word for it only over its own socket.`,
  words: [
    { name: 'list', doc: 'the folders that you granted' },
    { name: 'remove', doc: 'takes a grant back' },
  ],
  examples: [
    { command: 'lotus grant ~/projects/notes', doc: 'the console may now work there' },
    { command: 'lotus grant remove ~/projects/notes', doc: 'and no longer' },
  ],
  async run({ words, terminal, json, place }) {
    const [first] = words
    if (first === undefined) readWord(command, undefined)
    if (first === 'remove' && words[1] === undefined)
      throw clientErrors.USAGE({ detail: 'which folder? `lotus grant list` shows them' })
    refuseWords(command, words, first === 'remove' ? 2 : 1)
    const record = await findOrStart(place, terminal)
    const osd = await connectOsd(record.osdSocket)
    try {
      const { body, text } = await change(osd, words)
      terminal.print(json ? jsonLine(body) : text)
      return exitCodes.completed
    } finally {
      osd.close()
    }
  },
})
