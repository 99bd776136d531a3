// the vectors where ChromaDB is configured, by the address of a server or as a child process of this nucleus.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Part } from '../part.ts'
import type { Vectors } from '../ports.ts'
import { openChromaVectors } from './vectors.ts'

export interface ChromaPartOptions {
  /** `local://chroma` starts the server of the chromadb package. */
  readonly url: string
  /** LOTUS_HOME/data. */
  readonly folder: string
  readonly log: Logger
}

export function chromaFiles(folder: string): { readonly indexPath: string; readonly outboxPath: string } {
  return { indexPath: join(folder, 'vectors-words.db'), outboxPath: join(folder, 'vectors-outbox.db') }
}

/** never rejects because ChromaDB is away. @throws what the index on this machine throws */
export async function openChromaPart({ url, folder, log }: ChromaPartOptions): Promise<Part<Vectors>> {
  const vectors = await openChromaVectors({ url, ...chromaFiles(folder), log })
  return {
    resource: vectors,
    close: vectors.close,
    health: () => {
      const health = vectors.health()
      const isLeftBehind = existsSync(join(folder, 'vectors.db')) && !existsSync(join(folder, 'vectors-migrated.json'))
      if (health.status !== 'healthy' || !isLeftBehind) return health
      return { ...health, reason: 'vectors.db of earlier starts is not in it: `lotus infra migrate` moves it' }
    },
  }
}
