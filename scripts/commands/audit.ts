// lotus audit: who did what and which rule allowed it, and whether the chain is whole; works without a running LOTUS.
import { join } from 'node:path'
import type { AuditVerification } from '../../modules/operator/contract.ts'
import { readNumber, readWord, refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import type { CommandCall } from '../client/command.ts'
import { escapeLine, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { fieldsOf, listOf, numberOf, textOf } from '../client/fields.ts'
import type { Fields } from '../client/fields.ts'
import { formatTime } from '../client/format.ts'
import { createClient } from '../client/http.ts'
import type { Client } from '../client/http.ts'
import { findNucleus } from '../client/nucleus.ts'
import { readToken } from '../client/place.ts'
import type { Place } from '../client/place.ts'
import { columns } from '../client/terminal.ts'

// a chain of years takes this long to walk; the answer comes when it is done.
const verifyLimitMs = 10 * 60_000

function clientOfRunning(place: Place): Client | undefined {
  const record = findNucleus(place)
  return record === undefined ? undefined : createClient(record.url, readToken(place))
}

/** the last rows of the files themselves, where nothing runs that could be asked. */
async function readRows(place: Place, limit: number, traceId: string | undefined): Promise<readonly Fields[]> {
  const { chainFiles, linesOf } = await import('../../modules/operator/osd/audit/files.ts')
  const { parseRow } = await import('../../modules/operator/osd/audit/row.ts')
  const rows: Fields[] = []
  for (const file of await chainFiles(join(place.home, 'audit'))) {
    for await (const { text } of linesOf(file)) {
      const row = parseRow(text)
      // a row that can't be read is told by `verify`, which says where.
      if (typeof row === 'string' || (traceId !== undefined && row.trace_id !== traceId)) continue
      rows.push({ ...row })
      if (rows.length > limit) rows.shift()
    }
  }
  return rows.toReversed()
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** a step as it was decided (`files.copy allow by inside-the-folder`) or as it ended (`s1 completed`). */
function describeStep(step: Fields): string {
  const policy = textOf(step, 'policy')
  const name = textOf(step, 'action') || textOf(step, 'id')
  const result = textOf(step, 'decision') || textOf(step, 'status')
  const resources = Array.isArray(step['resources']) ? ` (${step['resources'].map(asText).join(', ')})` : ''
  return `${name} ${result}${policy === '' ? '' : ` by ${policy}`}${resources}`
}

/** what a row is about, in one line: what a person looks for, without identifiers and digests, which --json has. */
function describeBody(row: Fields): string {
  const body = fieldsOf(row['body'])
  const isTechnical = (name: string): boolean => /(_id|_hash|_ms|pid|result|origin|step)$/.test(name)
  const parts = Object.entries(body).flatMap(([name, value]) => {
    if (isTechnical(name) || value === '') return []
    if (name === 'steps') return [listOf(body, 'steps').map(describeStep).join(', ')]
    return [`${name}: ${asText(value)}`]
  })
  return parts.join('; ')
}

function renderRows(rows: readonly Fields[]): string {
  if (rows.length === 0) return 'nothing has been done yet'
  const row = (one: Fields): string[] => [
    String(numberOf(one, 'sequence')),
    formatTime(textOf(one, 'time')),
    textOf(one, 'kind'),
    `user ${numberOf(one, 'uid')}`,
    textOf(one, 'trace_id').slice(0, 32),
    describeBody(one),
  ]
  return columns(rows.map(row))
}

async function show({ options, terminal, json, place }: CommandCall): Promise<number> {
  const limit = readNumber(options['number'], '-n', 20, 1000)
  const traceId = typeof options['run'] === 'string' ? options['run'] : undefined
  const client = clientOfRunning(place)
  const query = traceId === undefined ? '' : `&trace_id=${encodeURIComponent(traceId)}`
  const rows =
    client === undefined
      ? await readRows(place, limit, traceId)
      : listOf(await client.request({ path: `/audit?limit=${limit}${query}` }), 'rows')
  terminal.print(json ? jsonLine({ rows }) : renderRows(rows))
  return exitCodes.completed
}

async function askOrWalk(place: Place): Promise<Fields> {
  const client = clientOfRunning(place)
  // a chain that is being written is verified by who writes it: a row half written is no fault.
  if (client !== undefined) return await client.request({ path: '/audit/verify', timeoutMs: verifyLimitMs })
  const { verifyChain } = await import('../../modules/operator/osd/audit/verify.ts')
  const result: AuditVerification = await verifyChain(join(place.home, 'audit'))
  return { ...result }
}

async function verify({ terminal, json, place }: CommandCall): Promise<number> {
  const result = await askOrWalk(place)
  const isWhole = result['ok'] === true
  const fault = fieldsOf(result['fault'])
  const rows = numberOf(result, 'rows')
  if (json) terminal.print(jsonLine(result))
  else if (isWhole) {
    terminal.print(
      `${terminal.style.green('the audit chain is whole')}: ${rows} rows, head ${escapeLine(textOf(result, 'head'))}`,
    )
  } else {
    const where = `row ${numberOf(fault, 'sequence')}: ${escapeLine(textOf(fault, 'reason'))}`
    terminal.print(
      `${terminal.style.red('the audit chain was changed')} at ${where}; the ${rows} rows before it are whole`,
    )
  }
  return isWhole ? exitCodes.completed : exitCodes.failed
}

export const command = defineCommand({
  name: 'audit',
  summary: 'shows who did what under which rule, or verifies the chain',
  usage: ['audit [show] [-n NUMBER] [--run ID] [--json]', 'audit verify [--json]'],
  description: `Every decision, confirmation, action and undo is a row of a chain in which each row carries the hash of
the one before, so that an edit is found. \`verify\` walks all of it and ends with 1 where a row does
not fit. Both work where LOTUS does not run.`,
  words: [
    { name: 'show', doc: 'the last rows, newest first; the same as no word' },
    { name: 'verify', doc: 'walks the whole chain' },
  ],
  options: {
    number: { type: 'string', short: 'n', value: 'NUMBER', doc: 'how many rows; 20 if you say nothing' },
    run: { type: 'string', value: 'ID', doc: 'only the rows of this run' },
  },
  examples: [
    { command: 'lotus audit show -n 5', doc: 'the last five things that happened' },
    { command: 'lotus audit verify', doc: 'has anybody changed the record?' },
  ],
  async run(call) {
    const word = readWord(command, call.words[0], 'show')
    refuseWords(command, call.words, 1)
    return word === 'verify' ? await verify(call) : await show(call)
  },
})
