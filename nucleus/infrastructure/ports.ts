// the resources that LOTUS stands on, one interface each; embedded and server backends look the same from here.
// no live handles: everything that crosses is plain data, so it works on both sides of a process wall.
import type { Flows } from '../flows/flow.ts'

/** a compiled query: what Kysely's `.compile()` gives, or sql written by hand with `?` for its parameters. */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

export interface StatementResult {
  readonly rows: readonly Record<string, unknown>[]
  /** rows inserted, updated or deleted. */
  readonly changes: number
}

export interface Migration {
  /** unique within its owner, sorts in order: `001-runs`. */
  readonly name: string
  /** statements that work on SQLite and Postgres alike, in one transaction. */
  readonly statements: readonly Statement[]
}

/** relational storage. every call is its own transaction. */
export interface Store {
  readonly dialect: 'sqlite' | 'postgres'
  query<Row>(statement: Statement): Promise<Row[]>
  /** all or nothing, in order; gives one result a statement. */
  transaction(statements: readonly Statement[]): Promise<StatementResult[]>
  /**
   * for writes whose result nobody waits for: done now, or, where the store's server is away, kept on this machine and
   * done once and in order when it is back.
   * @throws OUTBOX_FULL, and what the store itself refuses
   */
  writeWhenPossible(statements: readonly Statement[]): Promise<void>
  /** applies what is missing, once each; refuses a migration whose text changed after it was applied. */
  migrate(owner: string, migrations: readonly Migration[]): Promise<void>
}

/** fast, forgetful storage: a bounded map with a time to live. values are plain JSON data. */
export interface Cache {
  get<Value>(key: string): Promise<Value | undefined>
  set(key: string, value: unknown, options: { ttlMs: number }): Promise<void>
  delete(key: string): Promise<boolean>
  /** keys with this prefix that are still alive, at most `limit` (default 1000). */
  keys(prefix: string, limit?: number): Promise<string[]>
}

export interface VectorItem {
  readonly id: string
  readonly text: string
  /** absent where there is no embedding model: then only the text is searched. */
  readonly embedding?: readonly number[]
  readonly metadata: Readonly<Record<string, string | number | boolean | null>>
}

export interface VectorQuery {
  readonly text?: string
  readonly embedding?: readonly number[]
  /** exact matches on metadata, all of them. */
  readonly where?: Readonly<Record<string, string | number | boolean>>
  readonly limit: number
}

export interface VectorHit extends VectorItem {
  /** fused rank score, greater is nearer; comparable within one answer only. */
  readonly score: number
  /** bm25 of the text part (lower is better, sqlite's sign), where the text matched. */
  readonly textScore?: number
  /** cosine similarity, where both sides had an embedding. */
  readonly similarity?: number
}

/** semantic and full-text search in named collections. */
export interface Vectors {
  upsert(collection: string, items: readonly VectorItem[]): Promise<void>
  search(collection: string, query: VectorQuery): Promise<VectorHit[]>
  get(collection: string, ids: readonly string[]): Promise<VectorItem[]>
  /** removes items and every trace of their text from the files. */
  delete(collection: string, ids: readonly string[]): Promise<number>
  count(collection: string): Promise<number>
}

/** the resources that a module is handed; only those that its manifest names are there. */
export interface Infrastructure {
  readonly store: Store
  readonly cache: Cache
  readonly vectors: Vectors
  /** under the names that the module gives; the kernel keeps those of two modules apart. */
  readonly flows: Flows
}

export type ResourceName = 'store' | 'journal' | 'cache' | 'vectors' | 'flows'

/** the state of one resource, as health shows it. */
export interface ResourceHealth {
  readonly backend: string
  readonly status: 'healthy' | 'degraded' | 'unhealthy'
  readonly reason?: string
}
