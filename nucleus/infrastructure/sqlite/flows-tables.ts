// the tables of the embedded flows: statements only, no rules. a write by a process that has lost the flow changes nothing.
import type Database from 'better-sqlite3'
import type { FlowQuery, FlowStatus } from '../../flows/flow.ts'
import type { KeptEntry } from '../../flows/run.ts'
import { flowSchemaVersion } from './flows-schema.ts'

export interface FlowRow {
  readonly id: string
  readonly name: string
  readonly status: FlowStatus
  readonly input: string | null
  readonly result: string | null
  readonly error: string | null
  readonly owner: string | null
  readonly created_at: number
  readonly updated_at: number
}

export interface MessageRow {
  readonly sequence: number
  readonly body: string | null
}

/** makes the tables where they are missing. */
function createTables(database: Database.Database): void {
  database.exec(`
    create table if not exists flows (
      id text primary key, name text not null, status text not null, input text, result text, error text,
      owner text, lease_until integer not null default 0, created_at integer not null, updated_at integer not null
    );
    create index if not exists flows_unfinished on flows (created_at) where status in ('waiting', 'running');
    create index if not exists flows_ended on flows (updated_at) where status in ('completed', 'failed', 'cancelled');
    create table if not exists flow_entries (
      flow text not null, position integer not null, name text not null, value text, primary key (flow, position)
    ) without rowid;
    create table if not exists flow_messages (
      sequence integer primary key autoincrement, flow text not null, message text not null, topic text not null,
      body text, taken integer not null default 0, unique (flow, message)
    );
    create index if not exists flow_messages_waiting on flow_messages (flow, topic, sequence) where taken = 0;
  `)
  database.pragma(`user_version = ${flowSchemaVersion}`)
}

export type FlowTables = ReturnType<typeof createFlowTables>

