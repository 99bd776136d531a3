// runs the steps of a decided plan in order; when one fails, everything the plan has changed is taken back.
import type { Json, StepDecision, StepResult, ToolDescription } from '../../contract.ts'
import { isLotusError, toErrorData } from '../../../../nucleus/errors.ts'
import { createIdentifier } from '../../../../nucleus/identifiers.ts'
import type { ActionContext, ActionDefinition, ActionResult } from '../action.ts'
import type { AuditEntry } from '../audit/row.ts'
import { createChanges } from '../files/changes.ts'
import type { ChangeSet } from '../files/changes.ts'
import { fileError } from '../native/errno.ts'
import { createScope } from '../files/scope.ts'
import { undoActionName } from '../undo/action.ts'
import type { OwnContext } from '../undo/action.ts'
import type { Journal } from '../undo/journal.ts'
import { rollBack } from '../undo/rollback.ts'
import { checkConditions } from './conditions.ts'
import { planErrors } from './errors.ts'
import { judgeStep } from './judge.ts'
import type { JudgeContext, JudgedStep } from './judge.ts'
import { resolveReferences } from './references.ts'
import { auditArguments, plainText } from './show.ts'

export interface RunOptions {
  readonly planId: string
  readonly traceId: string
  readonly uid: number
  /** names plan and goal for tools, so that an effect happens once. */
  readonly receipt: string
  readonly steps: readonly JudgedStep[]
  readonly judge: JudgeContext
  readonly context: Omit<ActionContext, 'changes' | 'signal'>
  readonly signal: AbortSignal
  /** whose yes there is for steps that are decided on late. */
  readonly approvedBy: 'nobody' | 'person' | 'yes_flag'
  readonly limits: { readonly maxChanges: number; readonly maxBytes: number; readonly maxResultBytes: number }
  /** LOTUS_HOME/trash. */
  readonly trash: string
  /** opens the journal of the plan at the first change. */
  journal(): Journal
  /** the journal, where there is one already. */
  openedJournal(): Journal | undefined
  audit(...entries: readonly AuditEntry[]): Promise<void>
  runTool(
    tool: ToolDescription,
    args: Readonly<Record<string, Json>>,
    receipt: string,
    signal: AbortSignal,
  ): Promise<ActionResult>
  /** a step has ended; for events and statistics. */
  stepEnded(result: StepResult, durationMs: number): void
}

export interface RunResult {
  readonly status: 'completed' | 'failed' | 'denied' | 'needs_confirmation'
  readonly steps: readonly StepResult[]
  readonly reason?: string
  /** decisions that were only made while running, in the place of the ones before. */
  readonly lateDecisions: readonly StepDecision[]
  /** the rows that end the plan; the caller writes them together with its own. */
  readonly rows: readonly AuditEntry[]
  readonly error?: unknown
}

/** a run that ended takes back at most this long after its action was told to stop. */
const afterAbortMs = 3_000

export async function runPlan(options: RunOptions): Promise<RunResult> {
  const results: StepResult[] = []
  const data = new Map<string, Readonly<Record<string, Json>>>()
  const lateDecisions: StepDecision[] = []
  let rows: AuditEntry[] = []
  for (const [index, step] of options.steps.entries()) {
    const startedMs = performance.now()
    let running: RunningStep | undefined
    try {
      options.signal.throwIfAborted()
      running = await prepare(step, data, options, lateDecisions)
      const { text, data: fields } = await perform(running, options)
      const result: StepResult = {
        id: step.step.id,
        action: step.step.action,
        args: running.args,
        status: 'completed',
        text: plainText(text),
        data: fields,
        ...(running.changes !== undefined && running.changes.count > 0 ? { undoId: running.undoId } : {}),
      }
      checkSize(result, options.limits.maxResultBytes)
      results.push(result)
      data.set(step.step.id, fields)
      const durationMs = performance.now() - startedMs
      rows.push(stepRow(result, running.changes, durationMs, options))
      options.stepEnded(result, durationMs)
      // an effect is on record before the next one begins; the last one is, together with the end of the plan.
      const isLast = index === options.steps.length - 1
      if (running.effectful && !isLast) {
        await options.audit(...rows)
        rows = []
      }
    } catch (thrown) {
      const error = options.signal.aborted
        ? planErrors.PLAN_CANCELLED({ cause: thrown })
        : fileError(thrown, step.step.action)
      return await fail(error, { options, results, index, rows, lateDecisions, running, startedMs })
    }
  }
  return { status: 'completed', steps: results, lateDecisions, rows }
}

