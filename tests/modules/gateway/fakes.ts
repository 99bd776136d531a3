import type { NodeState } from '../../../nucleus/nodes/node.ts'
// the services behind the gateway, in memory and scripted: what a test sets is what they answer.
import { eventErrors } from '../../../nucleus/events/errors.ts'
import type { DeadLetter, Nucleus } from '../../../nucleus/contract.ts'
import type { EventEnvelope } from '../../../nucleus/events/event.ts'
import type { HealthReport, ModuleStatus, SystemStatus } from '../../../nucleus/health/health.ts'
import { defineErrors } from '../../../nucleus/errors.ts'
import { createIdentifier, createTraceparent, traceIdOf } from '../../../nucleus/identifiers.ts'
import type { Governance } from '../../../modules/governance/contract.ts'
import type { Memory, MemoryItem } from '../../../modules/memory/contract.ts'
import type { OpenQuestion, Operator, StepPreview } from '../../../modules/operator/contract.ts'
import type { DueReminder, GoalInput, Perception } from '../../../modules/perception/contract.ts'
import type { Providers } from '../../../modules/providers/contract.ts'
import type { GoalOutcome, Reasoning, Run } from '../../../modules/reasoning/contract.ts'

const errors = defineErrors({
  MODULE_UNKNOWN: { title: 'there is no such module', fix: 'look at `lotus module list`' },
  TOKEN_REFUSED: { title: 'osd does not know this token', fix: 'send the right one' },
  PLAN_UNKNOWN: { title: 'no such plan waits', fix: 'ask again' },
  REMINDER_UNKNOWN: { title: 'no such reminder', fix: 'list them' },
})

const at = '2026-11-02T10:00:00.000Z'

export function moduleStatus(name: string, fields: Partial<ModuleStatus> = {}): ModuleStatus {
  return {
    name,
    version: '1.0.0',
    description: `the ${name} of a test`,
    status: 'healthy',
    core: true,
    generation: 1,
    since: at,
    restarts: 0,
    open: ['timer'],
    ...fields,
  }
}

export function outcomeOf(traceId: string, fields: Partial<GoalOutcome> = {}): GoalOutcome {
  return {
    traceId,
    goal: 'make a folder notes',
    status: 'completed',
    mode: 'innate',
    answer: 'made notes',
    traceName: 'files.make-folder',
    costMicroUsd: 1_500,
    durationMs: 12,
    steps: [
      { action: 'files.makeFolder', args: { newPath: 'notes' }, status: 'completed', text: 'made notes', undoId: 'u1' },
    ],
    ...fields,
  }
}

/** a journal in memory that can be followed from any position. */
export function createFakeJournal() {
  const events: EventEnvelope[] = []
  const listeners = new Set<() => void>()
  return {
    events,
    followers: () => listeners.size,
    append(type: string, data: unknown, traceId: string): EventEnvelope {
      const event: EventEnvelope = {
        specversion: '1.0',
        id: createIdentifier(),
        source: 'test',
        type,
        time: at,
        traceparent: createTraceparent(traceId),
        data,
      }
      events.push(event)
      for (const listener of listeners) listener()
      return event
    },
    async *tail({ after, types, signal }: Parameters<Nucleus['tail']>[0]): AsyncGenerator<EventEnvelope> {
      let next = after === undefined ? events.length : events.findIndex(({ id }) => id > after)
      if (next === -1) next = events.length
      let wake: (() => void) | undefined
      const listener = (): void => wake?.()
      listeners.add(listener)
      signal?.addEventListener('abort', listener)
      try {
        for (;;) {
          if (signal?.aborted === true) return
          const event = events[next]
          if (event === undefined) {
            await new Promise<void>((resolve) => (wake = resolve))
            continue
          }
          next += 1
          if (types === undefined || types.includes(event.type)) yield event
        }
      } finally {
        listeners.delete(listener)
      }
    },
  }
}

/** what becomes of a goal: called by perception, it tells the rest through events. */
export type GoalScript = (input: Required<Pick<GoalInput, 'traceId'>> & GoalInput) => void | Promise<void>

