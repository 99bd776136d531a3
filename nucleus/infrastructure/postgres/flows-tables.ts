// the tables beside DBOS' own: messages to flows, and which processes live. DBOS knows a dead process only where its
// operator tells it; here the living tell of themselves.
import { setTimeout as pause } from 'node:timers/promises'
import type { Pool } from 'pg'
import { flowErrors } from '../../flows/errors.ts'

/** the schema of DBOS and of these tables. */
export const flowSchema = 'lotus_flows'

// any number does, as long as nobody else takes it: "lotus" on a telephone
const lockKey = 56_887
/** so long others may take to make the tables of DBOS, milliseconds. */
const turnLimitMs = 60_000
const turnEveryMs = 100

export interface FlowMessage {
  readonly sequence: string
  readonly body: string | null
}

export type PostgresFlowTables = ReturnType<typeof createPostgresFlowTables>

/** statements on the tables; each is its own transaction. */
export function createPostgresFlowTables(pool: Pool) {
  const rows = async <Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> =>
    (await pool.query(sql, parameters)).rows as Row[]
  return Object.freeze({
    /** makes what is missing; several nuclei may do so at once. */
    create: async (): Promise<void> => {
      await pool.query(`
        begin;
        select pg_advisory_xact_lock(${lockKey});
        create schema if not exists ${flowSchema};
        create table if not exists ${flowSchema}.lotus_messages (
          sequence bigint generated always as identity primary key, flow text not null, message text not null,
          topic text not null, body text, unique (flow, message)
        );
        create index if not exists lotus_messages_topic on ${flowSchema}.lotus_messages (flow, topic, sequence);
        create table if not exists ${flowSchema}.lotus_lives (life text primary key, seen_at timestamptz not null);
        commit`)
    },
    /** tells that this process lives. */
    beat: async (life: string): Promise<void> => {
      await pool.query(
        `insert into ${flowSchema}.lotus_lives (life, seen_at) values ($1, clock_timestamp())
         on conflict (life) do update set seen_at = excluded.seen_at`,
        [life],
      )
    },
    leave: async (life: string): Promise<void> => {
      await pool.query(`delete from ${flowSchema}.lotus_lives where life = $1`, [life])
    },
    /** processes that hold flows, and for how long each has said nothing; null where it never said or has left. */
    holders: async () =>
      await rows<{ life: string; silent_ms: number | null }>(
        `select holder.executor_id as life,
                (extract(epoch from clock_timestamp() - lives.seen_at) * 1000)::float8 as silent_ms
         from (select distinct executor_id from ${flowSchema}.workflow_status where status = 'PENDING') as holder
         left join ${flowSchema}.lotus_lives as lives on lives.life = holder.executor_id`,
      ),
    /** runs `work` when no other nucleus does the same: DBOS makes its tables without looking whether another one does. */
    inTurn: async <Result>(work: () => Promise<Result>): Promise<Result> => {
      const client = await pool.connect()
      try {
        // asked again and again: who waits within a statement keeps others from making an index
        for (const endMs = performance.now() + turnLimitMs; ; await pause(turnEveryMs)) {
          const { rows: found } = await client.query<{ mine: boolean }>(
            `select pg_try_advisory_lock(${lockKey + 2}) as mine`,
          )
          if (found[0]?.mine === true) break
          if (performance.now() > endMs) throw flowErrors.FLOWS_BUSY({ value: `${turnLimitMs} ms` })
        }
        try {
          return await work()
        } finally {
          await client.query(`select pg_advisory_unlock(${lockKey + 2})`)
        }
      } finally {
        client.release()
      }
    },
    /** does the work while no other process does; false where one does. */
    alone: async (work: () => Promise<void>): Promise<boolean> => {
      const client = await pool.connect()
      try {
        const { rows: found } = await client.query<{ mine: boolean }>(
          `select pg_try_advisory_lock(${lockKey + 1}) as mine`,
        )
        if (found[0]?.mine !== true) return false
        try {
          await work()
        } finally {
          await client.query(`select pg_advisory_unlock(${lockKey + 1})`)
        }
        return true
      } finally {
        client.release()
      }
    },
    insertMessage: async (flow: string, message: string, topic: string, body: string | null): Promise<void> => {
      await pool.query(
        `insert into ${flowSchema}.lotus_messages (flow, message, topic, body) values ($1, $2, $3, $4)
         on conflict (flow, message) do nothing`,
        [flow, message, topic, body],
      )
    },
    hasMessage: async (flow: string, message: string): Promise<boolean> =>
      (await rows(`select 1 from ${flowSchema}.lotus_messages where flow = $1 and message = $2`, [flow, message]))
        .length > 0,
    countMessages: async (flow: string): Promise<number> =>
      Number(
        (
          await rows<{ number: string }>(
            `select count(*) as number from ${flowSchema}.lotus_messages where flow = $1`,
            [flow],
          )
        )[0]?.number ?? 0,
      ),
    /** the first message of a topic that the flow has not taken. */
    nextMessage: async (flow: string, topic: string, taken: readonly string[]): Promise<FlowMessage | undefined> =>
      (
        await rows<FlowMessage>(
          `select sequence::text, body from ${flowSchema}.lotus_messages
           where flow = $1 and topic = $2 and sequence <> all ($3::bigint[]) order by sequence limit 1`,
          [flow, topic, taken],
        )
      )[0],
    forgetMessages: async (flows: readonly string[]): Promise<void> => {
      await pool.query(`delete from ${flowSchema}.lotus_messages where flow = any ($1)`, [flows])
    },
    /** at most 500 ended flows that are older than `before` or beyond the newest `keep`. */
    old: async (before: number, keep: number): Promise<string[]> =>
      (
        await rows<{ id: string }>(
          `select workflow_uuid as id from (
             select workflow_uuid, updated_at, row_number() over (order by updated_at desc, created_at desc) as place
             from ${flowSchema}.workflow_status where status not in ('PENDING', 'ENQUEUED', 'DELAYED')) as ended
           where updated_at < $1 or place > $2 limit 500`,
          [before, keep],
        )
      ).map((row) => row.id),
    counts: async (): Promise<Map<string, number>> =>
      new Map(
        (
          await rows<{ status: string; number: string }>(
            `select status, count(*) as number from ${flowSchema}.workflow_status group by status`,
          )
        ).map((row) => [row.status, Number(row.number)]),
      ),
  })
}
