// lotus run: hands a goal to LOTUS, answers what it asks, shows how it ended.
import { isLotusError, toErrorData } from '../../nucleus/errors.ts'
import { createCancellation } from '../client/cancellation.ts'
import type { Cancellation } from '../client/cancellation.ts'
import { defineCommand } from '../client/command.ts'
import type { CommandCall } from '../client/command.ts'
import { describeClient } from '../client/context.ts'
import { clientErrors, exitCodeOfError } from '../client/errors.ts'
import { escapeText, jsonLine } from '../client/escape.ts'
import { exitCodeOf } from '../client/exit-codes.ts'
import { fieldsOf, listOf, textOf } from '../client/fields.ts'
import type { Fields } from '../client/fields.ts'
import { createClient, faultOf, isLoss } from '../client/http.ts'
import type { Client } from '../client/http.ts'
import { connectOsd } from '../client/osd.ts'
import type { Osd } from '../client/osd.ts'
import { parseOutcome, showOutcome } from '../client/outcome.ts'
import type { Outcome } from '../client/outcome.ts'
import { findNucleus } from '../client/nucleus.ts'
import { readToken } from '../client/place.ts'
import type { NucleusRecord } from '../client/place.ts'
import { findOrStart } from '../client/session.ts'
import type { LostGoal } from '../client/take-up.ts'

// a goal may wait for a person or a model, which the gateway lets it for a quarter of an hour; after that it hangs.
const silenceMs = 16 * 60_000

const loadConfirm = () => import('../client/confirm.ts')

async function confirm(line: Record<string, unknown>, osd: Osd, call: CommandCall, signal: AbortSignal): Promise<void> {
  const { answerConfirmation } = await loadConfirm()
  const { terminal, options } = call
  const plan = {
    planId: textOf(line, 'plan_id'),
    planHash: textOf(line, 'plan_hash'),
    expiresAt: textOf(line, 'expires_at'),
  }
  try {
    await answerConfirmation(osd, plan, { yes: options['yes'] === true, terminal, signal })
  } catch (fault) {
    // the question was closed meanwhile: the outcome says why, and is on the way.
    if (!isLotusError(fault)) throw fault
    if (!signal.aborted) terminal.note(escapeText(fault.message))
  }
}

/** what the shell adds to a goal of its session. */
export interface GoalExtras {
  /** goals of one session may point at what came before. */
  readonly session?: string
  /** the run whose question the goal answers. */
  readonly answers?: string | undefined
  /** hears how the goal ended, besides its being shown. */
  readonly ended?: (outcome: Outcome) => void
  /** takes what happens on the way, escaped; without it that is told on stderr, where it is a terminal. */
  readonly progress?: (text: string) => void
  /** shows how the goal ended; without it the answer is printed. */
  readonly show?: (outcome: Outcome) => void
}

interface Way {
  readonly extras: GoalExtras
  readonly record: NucleusRecord
  readonly connect: (record: NucleusRecord) => Client
  readonly osd: Osd
}

/** the lines of a goal until its end; where its stream is lost and the goal goes on, it is taken up again. */
async function* linesOf(
  goal: Promise<object>,
  call: CommandCall,
  way: Way,
  signal: AbortSignal,
): ReturnType<Client['stream']> {
  const { record, connect } = way
  let traceId = ''
  let lost: Error = clientErrors.CONNECTION_LOST()
  try {
    const posted = { method: 'POST', path: '/goals', body: goal, timeoutMs: silenceMs, signal } as const
    for await (const line of connect(record).stream(posted)) {
      if (line['type'] === 'accepted') traceId = textOf(line, 'trace_id')
      const fault = line['type'] === 'error' ? faultOf(line) : undefined
      if (isLoss(fault)) throw fault
      yield line
      if (line['type'] === 'outcome' || fault !== undefined) return
    }
  } catch (fault) {
    if (traceId === '' || signal.aborted || !isLoss(fault)) throw fault
    lost = fault
  }
  if (traceId === '') throw lost
  const { takeUp } = await import('../client/take-up.ts')
  const lostGoal: LostGoal = { traceId, lost, place: call.place, pid: record.pid, connect, silenceMs, signal }
  yield* takeUp(lostGoal)
}