export function createFakes() {
  const journal = createFakeJournal()
  const state = {
    status: 'healthy' as SystemStatus,
    token: '',
    goal: (() => undefined) as GoalScript,
    inputs: [] as GoalInput[],
    runs: new Map<string, Run>(),
    questions: new Map<string, OpenQuestion>(),
    shown: [] as readonly StepPreview[],
    looks: 0,
    cancelled: [] as string[],
    answers: [] as Parameters<Operator['confirm']>[0][],
    undone: [] as Parameters<Operator['undo']>[0][],
    changes: [] as string[],
    notes: new Map<string, MemoryItem>(),
    modules: new Map(['memory', 'gateway'].map((name) => [name, moduleStatus(name)])),
    deadLetters: [] as DeadLetter[],
    replayed: [] as string[],
    due: [] as DueReminder[],
    told: [] as string[],
    onConfirm: undefined as ((answer: Parameters<Operator['confirm']>[0]) => void) | undefined,
    failMetrics: false,
  }
  const report = (): HealthReport => ({
    notices: [],
    status: state.status,
    version: '0.1.0',
    uptimeMs: 1_234,
    modules: Object.fromEntries(state.modules),
    infrastructure: {
      store: { backend: 'sqlite', status: 'healthy' },
      journal: { backend: 'sqlite', status: 'degraded', reason: 'redis is configured and absent' },
    },
  })
  const known = (name: string): ModuleStatus => {
    const status = state.modules.get(name)
    if (status === undefined) throw errors.MODULE_UNKNOWN({ value: name })
    return status
  }
  const node: NodeState = {
    id: 'machine/0199',
    state: 'this',
    silentMs: 0,
    lag: 3,
    machine: 'machine',
    pid: 7,
    role: 'nucleus',
    labels: ['gpu'],
    version: '0.1.0',
    url: 'http://127.0.0.1:8000',
    startedAt: '2026-01-02T03:04:05.000Z',
    status: 'healthy',
    modules: { gateway: 'healthy' },
    load: { machine: 0.5, eventLoop: 0.25, memoryBytes: 1_048_576 },
    groups: ['reasoning/goal.accepted/goals'],
    inHand: 1,
  }
  const nucleus: Nucleus = {
    health: async () => report(),
    modules: async () => [...state.modules.values()],
    load: async (name) => (state.changes.push(`load ${name}`), known(name)),
    unload: async (name) => void (known(name), state.changes.push(`unload ${name}`)),
    reload: async (name) => (state.changes.push(`reload ${name}`), known(name)),
    enable: async (name) => (state.changes.push(`enable ${name}`), known(name)),
    disable: async (name) => (state.changes.push(`disable ${name}`), { ...known(name), isDisabled: true }),
    createModule: async (name) => {
      state.modules.set(name, moduleStatus(name))
      return known(name)
    },
    checkModule: async (name) => ({
      name: known(name).name,
      grade: 'fair',
      findings: [{ part: 'test', status: 'warning', message: 'it has no test', fix: 'write one' }],
    }),
    moduleLogs: async ({ module, limit, level }) => [{ module: known(module).name, msg: `${limit} of ${level}` }],
    nodes: async () => [node],
    events: async ({ traceId, types, limit = 100 }) =>
      journal.events
        .filter((event) => traceId === undefined || traceIdOf(event.traceparent) === traceId)
        .filter(({ type }) => types === undefined || types.includes(type))
        .slice(0, limit),
    tail: (options) => journal.tail(options),
    deadLetters: async (limit) => state.deadLetters.slice(0, limit),
    replayDeadLetter: async (group, id) => void state.replayed.push(`${group} ${id}`),
    dropDeadLetter: async (group, id) => void state.changes.push(`drop ${group} ${id}`),
    replayEvents: async (group, range) => (state.changes.push(`replay ${group} ${JSON.stringify(range)}`), 2),
    event: async (id) => {
      const found = journal.events.find((event) => event.id === id)
      if (found === undefined) throw eventErrors.EVENT_UNKNOWN({ value: id })
      return found
    },
    dropEvents: async ({ olderThanMs, dryRun }) => {
      state.changes.push(`drop events ${olderThanMs} ${String(dryRun)}`)
      return 3
    },
    flows: async () => [],
    flow: async (id: string) => ({
      id,
      name: 'test/flow',
      status: 'waiting' as const,
      createdAtMs: 0,
      updatedAtMs: 0,
      entries: [],
    }),
    cancelFlow: async () => true,
    journal: async () => ({ events: 7, bytes: 4_096, deadLetters: 1, lag: { 'perception/input.received': 2 } }),
    statistics: async () => ({
      eventsByType: { 'goal.completed': 3, 'odd "type"\n': 1 },
      handlerFailures: 2,
      storeCalls: 10,
      storeTimeMs: 25,
      queueWaitMs: 5,
      diskFreeBytes: 1_000_000,
    }),
  }
  const perception: Perception = {
    submit: async (input) => {
      state.inputs.push(input)
      const traceId = input.traceId ?? createIdentifier().replaceAll('-', '')
      await state.goal({ ...input, traceId })
      return { traceId }
    },
    interpret: async () => {
      throw new Error('not asked for')
    },
    takeIntent: async () => undefined,
    reminders: async () => [
      { id: 'r1', text: 'tea', kind: 'reminder', dueAt: '2026-11-02T11:00:00+01:00', timeZone: 'Europe/Berlin' },
    ],
    dueReminders: async () => state.due.filter(({ id }) => !state.told.includes(id)),
    openReminders: async () => [...state.due],
    remindersTold: async ({ ids }) => state.told.push(...ids),
    reminderDone: async (id) => {
      if (!state.due.some((one) => one.id === id)) throw errors.REMINDER_UNKNOWN({ value: id })
    },
    snoozeReminder: async ({ id, forMs }) => ({
      id,
      text: `in ${forMs} ms`,
      kind: 'reminder',
      dueAt: '2026-11-02T11:10:00+01:00',
      timeZone: 'Europe/Berlin',
    }),
  }
  const reasoning: Reasoning = {
    run: async (traceId) => state.runs.get(traceId),
    runs: async ({ limit = 20 } = {}) => [...state.runs.values()].slice(0, limit),
    dropRuns: async ({ olderThanMs, dryRun }) => {
      state.changes.push(`drop runs ${olderThanMs} ${String(dryRun)}`)
      return 4
    },
    cancel: async (traceId) => {
      state.cancelled.push(traceId)
      return state.runs.get(traceId)?.endedAt === undefined
    },
    abilities: async () => [
      { name: 'disk.free', category: 'disk', description: 'free space', examples: ['how much space is left?'] },
    ],
    statistics: async () => {
      if (state.failMetrics) throw new Error('reasoning is down')
      return { runs: { 'innate/completed': 4, 'none/refused': 1 }, costMicroUsd: 0, durationMs: [] }
    },
  }
  const operator = {
    undo: async (options) => {
      state.undone.push(options)
      return { undoId: options.undoId ?? 'newest', status: 'completed', text: 'taken back' }
    },
    audit: async ({ limit = 50 }) =>
      [
        {
          sequence: 1,
          time: at,
          kind: 'plan',
          traceId: 't',
          uid: 1_000,
          hash: 'b',
          previousHash: 'a',
          body: { planId: 'p' },
        },
      ].slice(0, limit),
    question: async (traceId) => state.questions.get(traceId),
    verifyAudit: async () => ({ ok: true, rows: 1, head: 'b' }),
    ticketForToken: async (token) => {
      if (token !== state.token) throw errors.TOKEN_REFUSED()
      return `ticket of ${token.length} signs`
    },
    admit: async (token) => {
      if (token !== state.token) throw errors.TOKEN_REFUSED()
      return { ticket: `ticket of ${token.length} signs`, names: [] }
    },
    confirm: async (answer) => {
      if (answer.planId === 'unknown') throw errors.PLAN_UNKNOWN({ value: answer.planId })
      state.answers.push(answer)
      const [traceId] = [...state.questions].find(([, { planId }]) => planId === answer.planId) ?? []
      if (traceId === undefined) throw errors.PLAN_UNKNOWN({ value: answer.planId })
      state.questions.delete(traceId)
      state.onConfirm?.(answer)
      return { traceId }
    },
    changes: async () => {
      state.looks += 1
      return state.shown
    },
    statistics: async () => ({
      actions: { 'files.list': 5 },
      decisions: { allow: 4, confirm: 1, deny: 0 },
      failures: 1,
      actionTimeMs: 40,
    }),
  } satisfies Partial<Operator> as Partial<Operator> as Operator
  const memory = {
    remember: async ({ text, source }) => {
      const item: MemoryItem = { id: `n${state.notes.size + 1}`, text, source, createdAt: at }
      state.notes.set(item.id, item)
      return item
    },
    recall: async ({ text }) =>
      [...state.notes.values()].filter((note) => note.text.includes(text)).map((note) => ({ ...note, relevance: 1 })),
    list: async ({ limit } = {}) => [...state.notes.values()].slice(0, limit),
    forget: async (ids) => ids.filter((id) => state.notes.delete(id)).length,
    statistics: async () => ({ notes: state.notes.size, sessions: 1, auditRows: 9 }),
  } satisfies Partial<Memory> as Partial<Memory> as Memory
  const governance = {
    rules: async () => [
      { name: 'reads are allowed', decision: 'allow', description: 'of files', file: 'config/policies/base.yaml' },
    ],
  } satisfies Partial<Governance> as Partial<Governance> as Governance
  const providers = {
    status: async () => [{ name: 'ollama', status: 'absent', reason: 'nothing answers', models: [] }],
    spend: async () => ({ costMicroUsd: 2_500_000, inputTokens: 100, outputTokens: 50, calls: 2 }),
  } satisfies Partial<Providers> as Partial<Providers> as Providers
  return { state, journal, services: { nucleus, perception, reasoning, operator, memory, governance, providers } }
}

export type Fakes = ReturnType<typeof createFakes>
