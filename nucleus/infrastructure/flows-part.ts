// durable flows as a part of the infrastructure: on DBOS where the store is Postgres, else on a file of their own. they
// open when the first flow is started or defined.
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { JournalDurability } from '../events/journal.ts'
import type { Flows } from '../flows/flow.ts'
import { createFlowsFront } from '../flows/front.ts'
import type { Part } from './part.ts'
import type { ResourceHealth, Store } from './ports.ts'

export interface FlowsPartOptions {
  /** LOTUS_HOME/data. */
  readonly folder: string
  /** of the store that this start uses: flows go where the store is. */
  readonly dialect: Store['dialect']
  readonly postgresUrl: string | undefined
  readonly durability: JournalDurability
  readonly log: Logger
}

/** makes the part; no file and no server is touched by that. */
export function openFlowsPart({ folder, dialect, postgresUrl, durability, log }: FlowsPartOptions): Part<Flows> {
  const isConfigured = postgresUrl !== undefined && postgresUrl !== ''
  const flows =
    isConfigured && dialect === 'postgres'
      ? createFlowsFront({
          backend: 'dbos',
          log,
          open: async () => await (await import('./postgres/flows.ts')).openDbosFlows({ url: postgresUrl, log }),
        })
      : createFlowsFront({
          backend: 'sqlite',
          log,
          open: async () =>
            (await import('./sqlite/flows.ts')).openSqliteFlows({ path: join(folder, 'flows.db'), durability, log }),
        })
  const health = (): ResourceHealth => {
    const now = flows.health()
    if (now.status !== 'healthy' || flows.backend === 'dbos') return now
    if (!isConfigured) return { ...now, reason: 'embedded: LOTUS_POSTGRES_URL is not set' }
    const reason = 'Postgres was away at the start: flows that are kept there wait for the next one'
    return { ...now, status: 'degraded', reason }
  }
  return { resource: flows, health, close: flows.close }
}