interface RunningStep {
  readonly judged: JudgedStep
  readonly args: Readonly<Record<string, Json>>
  readonly undoId: string
  readonly effectful: boolean
  readonly action: ActionDefinition | undefined
  readonly tool: ToolDescription | undefined
  readonly controller: AbortController
  readonly changes: ChangeSet | undefined
}

/** everything that has to be settled before a step may begin: arguments, late decision, what it may change. */
async function prepare(
  judged: JudgedStep,
  data: ReadonlyMap<string, Readonly<Record<string, Json>>>,
  options: RunOptions,
  lateDecisions: StepDecision[],
): Promise<RunningStep> {
  const { step } = judged
  const { abilities } = options.judge
  let known = judged
  let args = step.args
  if (judged.late) {
    const resolved = resolveReferences(step.args, data)
    if (typeof resolved !== 'object' || resolved === null || Array.isArray(resolved)) {
      throw planErrors.ARGUMENTS_INVALID({ value: step.id, detail: 'the reference is not a set of arguments' })
    }
    args = resolved as Readonly<Record<string, Json>>
    known = await judgeStep(step, args, options.judge)
    lateDecisions.push(known.decision)
    const { decision, policy, reason, yesAnswers } = known.decision
    if (decision === 'deny') throw planErrors.POLICY_DENIED({ detail: `${policy}: ${reason}` })
    const answered = options.approvedBy === 'person' || (options.approvedBy === 'yes_flag' && yesAnswers)
    if (decision === 'confirm' && !answered) throw planErrors.POLICY_ASKS({ detail: `${policy}: ${reason}` })
    await options.audit({
      kind: 'step.decided',
      ...whose(options),
      body: { plan_id: options.planId, decision: { ...known.decision } },
    })
  }
  const action = abilities.action(step.action)
  const tool = abilities.tool(step.action)
  const controller = new AbortController()
  const undoId = createIdentifier()
  const changes = action?.effect === 'files' ? changesFor(known, undoId, controller.signal, options) : undefined
  await checkConditions(step.before ?? [], options.context.tree)
  const effectful = changes !== undefined || (tool !== undefined && tool.risk !== 'none')
  // a tool's effect is remembered in the journal, so that the same goal does not have it twice.
  if (effectful && changes === undefined) options.journal()
  return { judged: known, args, undoId, effectful, action, tool, controller, changes }
}

function changesFor(judged: JudgedStep, undoId: string, signal: AbortSignal, options: RunOptions): ChangeSet {
  const { judge, limits, trash } = options
  // osd's own undo touches what the record names, and nothing else can.
  const isUndo = judged.step.action === undoActionName
  return createChanges({
    reach: judge.reach,
    tree: judge.tree as Parameters<typeof createChanges>[0]['tree'],
    journal: options.journal(),
    scope: isUndo ? { check: () => undefined } : createScope(judged.resources),
    step: judged.step.id,
    undoId,
    signal: AbortSignal.any([options.signal, signal]),
    trash,
    maxChanges: limits.maxChanges,
    maxBytes: limits.maxBytes,
  })
}

async function perform(running: RunningStep, options: RunOptions): Promise<ActionResult> {
  const { action, tool, args, judged, controller } = running
  const signal = AbortSignal.any([options.signal, controller.signal])
  const timeoutMs = action?.timeoutMs ?? tool?.timeoutMs ?? 10_000
  const work = async (): Promise<ActionResult> => {
    if (tool !== undefined && action === undefined) {
      return options.runTool(tool, args, `${options.receipt}/${judged.step.id}`, signal)
    }
    if (action === undefined) throw planErrors.TOOL_UNAVAILABLE({ value: judged.step.action })
    const context = { ...options.context, signal, changes: running.changes, journal: options.openedJournal() }
    const result = await action.run(judged.parsed as Record<string, Json>, context as OwnContext)
    await running.changes?.settle()
    return result
  }
  const result = await withinTime(work(), timeoutMs, controller, options.signal)
  await checkConditions(judged.step.after ?? [], options.context.tree)
  return result
}

