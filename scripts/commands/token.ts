// lotus token: tokens for programs that use the HTTP interface, each for one purpose; osd makes and revokes them.
import { readWord, refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import type { CommandCall } from '../client/command.ts'
import { readDuration } from '../client/duration.ts'
import { clientErrors } from '../client/errors.ts'
import { escapeLine, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { listOf, textOf } from '../client/fields.ts'
import type { Fields } from '../client/fields.ts'
import { formatTime } from '../client/format.ts'
import { connectOsd } from '../client/osd.ts'
import type { Osd } from '../client/osd.ts'
import { findOrStart } from '../client/session.ts'
import { columns } from '../client/terminal.ts'
import { suggest } from '../../nucleus/settings/suggest.ts'

const purposes = ['api', 'hook', 'module']
const maxTokenBytes = 4_096

function readPurpose(value: string | boolean | undefined): string {
  if (value === undefined) return 'api'
  const purpose = String(value)
  if (purposes.includes(purpose)) return purpose
  const near = suggest(purpose, purposes)
  throw clientErrors.USAGE({
    value: purpose,
    detail: `a purpose is one of ${purposes.join(', ')}`,
    ...(near === undefined ? {} : { fix: `did you mean --purpose ${near}?` }),
  })
}

/** a duration from now, or a moment of its own. */
function readExpiry(value: string): string {
  const moment = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Date.now() + readDuration(value, '--expires 30d')
  if (Number.isFinite(moment) && moment > Date.now()) return new Date(moment).toISOString()
  throw clientErrors.USAGE({
    value,
    detail: 'a token ends in the future',
    fix: 'say --expires 30d, or --expires 2027-06-30',
  })
}

/** a token never stands on a command line, where every process of the machine can read it. */
async function readTokenFromStdin(): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxTokenBytes) break
    chunks.push(chunk)
  }
  const token = Buffer.concat(chunks).toString('utf8').trim()
  if (/^[\x21-\x7e]{1,1024}$/.test(token)) return token
  throw clientErrors.USAGE({ detail: 'stdin holds no token: one word of visible ASCII signs' })
}

async function create(osd: Osd, { options, terminal, json }: CommandCall): Promise<void> {
  const expires = options['expires']
  const made = await osd.call('token.create', {
    purpose: readPurpose(options['purpose']),
    name: typeof options['name'] === 'string' ? options['name'] : '',
    ...(typeof expires === 'string' ? { expires_at: readExpiry(expires) } : {}),
    ...(options['stdin'] === true ? { token: await readTokenFromStdin() } : {}),
  })
  if (json) return terminal.print(jsonLine(made))
  // alone on stdout, so that it can go straight into a file or a secret store.
  terminal.print(escapeLine(textOf(made, 'token')))
  const ends = textOf(made, 'expires_at')
  const until = ends === '' ? 'until it is revoked' : `until ${formatTime(ends)}`
  terminal.note(
    terminal.noteStyle.dim(
      `${textOf(made, 'purpose')} token ${escapeLine(textOf(made, 'id'))}, in force ${until}; it is not shown again`,
    ),
  )
}

function renderTokens(tokens: readonly Fields[]): string {
  if (tokens.length === 0) return 'no tokens; make one: lotus token create'
  return columns(
    tokens.map((one) => [
      textOf(one, 'id'),
      textOf(one, 'purpose'),
      textOf(one, 'status').replace('_', ' '),
      formatTime(textOf(one, 'created_at')),
      textOf(one, 'expires_at') === '' ? '' : `until ${formatTime(textOf(one, 'expires_at'))}`,
      textOf(one, 'name'),
    ]),
  )
}

async function list(osd: Osd, { terminal, json }: CommandCall): Promise<void> {
  const answer = await osd.call('token.list', {})
  terminal.print(json ? jsonLine(answer) : renderTokens(listOf(answer, 'tokens')))
}

async function revoke(osd: Osd, { words, options, terminal, json }: CommandCall): Promise<void> {
  const [, id] = words
  if (options['stdin'] !== true && (id === undefined || !/^([0-9a-f]{12}|home)$/.test(id))) {
    // the word is not shown: it may well be a token
    throw clientErrors.USAGE({
      detail: 'which token? an id of `lotus token list`, or --stdin and the token itself on stdin',
      fix: 'a token that stood on a command line may have been read by others: revoke it',
    })
  }
  const answer = await osd.call('token.revoke', { which: options['stdin'] === true ? await readTokenFromStdin() : id })
  const after = textOf(answer, 'id') === 'home' ? '; LOTUS_HOME/token has a new one' : ''
  const text = `${textOf(answer, 'purpose')} token ${textOf(answer, 'id')} is revoked${after}`
  terminal.print(json ? jsonLine(answer) : escapeLine(text))
}

export const command = defineCommand({
  name: 'token',
  summary: 'makes, lists and revokes tokens for programs that use the HTTP interface',
  usage: [
    'token create [--purpose PURPOSE] [--name NAME] [--expires WHEN] [--stdin] [--json]',
    'token list [--json]',
    'token revoke ID [--json]',
    'token revoke --stdin',
  ],
  description: `A token speaks for you over HTTP, for one purpose:
  api     everything that the HTTP interface offers
  hook    states goals (POST /goals, POST /chat) and nothing else: it can't answer what LOTUS asks
          about them, and reads nothing
  module  reads events, notes, reminders and abilities, and keeps notes; it never acts
A new one is printed once, on stdout; LOTUS keeps its hash. A revoked one is refused within a second,
also where it holds a stream open. \`home\` is the one in LOTUS_HOME/token, which this command uses
itself: revoked, it is replaced by a new one. Tokens are taken in the header Authorization alone.`,
  words: [
    { name: 'create', doc: 'makes one and prints it' },
    { name: 'list', doc: 'all of them, without their values' },
    { name: 'revoke', doc: 'ends one, by its id, or by itself on stdin' },
  ],
  options: {
    purpose: { type: 'string', short: 'p', value: 'PURPOSE', doc: 'api, hook or module; api if you say nothing' },
    name: { type: 'string', short: 'n', value: 'NAME', doc: 'what it is for, for the list' },
    expires: { type: 'string', short: 'e', value: 'WHEN', doc: 'after so long (30d, 12h) or at a date (2027-06-30)' },
    stdin: { type: 'boolean', doc: 'reads the token from stdin: to revoke it, or to take over one of yours' },
  },
  examples: [
    {
      command: 'lotus token create --purpose hook --name "doorbell" --expires 90d',
      doc: 'for a program that states goals',
    },
    { command: 'lotus token list', doc: 'which are in force?' },
    { command: 'lotus token revoke --stdin < leaked-token', doc: 'one that others may have seen' },
  ],
  async run(call) {
    const word = readWord(command, call.words[0])
    refuseWords(command, call.words, word === 'revoke' ? 2 : 1)
    const record = await findOrStart(call.place, call.terminal)
    const osd = await connectOsd(record.osdSocket)
    try {
      if (word === 'create') await create(osd, call)
      else if (word === 'list') await list(osd, call)
      else await revoke(osd, call)
      return exitCodes.completed
    } finally {
      osd.close()
    }
  },
})
