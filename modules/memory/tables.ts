// the tables of memory in the store: notes, sessions, the copy of the audit chain, and what is still owed to a deletion.
import type { Migration, Statement } from '../../nucleus/infrastructure/ports.ts'

const make = (sql: string, ...parameters: unknown[]): Statement => ({ sql, parameters })

export const memoryMigrations: readonly Migration[] = [
  {
    name: '001-memory',
    statements: [
      make(`create table memory_notes (
        id text primary key, text text not null, normal text not null unique, source text not null,
        created_at bigint not null, indexed integer not null
      )`),
      make('create index memory_notes_source on memory_notes (source, id)'),
      make('create index memory_notes_indexed on memory_notes (indexed, id)'),
      make(`create table memory_sessions (
        id text primary key, session text not null, role text not null, text text not null, trace_id text not null,
        created_at bigint not null
      )`),
      make('create index memory_sessions_session on memory_sessions (session, id)'),
      make('create index memory_sessions_age on memory_sessions (created_at)'),
      make(`create table memory_audit (
        sequence bigint primary key, time text not null, kind text not null, trace_id text not null, text text not null
      )`),
      make('create index memory_audit_trace on memory_audit (trace_id, sequence)'),
      // work that a deletion left open: an index that could not be reached, files that could not be swept.
      make('create table memory_owed (what text primary key)'),
    ],
  },
]

export interface NoteRow {
  readonly id: string
  readonly text: string
  readonly source: string
  readonly created_at: number | string
}

const noteColumns = 'id, text, source, created_at'
const marks = (list: readonly unknown[]): string => list.map(() => '?').join(', ')

export const noteStatements = {
  add: (row: NoteRow, normal: string) =>
    make(
      `insert into memory_notes (id, text, normal, source, created_at, indexed) values (?, ?, ?, ?, ?, 0)
       on conflict (normal) do nothing`,
      row.id,
      row.text,
      normal,
      row.source,
      row.created_at,
    ),
  byNormal: (normal: string) => make(`select ${noteColumns} from memory_notes where normal = ?`, normal),
  byIds: (ids: readonly string[]) =>
    make(`select ${noteColumns} from memory_notes where id in (${marks(ids)}) order by id`, ...ids),
  list: (after: string, limit: number) =>
    make(`select ${noteColumns} from memory_notes where id > ? order by id limit ?`, after, limit),
  /** the two before and the two after a note in its source. */
  before: (note: { source: string; id: string }) =>
    make(
      `select ${noteColumns} from memory_notes where source = ? and id < ? order by id desc limit 2`,
      note.source,
      note.id,
    ),
  after: (note: { source: string; id: string }) =>
    make(
      `select ${noteColumns} from memory_notes where source = ? and id > ? order by id limit 2`,
      note.source,
      note.id,
    ),
  notIndexed: (limit: number) =>
    make(`select ${noteColumns} from memory_notes where indexed = 0 order by id limit ?`, limit),
  setIndexed: (ids: readonly string[]) =>
    make(`update memory_notes set indexed = 1 where id in (${marks(ids)})`, ...ids),
  count: () => make('select count(*) as number from memory_notes'),
  /** the index is to be made anew. */
  indexAnew: () => make('update memory_notes set indexed = 0 where indexed = 1'),
  remove: (ids: readonly string[]) => make(`delete from memory_notes where id in (${marks(ids)})`, ...ids),
} as const

export const sessionStatements = {
  add: (row: { id: string; session: string; role: string; text: string; traceId: string; at: number }) =>
    make(
      'insert into memory_sessions (id, session, role, text, trace_id, created_at) values (?, ?, ?, ?, ?, ?)',
      row.id,
      row.session,
      row.role,
      row.text,
      row.traceId,
      row.at,
    ),
  /** the newest, newest first. */
  read: (session: string, limit: number) =>
    make(
      'select role, text, trace_id, created_at from memory_sessions where session = ? order by id desc limit ?',
      session,
      limit,
    ),
  count: () => make('select count(distinct session) as number from memory_sessions'),
  prune: (before: number) => make('delete from memory_sessions where created_at < ?', before),
  /** what quotes a text, whatever its case. */
  removeQuotes: (text: string) =>
    make(`delete from memory_sessions where lower(text) like ? escape '\\'`, `%${escapeLike(text.toLowerCase())}%`),
} as const

export const auditStatements = {
  add: (row: { sequence: number; time: string; kind: string; traceId: string; text: string }) =>
    make(
      `insert into memory_audit (sequence, time, kind, trace_id, text) values (?, ?, ?, ?, ?)
       on conflict (sequence) do nothing`,
      row.sequence,
      row.time,
      row.kind,
      row.traceId,
      row.text,
    ),
  count: () => make('select count(*) as number from memory_audit'),
  newest: () => make('select max(sequence) as number from memory_audit'),
  /** newest first; every word must be in the text. */
  search: (words: readonly string[], traceId: string | undefined, limit: number) => {
    const conditions = [
      ...words.map(() => `lower(text) like ? escape '\\'`),
      ...(traceId === undefined ? [] : ['trace_id = ?']),
    ]
    const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`
    return make(
      `select sequence, time, kind, trace_id, text from memory_audit${where} order by sequence desc limit ?`,
      ...words.map((word) => `%${escapeLike(word.toLowerCase())}%`),
      ...(traceId === undefined ? [] : [traceId]),
      limit,
    )
  },
  prune: (keep: number) =>
    make('delete from memory_audit where sequence <= (select max(sequence) from memory_audit) - ?', keep),
} as const

export const owedStatements = {
  add: (what: string) => make('insert into memory_owed (what) values (?) on conflict (what) do nothing', what),
  list: (limit: number) => make('select what from memory_owed order by what limit ?', limit),
  settle: (what: readonly string[]) => make(`delete from memory_owed where what in (${marks(what)})`, ...what),
} as const

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, (mark) => `\\${mark}`)
}
