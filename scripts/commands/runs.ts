// lotus runs: what became of the goals, and the story of one of them.
import { readNumber, readWord, refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import type { CommandCall } from '../client/command.ts'
import { clientErrors } from '../client/errors.ts'
import { escapeLine, escapeText, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { listOf, numberOf, textOf } from '../client/fields.ts'
import type { Fields } from '../client/fields.ts'
import { formatCost, formatDuration, formatTime } from '../client/format.ts'
import type { Client } from '../client/http.ts'
import { openClient } from '../client/session.ts'
import { columns } from '../client/terminal.ts'
import type { Style } from '../client/terminal.ts'

async function fetchRuns(client: Client, limit: number): Promise<readonly Fields[]> {
  return listOf(await client.request({ path: `/runs?limit=${limit}` }), 'runs')
}

function renderList(runs: readonly Fields[]): string {
  if (runs.length === 0) return 'no goals yet; say one: lotus run "what can you do?"'
  const row = (run: Fields): string[] => [
    textOf(run, 'trace_id'),
    formatTime(textOf(run, 'started_at')),
    textOf(run, 'ended_at') === '' ? 'running' : textOf(run, 'status'),
    textOf(run, 'mode'),
    textOf(run, 'goal'),
  ]
  return columns(runs.map(row))
}

function renderStep(step: Fields): string {
  const undoId = textOf(step, 'undo_id')
  const args = JSON.stringify(step['args'] ?? {})
  const text = textOf(step, 'text')
  const head = escapeLine(`${textOf(step, 'status').padEnd(9)}  ${textOf(step, 'action')} ${args}`)
  const lines = [
    head,
    ...(text === ''
      ? []
      : escapeText(text)
          .split('\n')
          .map((line) => `             ${line}`)),
  ]
  if (undoId !== '') lines.push(`             take it back with: lotus undo ${escapeLine(undoId)}`)
  return lines.map((line) => `  ${line}`).join('\n')
}

function renderRun(run: Fields, style: Style): string {
  const facts = [
    ['run', textOf(run, 'trace_id')],
    ['status', [textOf(run, 'status'), textOf(run, 'code')].filter((part) => part !== '').join(', ')],
    ['mode', [textOf(run, 'mode'), textOf(run, 'trace_name')].filter((part) => part !== '').join(', ')],
    ['policy', textOf(run, 'policy')],
    ['why', textOf(run, 'explanation')],
    ['started', formatTime(textOf(run, 'started_at'))],
    ['took', `${formatDuration(numberOf(run, 'duration_ms'))}, ${formatCost(numberOf(run, 'cost_usd'))}`],
  ].filter(([, value]) => value !== '')
  const steps = listOf(run, 'steps')
  return [
    style.bold(escapeLine(textOf(run, 'goal'))),
    columns(facts, '  '),
    ...(steps.length === 0 ? [] : [style.bold('steps'), ...steps.map(renderStep)]),
    style.bold('answer'),
    `  ${escapeText(textOf(run, 'answer')).replaceAll('\n', '\n  ')}`,
  ].join('\n')
}

async function show(id: string | undefined, client: Client, call: CommandCall): Promise<void> {
  const newest = id === undefined ? (await fetchRuns(client, 1))[0] : undefined
  const traceId = id ?? textOf(newest ?? {}, 'trace_id')
  if (traceId === '') throw clientErrors.NOT_FOUND({ detail: 'no goals yet' })
  const run = await client.request({ path: `/runs/${encodeURIComponent(traceId)}` })
  call.terminal.print(call.json ? jsonLine(run) : renderRun(run, call.terminal.style))
}

export const command = defineCommand({
  name: 'runs',
  summary: 'lists the last goals, or tells the story of one',
  usage: ['runs [list] [-n NUMBER] [--json]', 'runs show [ID] [--json]'],
  description: `A run is the story of one goal: which way was taken and why, each step with its arguments and result,
which rule decided, what it cost, and the ids to take changes back. Newest first.`,
  words: [
    { name: 'list', doc: 'the last goals; the same as no word' },
    { name: 'show', doc: 'one run, by its id; without an id the newest' },
  ],
  options: { number: { type: 'string', short: 'n', value: 'NUMBER', doc: 'how many to list; 20 if you say nothing' } },
  examples: [
    { command: 'lotus runs', doc: 'what did LOTUS do today?' },
    { command: 'lotus runs show', doc: 'what did it just do, and why that way?' },
  ],
  tellsDue: true,
  async run(call) {
    const { words, options, terminal, json, place } = call
    const word = readWord(command, words[0], 'list')
    refuseWords(command, words, word === 'show' ? 2 : 1)
    const limit = readNumber(options['number'], '-n', 20, 1000)
    const { client } = await openClient(place, terminal)
    if (word === 'show') await show(words[1], client, call)
    else {
      const runs = await fetchRuns(client, limit)
      terminal.print(json ? jsonLine({ runs }) : renderList(runs))
    }
    return exitCodes.completed
  },
})
