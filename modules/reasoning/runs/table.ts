// the table of runs: the story of each goal, kept in the store.
import type { Migration, Statement, Store } from '../../../nucleus/infrastructure/ports.ts'
import type { Run, RunMode, RunStep } from '../contract.ts'
import type { Context } from '../session/context.ts'

interface RunRow {
  readonly trace_id: string
  readonly session: string
  readonly goal: string
  readonly status: string
  readonly mode: string
  readonly answer: string
  readonly code: string | null
  readonly trace_name: string | null
  readonly policy: string | null
  readonly plan_id: string | null
  readonly plan_hash: string | null
  readonly cost_micro_usd: number | string
  readonly duration_ms: number | string
  readonly steps: string
  readonly explanation: string
  readonly started_at: string
  readonly ended_at: string | null
  readonly boot: string
  readonly context: string | null
}

export const runMigrations: readonly Migration[] = [
  {
    name: '001-runs',
    statements: [
      {
        sql: `create table runs (
          trace_id text primary key, session text not null, goal text not null, status text not null, mode text not null,
          answer text not null, code text, trace_name text, policy text, plan_id text, plan_hash text,
          cost_micro_usd bigint not null, duration_ms bigint not null, steps text not null, explanation text not null,
          started_at text not null, ended_at text, boot text not null
        )`,
        parameters: [],
      },
      { sql: 'create index runs_started on runs (started_at)', parameters: [] },
    ],
  },
  {
    name: '002-context',
    statements: [
      { sql: 'alter table runs add column context text', parameters: [] },
      { sql: 'create index runs_session on runs (session, started_at)', parameters: [] },
    ],
  },
]

const statement = (sql: string, ...parameters: unknown[]): Statement => ({ sql, parameters })

/** a run that has begun, as it is before anything is known of it. */
export interface StartedRun {
  readonly traceId: string
  readonly session: string
  readonly goal: string
  readonly startedAt: string
  /** the process that works on it: one that finds another's unfinished run knows that it was cut off. */
  readonly boot: string
}

export interface RunTable {
  /** false when the run is there already: the event came a second time. */
  begin(run: StartedRun): Promise<boolean>
  /**
   * kept on this machine where the store is away.
   * @param context - what the goal leaves for the next one of its session
   */
  end(run: Run, context?: Context): Promise<void>
  /** keeps the whole of a run that could not begin, as soon as the store is there; one that is known stays as it is. */
  keepUnbegun(run: Run, boot: string): Promise<void>
  get(traceId: string): Promise<(Run & { readonly boot: string }) | undefined>
  /** what the last goal of a session left; nothing where there was none. */
  contextOf(session: string): Promise<Context>
  /** the question that a run ended with. */
  pendingOf(traceId: string): Promise<Context['pending']>
  /** newest first. */
  list(options: { limit: number; session?: string }): Promise<Run[]>
  /** removes ended runs that are too many, too old or too much, in pieces; gives how many. */
  prune(limits: RunLimits): Promise<number>
  /** removes, or only counts, ended runs that began before a moment. */
  drop(options: { beforeMs: number; dryRun: boolean }): Promise<number>
}

export interface RunLimits {
  readonly keep: number
  readonly maxAgeMs: number
  /** of the texts of all runs, bytes, about. */
  readonly maxBytes: number
}

/** rows of one piece: neither reading nor deleting it keeps the event loop for long. */
const pieceRows = 200

interface SizeRow {
  readonly trace_id: string
  readonly started_at: string
  readonly ended_at: string | null
  readonly bytes: number | string
}

const sizesSql = `select trace_id, started_at, ended_at,
    length(goal) + length(answer) + length(steps) + length(explanation) as bytes
  from runs where started_at < ? or (started_at = ? and trace_id < ?) order by started_at desc, trace_id desc limit ?`

