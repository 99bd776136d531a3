// opens an engine of durable flows by its name, for tests and for the processes that they kill.
import pino from 'pino'
import type { Flows } from '../../../nucleus/flows/flow.ts'
import { openDbosFlows } from '../../../nucleus/infrastructure/postgres/flows.ts'
import { openSqliteFlows } from '../../../nucleus/infrastructure/sqlite/flows.ts'

/** @param place - the file of SQLite, the URL of Postgres */
export async function openEngine(engine: string, place: string, options: { maxRunning?: number } = {}): Promise<Flows> {
  const log = pino({ level: 'silent' })
  if (engine === 'sqlite') return openSqliteFlows({ path: place, log, ...options })
  if (engine === 'dbos') return await openDbosFlows({ url: place, log, ...options })
  throw new Error(`no engine is called ${engine}`)
}