/** waits for an action; one that takes too long, or whose plan was cancelled, is told to stop and given a moment. */
async function withinTime<Result>(
  work: Promise<Result>,
  timeoutMs: number,
  controller: AbortController,
  cancelled: AbortSignal,
): Promise<Result> {
  const late = planErrors.STEP_TIMED_OUT({ detail: `the limit is ${timeoutMs} ms` })
  let timer: NodeJS.Timeout | undefined
  let onCancel: (() => void) | undefined
  const stopped = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late), timeoutMs)
    onCancel = () => reject(planErrors.PLAN_CANCELLED())
    cancelled.addEventListener('abort', onCancel, { once: true })
  })
  try {
    return await Promise.race([work, stopped])
  } catch (error) {
    // from here on nothing can be changed through the step's context; what is half way through is waited for.
    controller.abort(error)
    await Promise.race([
      work.catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, afterAbortMs).unref()),
    ])
    throw error
  } finally {
    clearTimeout(timer)
    if (onCancel !== undefined) cancelled.removeEventListener('abort', onCancel)
  }
}

function checkSize(result: StepResult, maxBytes: number): void {
  const bytes = Buffer.byteLength(JSON.stringify(result))
  if (bytes > maxBytes) throw planErrors.RESULT_TOO_LARGE({ value: bytes, detail: `the limit is ${maxBytes} bytes` })
}

function whose({ traceId, uid }: RunOptions): { traceId: string; uid: number } {
  return { traceId, uid }
}

function stepRow(
  result: StepResult,
  changes: ChangeSet | undefined,
  durationMs: number,
  options: RunOptions,
): AuditEntry {
  return {
    kind: 'step.completed',
    ...whose(options),
    body: {
      plan_id: options.planId,
      step: result.id,
      action: result.action,
      status: result.status,
      duration_ms: Math.round(durationMs * 1000) / 1000,
      ...(result.undoId === undefined ? {} : { undo_id: result.undoId, changes: changes?.count ?? 0 }),
      ...(changes === undefined || changes.written.length === 0 ? {} : { written: changes.written.slice(0, 100) }),
      result: auditArguments(result.text.length > 200 ? result.text : '', 'text'),
    },
  }
}

/**
 * takes back what a plan has changed and notes that in its journal.
 * @returns what could not be taken back, in words.
 */
export async function takeBack(journal: Journal): Promise<string[]> {
  const left = await rollBack(journal.story(), journal.folder)
  if (journal.changes === 0) journal.discard()
  // where even this row finds no place, the next start takes everything back once more and finds it done.
  else await journal.end({ status: 'rolled_back', ...(left.length === 0 ? {} : { left }) }).catch(() => undefined)
  return left
}

interface Failing {
  readonly options: RunOptions
  readonly results: readonly StepResult[]
  readonly index: number
  readonly rows: readonly AuditEntry[]
  readonly lateDecisions: readonly StepDecision[]
  readonly running: RunningStep | undefined
  readonly startedMs: number
}

async function fail(error: unknown, failing: Failing): Promise<RunResult> {
  const { options, results, index, startedMs } = failing
  const { code, message, fix } = toErrorData(error)
  const journal = options.openedJournal()
  let left: string[] = []
  if (journal !== undefined) {
    left = await takeBack(journal)
  }
  const steps: StepResult[] = results.map((result) => {
    if (result.undoId === undefined) return result
    const { undoId: _undone, ...rest } = result
    return { ...rest, status: 'undone' }
  })
  for (const [at, { step }] of options.steps.entries()) {
    if (at < index) continue
    const base = {
      id: step.id,
      action: step.action,
      args: at === index ? (failing.running?.args ?? step.args) : step.args,
      text: '',
      data: {},
    }
    const denied = isLotusError(error, 'POLICY_DENIED')
    steps.push(
      at === index
        ? { ...base, status: denied ? 'denied' : 'failed', error: { code, message, fix } }
        : { ...base, status: 'skipped' },
    )
  }
  const failed = steps[index]
  if (failed !== undefined) options.stepEnded(failed, performance.now() - startedMs)
  const reason = left.length === 0 ? message : `${message}. not everything could be taken back: ${left.join('; ')}`
  const row: AuditEntry = {
    kind: 'step.failed',
    ...whose(options),
    body: {
      plan_id: options.planId,
      step: failed?.id,
      action: failed?.action,
      code,
      rolled_back: journal !== undefined,
      ...(left.length === 0 ? {} : { left }),
    },
  }
  const status = isLotusError(error, 'POLICY_DENIED')
    ? 'denied'
    : isLotusError(error, 'POLICY_ASKS')
      ? 'needs_confirmation'
      : 'failed'
  return { status, steps, reason, lateDecisions: failing.lateDecisions, rows: [...failing.rows, row], error }
}
