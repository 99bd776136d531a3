// lotus why: how a goal was decided: what it was understood as, which rule spoke about each step, who answered.
import { refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import { clientErrors } from '../client/errors.ts'
import { escapeLine, escapeText, jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { fieldsOf, listOf, textOf } from '../client/fields.ts'
import type { Fields } from '../client/fields.ts'
import { formatTime } from '../client/format.ts'
import type { Client } from '../client/http.ts'
import { openClient } from '../client/session.ts'
import { columns } from '../client/terminal.ts'
import type { Style } from '../client/terminal.ts'

// rows of one goal; a plan has at most 64 steps.
const mostRows = 300

async function runOf(id: string | undefined, client: Client): Promise<Fields> {
  if (id !== undefined) return await client.request({ path: `/runs/${encodeURIComponent(id)}` })
  const [newest] = listOf(await client.request({ path: '/runs?limit=1' }), 'runs')
  if (newest === undefined) throw clientErrors.NOT_FOUND({ detail: 'no goals yet' })
  return newest
}

const answers: Readonly<Record<string, string>> = {
  yes: 'you said yes',
  no: 'you said no',
  absent: 'nobody was there to be asked',
  expired: 'nobody answered in time',
  cancelled: 'it was cancelled before an answer',
}

/** a row of the audit chain as a line of the story; undefined where it says nothing about why. */
function tellRow(row: Fields): string | undefined {
  const body = fieldsOf(row['body'])
  switch (textOf(row, 'kind')) {
    case 'plan.answered': {
      const told = answers[textOf(body, 'answer')] ?? textOf(body, 'answer')
      return textOf(body, 'by') === 'yes_flag' ? '--yes answered' : told
    }
    case 'step.failed':
      return `${textOf(body, 'step')} failed: ${textOf(body, 'code')}`
    default:
      return undefined
  }
}

/** the decisions on the steps: those before the run, then what was decided while it ran. */
function decisionsOf(rows: readonly Fields[]): readonly Fields[] {
  return rows.flatMap((row) => {
    const body = fieldsOf(row['body'])
    if (textOf(row, 'kind') === 'plan.decided') return listOf(body, 'steps')
    return textOf(row, 'kind') === 'step.decided' ? [fieldsOf(body['decision'])] : []
  })
}

function render(run: Fields, rows: readonly Fields[], rules: ReadonlyMap<string, string>, style: Style): string {
  const trace = textOf(run, 'trace_name')
  const facts = [
    ['goal', textOf(run, 'goal')],
    ['ended', [textOf(run, 'status'), textOf(run, 'code')].filter((part) => part !== '').join(', ')],
    ['when', formatTime(textOf(run, 'started_at'))],
    ['taken for', trace === '' ? 'nothing that LOTUS can do by itself' : trace],
    ['because', textOf(run, 'explanation')],
  ]
  const decisions = decisionsOf(rows)
  const decided = decisions.map((one, index) => {
    const policy = textOf(one, 'policy')
    const why = textOf(one, 'reason') || rules.get(policy) || ''
    return [
      `${index + 1}.`,
      textOf(one, 'action'),
      textOf(one, 'decision'),
      `by ${policy}${why === '' ? '' : `: ${why}`}`,
    ]
  })
  const after = rows.map(tellRow).filter((line) => line !== undefined)
  return [
    columns(facts, ''),
    style.bold('rules that decided'),
    decided.length === 0 ? '  none: it ended before there was a plan' : columns(decided, '  '),
    ...(after.length === 0 ? [] : [style.bold('then'), ...after.map((line) => `  ${escapeLine(line)}`)]),
    // a line each, so that no narrow screen breaks a command in two
    style.dim(escapeText(`all of it: lotus runs show ${textOf(run, 'trace_id')}`)),
    style.dim(escapeText(`           lotus audit --run ${textOf(run, 'trace_id')}`)),
  ].join('\n')
}

export const command = defineCommand({
  name: 'why',
  summary: 'tells why a goal went the way it did: what it was taken for, and which rules decided',
  usage: ['why [ID] [--json]'],
  description: `What the goal was understood as and by which words, the rule of the policy that decided on each step and
why, who answered where it asked, and what failed. From the run and the rows of the audit chain.
Without an id it is the newest goal.`,
  examples: [
    { command: 'lotus why', doc: 'why did the last goal do that, or why not?' },
    { command: 'lotus why --json | tail -n 1', doc: 'run, rows and rules for a program' },
  ],
  async run({ words, terminal, json, place }) {
    refuseWords(command, words, 1)
    const { client } = await openClient(place, terminal)
    const run = await runOf(words[0], client)
    const traceId = encodeURIComponent(textOf(run, 'trace_id'))
    const [audit, policy] = await Promise.all([
      client.request({ path: `/audit?limit=${mostRows}&trace_id=${traceId}` }),
      client.request({ path: '/policies' }),
    ])
    // told in the order in which it happened.
    const rows = listOf(audit, 'rows').toReversed()
    const rules = new Map(listOf(policy, 'policies').map((rule) => [textOf(rule, 'name'), textOf(rule, 'description')]))
    terminal.print(json ? jsonLine({ run, rows }) : render(run, rows, rules, terminal.style))
    return exitCodes.completed
  },
})