/** prepares every statement of the engine on an open database. */
export function createFlowTables(database: Database.Database) {
  createTables(database)
  const insertFlow = database.prepare(
    `insert into flows (id, name, status, input, owner, lease_until, created_at, updated_at)
     values (@id, @name, @status, @input, @owner, @leaseUntil, @now, @now) on conflict (id) do nothing`,
  )
  const flow = database.prepare('select * from flows where id = ?')
  const unfinished = database.prepare(
    `select id, name, owner, lease_until as leaseUntil from flows where status in ('waiting', 'running')
     and name in (select value from json_each(@names)) order by created_at limit @limit`,
  )
  const owners = database.prepare(
    `select distinct owner from flows where status = 'running' and owner is not null and owner != ?`,
  )
  const disown = database.prepare(
    `update flows set owner = null, status = 'waiting' where owner = ? and status = 'running'`,
  )
  const claim = database.prepare(
    `update flows set owner = @owner, lease_until = @leaseUntil, status = 'running', updated_at = @now
     where id = @id and (status = 'waiting' or (status = 'running' and (owner is null or lease_until < @now)))`,
  )
  const renew = database.prepare(`update flows set lease_until = ? where owner = ? and status = 'running'`)
  const owned = database.prepare(`select id from flows where owner = ? and status = 'running'`).pluck()
  const release = database.prepare(
    `update flows set owner = null, status = 'waiting', updated_at = @now
     where id = @id and owner = @owner and status = 'running'`,
  )
  const end = database.prepare(
    `update flows set owner = null, status = @status, result = @result, error = @error, updated_at = @now
     where id = @id and owner = @owner and status = 'running'`,
  )
  const cancel = database.prepare(
    `update flows set owner = null, status = 'cancelled', error = @error, updated_at = @now
     where id = @id and status in ('waiting', 'running')`,
  )
  const entries = database.prepare('select position, name, value from flow_entries where flow = ? order by position')
  const insertEntry = database.prepare(
    `insert into flow_entries (flow, position, name, value)
     select @flow, @position, @name, @value where exists
     (select 1 from flows where id = @flow and owner = @owner and status = 'running')`,
  )
  const insertMessage = database.prepare(
    `insert into flow_messages (flow, message, topic, body) values (?, ?, ?, ?) on conflict (flow, message) do nothing`,
  )
  const hasMessage = database.prepare('select 1 from flow_messages where flow = ? and message = ?').pluck()
  const waitingMessages = database.prepare('select count(*) from flow_messages where flow = ? and taken = 0').pluck()
  const nextMessage = database.prepare(
    'select sequence, body from flow_messages where flow = ? and topic = ? and taken = 0 order by sequence limit 1',
  )
  const takeMessage = database.prepare('update flow_messages set taken = 1, body = null where sequence = ?')
  const counts = database.prepare('select status, count(*) as number from flows group by status')
  const old = database
    .prepare(
      `select id from flows where status in ('completed', 'failed', 'cancelled') and (updated_at < @before or id in
       (select id from flows where status in ('completed', 'failed', 'cancelled')
        order by updated_at desc, rowid desc limit -1 offset @keep)) limit 500`,
    )
    .pluck()
  const forgetFlow = database.prepare('delete from flows where id = ?')
  const forgetEntries = database.prepare('delete from flow_entries where flow = ?')
  const forgetMessages = database.prepare('delete from flow_messages where flow = ?')
  const list = database.prepare(
    `select * from flows where (@status is null or status = @status) and (@name is null or name = @name)
     order by created_at desc, rowid desc limit @limit`,
  )

  return Object.freeze({
    insertFlow: (row: {
      id: string
      name: string
      status: FlowStatus
      input: string | null
      owner: string | null
      leaseUntil: number
      now: number
    }): boolean => insertFlow.run(row).changes === 1,
    flow: (id: string) => flow.get(id) as FlowRow | undefined,
    unfinished: (names: readonly string[], limit: number) =>
      unfinished.all({ names: JSON.stringify(names), limit }) as {
        id: string
        name: string
        owner: string | null
        leaseUntil: number
      }[],
    otherOwners: (owner: string) => (owners.all(owner) as { owner: string }[]).map((row) => row.owner),
    disown: (owner: string): number => disown.run(owner).changes,
    claim: (id: string, owner: string, now: number, leaseUntil: number): boolean =>
      claim.run({ id, owner, now, leaseUntil }).changes === 1,
    renew: (owner: string, leaseUntil: number): void => {
      renew.run(leaseUntil, owner)
    },
    owned: (owner: string) => owned.all(owner) as string[],
    release: (id: string, owner: string, now: number): boolean => release.run({ id, owner, now }).changes === 1,
    end: (row: {
      id: string
      owner: string
      status: FlowStatus
      result: string | null
      error: string | null
      now: number
    }): boolean => end.run(row).changes === 1,
    cancel: (id: string, error: string, now: number): boolean => cancel.run({ id, error, now }).changes === 1,
    entries: (id: string) => entries.all(id) as KeptEntry[],
    /** false where the flow is not this owner's any more. */
    keep: (entry: { flow: string; owner: string; position: number; name: string; value: string | null }): boolean =>
      insertEntry.run(entry).changes === 1,
    insertMessage: (id: string, message: string, topic: string, body: string | null): boolean =>
      insertMessage.run(id, message, topic, body).changes === 1,
    hasMessage: (id: string, message: string): boolean => hasMessage.get(id, message) !== undefined,
    waitingMessages: (id: string) => waitingMessages.get(id) as number,
    /** moves the next message into the flow's entries, both or neither. undefined where none waits. */
    takeMessage: database.transaction(
      (entry: { flow: string; owner: string; position: number; name: string }, topic: string) => {
        const message = nextMessage.get(entry.flow, topic) as MessageRow | undefined
        if (message === undefined) return undefined
        const kept = insertEntry.run({ ...entry, value: message.body ?? 'null' }).changes === 1
        if (kept) takeMessage.run(message.sequence)
        return { kept, body: message.body }
      },
    ),
    counts: () => counts.all() as { status: FlowStatus; number: number }[],
    /** forgets at most 500 ended flows that are older than `before` or beyond the newest `keep`. */
    forget: database.transaction((before: number, keep: number) => {
      const ids = old.all({ before, keep }) as string[]
      for (const id of ids) {
        forgetFlow.run(id)
        forgetEntries.run(id)
        forgetMessages.run(id)
      }
      return ids.length
    }),
    list: ({ status, name, limit = 100 }: FlowQuery) =>
      list.all({ status: status ?? null, name: name ?? null, limit: Math.min(limit, 1_000) }) as FlowRow[],
  })
}