async function follow(goal: string, call: CommandCall, way: Way, cancellation: Cancellation): Promise<Outcome> {
  const { osd, extras } = way
  const { terminal, json, options } = call
  const isTalkative = !json && options['quiet'] !== true && terminal.canRewrite
  const over = new AbortController()
  const broken = new AbortController()
  let asking: Promise<void> = Promise.resolve()
  let due: readonly Fields[] = []
  // a goal that is taken up again tells its question again, which the person is being asked already.
  const asked = new Set<string>()
  const stated = osd.issueTicket().then((ticket) => {
    const client = describeClient(call.place.environment, terminal.width)
    const { session, answers } = extras
    return { goal, ticket, client, ...(session === undefined ? {} : { session }), ...(answers && { answers }) }
  })
  // a refusal is heard by the request that waits for it, which is only begun below
  stated.catch(() => undefined)
  // the question is on its way to osd before the connection to the nucleus is begun, which takes as long as the answer
  await new Promise((resolve) => setImmediate(resolve))
  const tell = extras.progress ?? ((text: string) => terminal.note(terminal.noteStyle.dim(text)))
  const lines = linesOf(stated, call, way, AbortSignal.any([cancellation.signal, broken.signal]))
  const read = async (): Promise<Outcome> => {
    for await (const line of lines) {
      switch (line['type']) {
        case 'accepted':
          cancellation.accepted(textOf(line, 'trace_id'))
          // most goals that take `--yes` ask: what answers is loaded while they are being judged
          if (options['yes'] === true) await loadConfirm()
          break
        case 'progress':
          if (isTalkative) tell(escapeText(textOf(line, 'text')))
          break
        case 'confirmation':
          if (asked.has(textOf(line, 'plan_id'))) break
          asked.add(textOf(line, 'plan_id'))
          await asking
          // the lines go on being read: where LOTUS ends meanwhile, there is nobody to answer to
          asking = confirm(line, osd, call, AbortSignal.any([cancellation.requested, over.signal]))
          asking.catch(() => broken.abort())
          break
        case 'reminders':
          due = listOf(line, 'reminders')
          break
        case 'outcome':
          // whoever reads JSON has them in it, and tells the person or does not: they stay to be told.
          return parseOutcome({ ...fieldsOf(line['outcome']), ...(due.length === 0 ? {} : { reminders: due }) })
        case 'error':
          throw faultOf(line)
        default:
        // a newer nucleus may tell more than this client understands; the outcome is what counts.
      }
    }
    throw clientErrors.CONNECTION_LOST()
  }
  try {
    return await read()
  } finally {
    over.abort()
    await asking
  }
}

/** runs one goal and shows how it ended; gives the exit code. */
export async function runGoal(goal: string, call: CommandCall, extras: GoalExtras = {}): Promise<number> {
  const { options, terminal, json, place } = call
  const record = await findOrStart(place, terminal)
  const token = readToken(place)
  const connect = ({ url }: NucleusRecord): Client => createClient(url, token)
  const osd = await connectOsd(record.osdSocket)
  const isOutlived = extras.session !== undefined
  const cancellation = createCancellation(() => connect(findNucleus(place) ?? record), terminal, isOutlived)
  try {
    const outcome = await follow(goal, call, { extras, record, connect, osd }, cancellation)
    const quiet = options['quiet'] === true
    extras.ended?.(outcome)
    if (extras.show === undefined) {
      showOutcome(outcome, { json, quiet, terminal })
      if (outcome['reminders'] !== undefined && !json && !quiet) {
        const { tellAfterCommand } = await import('../client/notices.ts')
        const client = connect(findNucleus(place) ?? record)
        await tellAfterCommand(client, describeClient(place.environment, terminal.width), terminal)
      }
    } else extras.show(outcome)
    return cancellation.exitCode ?? exitCodeOf(outcome.status)
  } catch (fault) {
    // what a cancelled goal leaves is a cut connection: it has not failed, it was ended.
    if (cancellation.exitCode === undefined) throw fault
    const cancelled = clientErrors.CANCELLED({ cause: fault })
    if (json) terminal.print(failureLine(cancelled))
    else terminal.note(cancelled.message)
    return cancellation.exitCode
  } finally {
    cancellation.close()
    osd.close()
  }
}