export function createRunTable(store: Store): RunTable {
  async function remove(traceIds: readonly string[]): Promise<number> {
    if (traceIds.length === 0) return 0
    const marks = traceIds.map(() => '?').join(', ')
    const [result] = await store.transaction([statement(`delete from runs where trace_id in (${marks})`, ...traceIds)])
    return result?.changes ?? 0
  }

  return {
    async begin({ traceId, session, goal, startedAt, boot }) {
      const [result] = await store.transaction([
        statement(
          `insert into runs (trace_id, session, goal, status, mode, answer, cost_micro_usd, duration_ms, steps, explanation, started_at, boot)
           values (?, ?, ?, 'running', 'none', '', 0, 0, '[]', '', ?, ?) on conflict (trace_id) do nothing`,
          traceId,
          session,
          goal,
          startedAt,
          boot,
        ),
      ])
      return result!.changes === 1
    },
    async keepUnbegun(run, boot) {
      await store.writeWhenPossible([
        statement(
          `insert into runs (trace_id, session, goal, status, mode, answer, code, cost_micro_usd, duration_ms, steps, explanation,
             started_at, ended_at, boot)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (trace_id) do nothing`,
          run.traceId,
          run.session,
          run.goal,
          run.status,
          run.mode,
          run.answer,
          run.code ?? null,
          run.costMicroUsd,
          Math.round(run.durationMs),
          JSON.stringify(run.steps),
          run.explanation,
          run.startedAt,
          run.endedAt ?? null,
          boot,
        ),
      ])
    },
    async end(run, context) {
      await store.writeWhenPossible([
        statement(
          `update runs set goal = ?, status = ?, mode = ?, answer = ?, code = ?, trace_name = ?, policy = ?, plan_id = ?, plan_hash = ?,
             cost_micro_usd = ?, duration_ms = ?, steps = ?, explanation = ?, ended_at = ?, context = ? where trace_id = ?`,
          run.goal,
          run.status,
          run.mode,
          run.answer,
          run.code ?? null,
          run.traceName ?? null,
          run.policy ?? null,
          run.planId ?? null,
          run.planHash ?? null,
          run.costMicroUsd,
          Math.round(run.durationMs),
          JSON.stringify(run.steps),
          run.explanation,
          run.endedAt ?? null,
          context === undefined ? null : JSON.stringify(context),
          run.traceId,
        ),
      ])
    },
    async contextOf(session) {
      const [row] = await store.query<{ context: string | null }>(
        statement(
          'select context from runs where session = ? and ended_at is not null order by started_at desc, trace_id desc limit 1',
          session,
        ),
      )
      return row === undefined ? {} : readContext(row.context)
    },
    async pendingOf(traceId) {
      const [row] = await store.query<{ context: string | null }>(
        statement('select context from runs where trace_id = ?', traceId),
      )
      return readContext(row?.context ?? null).pending
    },
    async get(traceId) {
      const [row] = await store.query<RunRow>(statement('select * from runs where trace_id = ?', traceId))
      return row && { ...toRun(row), boot: row.boot }
    },
    async list({ limit, session }) {
      const rows = await store.query<RunRow>(
        session === undefined
          ? statement('select * from runs order by started_at desc, trace_id desc limit ?', limit)
          : statement(
              'select * from runs where session = ? order by started_at desc, trace_id desc limit ?',
              session,
              limit,
            ),
      )
      return rows.map(toRun)
    },
    async prune({ keep, maxAgeMs, maxBytes }) {
      const tooOld = new Date(Date.now() - maxAgeMs).toISOString()
      let after: readonly [string, string] = ['\uffff', '']
      let rows = 0
      let bytes = 0
      let removed = 0
      // newest first: what is over the limits is at the end
      for (;;) {
        const piece = await store.query<SizeRow>(statement(sizesSql, after[0], after[0], after[1], pieceRows))
        const surplus = piece.filter((row) => {
          rows += 1
          bytes += Number(row.bytes)
          return row.ended_at !== null && (rows > keep || row.started_at < tooOld || bytes > maxBytes)
        })
        removed += await remove(surplus.map((row) => row.trace_id))
        const last = piece.at(-1)
        if (last === undefined) return removed
        after = [last.started_at, last.trace_id]
      }
    },
    async drop({ beforeMs, dryRun }) {
      const before = new Date(beforeMs).toISOString()
      const [row] = await store.query<{ number: number | string }>(
        statement('select count(*) as number from runs where ended_at is not null and started_at < ?', before),
      )
      const count = Number(row?.number ?? 0)
      for (let left = dryRun ? 0 : count; left > 0; left -= pieceRows) {
        const piece = await store.query<{ trace_id: string }>(
          statement(
            'select trace_id from runs where ended_at is not null and started_at < ? limit ?',
            before,
            pieceRows,
          ),
        )
        await remove(piece.map((one) => one.trace_id))
      }
      return count
    },
  }
}

const readContext = (context: string | null): Context => (context === null ? {} : (JSON.parse(context) as Context))

function toRun(row: RunRow): Run {
  const { pending } = readContext(row.context)
  return {
    traceId: row.trace_id,
    session: row.session,
    goal: row.goal,
    status: row.status as Run['status'],
    mode: row.mode as RunMode,
    answer: row.answer,
    ...(row.code === null ? {} : { code: row.code }),
    ...(pending === undefined ? {} : { clarification: pending.clarification }),
    ...(row.trace_name === null ? {} : { traceName: row.trace_name }),
    ...(row.policy === null ? {} : { policy: row.policy }),
    ...(row.plan_id === null ? {} : { planId: row.plan_id }),
    ...(row.plan_hash === null ? {} : { planHash: row.plan_hash }),
    costMicroUsd: Number(row.cost_micro_usd),
    durationMs: Number(row.duration_ms),
    steps: JSON.parse(row.steps) as RunStep[],
    explanation: row.explanation,
    startedAt: row.started_at,
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
  }
}
