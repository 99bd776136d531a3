// the servers that LOTUS can stand on, where the settings put them, and what a look at one finds.
import { findSchemas } from '../../../nucleus/settings/find.ts'
import { loadSettings } from '../../../nucleus/settings/load.ts'
import type { Place } from '../place.ts'

export const serverNames = ['postgres', 'redis', 'chroma'] as const
export type ServerName = (typeof serverNames)[number]

export const variables: Readonly<Record<ServerName, string>> = {
  postgres: 'LOTUS_POSTGRES_URL',
  redis: 'LOTUS_REDIS_URL',
  chroma: 'LOTUS_CHROMA_URL',
}

export const titles: Readonly<Record<ServerName, string>> = { postgres: 'Postgres', redis: 'Redis', chroma: 'ChromaDB' }

/** what is looked at where a setting is empty and somebody wants to set one up. */
export const usualUrls: Readonly<Record<ServerName, string>> = {
  postgres: 'postgres://lotus@127.0.0.1:5432/lotus',
  redis: 'redis://127.0.0.1:6379',
  chroma: 'http://127.0.0.1:8001',
}

/** what real work at a server has shown. */
export interface ServerFindings {
  readonly version: string
  /** what was done there, in words: `made a table, wrote, read`. */
  readonly did: string
  /** what works with less than it could. */
  readonly warnings: readonly { readonly text: string; readonly fix: string }[]
}

export interface ServerLook {
  readonly server: ServerName
  readonly status: 'works' | 'fails' | 'not_configured'
  readonly address?: string
  readonly findings?: ServerFindings
  readonly problem?: { readonly code: string; readonly message: string; readonly fix: string }
}

/** empty text where one is not configured. @throws SETTINGS_INVALID */
export async function readServerUrls({ root, environment }: Place): Promise<Readonly<Record<ServerName, string>>> {
  const { core } = loadSettings({ root, environment, schemas: await findSchemas(root) })
  return { postgres: core.postgresUrl, redis: core.redisUrl, chroma: core.chromaUrl }
}