/** runs a goal; where it ends with a question and somebody is there, that is asked, and its answer is run, too. */
async function runUntilClear(goal: string, call: CommandCall): Promise<number> {
  let said = goal
  let answers: string | undefined
  for (;;) {
    let outcome: Outcome | undefined
    const code = await runGoal(said, call, { answers, ended: (how) => (outcome = how) })
    if (outcome?.['clarification'] === undefined) return code
    const { askWhatIsMissing } = await import('../client/clarify.ts')
    const answer = await askWhatIsMissing(outcome, call)
    if (answer === undefined) return code
    said = answer
    answers = outcome.trace_id
  }
}

/** the last line of `--json` has its fields also where there was no outcome. */
export function failureLine(error: unknown): string {
  const { code, message, fix } = toErrorData(error)
  const outcome = { status: 'failed', mode: 'none', answer: message, trace_id: '', cost_usd: 0, steps: [] }
  return jsonLine({ ...outcome, code, error: { code, message, fix } })
}

export const command = defineCommand({
  name: 'run',
  summary: 'does what you say, or tells why not',
  usage: ['run GOAL [--yes] [--json] [--quiet]', 'ask GOAL', 'run -- GOAL-THAT-BEGINS-WITH-A-DASH'],
  description: `The goal is what you would say to a person, in quotes or not. LOTUS looks for a way that it knows,
asks the policy, asks you where the policy says so, and does it in the folder you are in. Two
goals joined by "and then" are one plan. What was changed can be taken back with \`lotus undo\`.
Where one thing is missing or in doubt, you are asked for it, and your answer completes the goal; without
a terminal, or with --json, the goal ends refused, and its field \`clarification\` says what is missing.
LOTUS is started where it does not run. Ctrl+C ends the goal and leaves nothing half done. Reminders
that have come due are told below the answer, on stderr; not with --quiet, and with --json they are
its field \`reminders\` and stay to be told.

Exit codes: 0 completed, 1 failed, 2 wrong usage, 3 refused or denied, 4 needs your confirmation,
5 needs a model, 6 LOTUS can't be reached or started.`,
  options: {
    yes: {
      type: 'boolean',
      short: 'y',
      doc: 'answers yes to changes in this folder that can be undone; to nothing else',
    },
    quiet: { type: 'boolean', short: 'q', doc: 'prints the answer and nothing around it' },
  },
  examples: [
    { command: 'lotus run "how much space is left on this disk?"', doc: 'a question changes nothing and asks nothing' },
    {
      command: 'lotus run "make a folder notes and then create notes/today.md" --yes',
      doc: 'two steps, confirmed at once',
    },
    {
      command: 'lotus run --json "count the lines of README.md" | tail -n 1',
      doc: 'for programs: the last line is one JSON object',
    },
  ],
  takesText: true,
  async run(call) {
    const { words, terminal, json } = call
    const goal = words.join(' ').trim()
    try {
      if (goal === '')
        throw clientErrors.USAGE({ detail: 'a goal is missing', fix: 'say one: lotus run "what can you do?"' })
      return await runUntilClear(goal, call)
    } catch (error) {
      if (!json || !isLotusError(error)) throw error
      terminal.print(failureLine(error))
      return exitCodeOfError(error.code)
    }
  },
})
