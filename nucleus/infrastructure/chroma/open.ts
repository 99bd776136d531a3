// the vectors where ChromaDB is configured: a server by its address, or one of our own as a child process.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { isLotusError } from '../../errors.ts'
import type { Part } from '../part.ts'
import type { ResourceHealth, Vectors } from '../ports.ts'
import { openVectorsOrNone } from '../sqlite/vectors-damaged.ts'
import { isLocalChroma } from './address.ts'
import { startChromaChild } from './child.ts'
import { openChromaVectors } from './vectors.ts'

export interface ChromaPartOptions {
  /** `local://chroma` starts the server of the chromadb package. */
  readonly url: string
  /** LOTUS_HOME/data. */
  readonly folder: string
  readonly log: Logger
  /** the native part of a server of our own; default the one that belongs to this machine. */
  readonly library?: string
}

export function chromaFiles(folder: string): { readonly indexPath: string; readonly outboxPath: string } {
  return { indexPath: join(folder, 'vectors-words.db'), outboxPath: join(folder, 'vectors-outbox.db') }
}

/** where a server of our own keeps its files. */
export function chromaFolder(folder: string): string {
  return join(folder, 'chroma')
}

/** never rejects because ChromaDB is away. @throws what the index on this machine throws */
export async function openChromaPart(options: ChromaPartOptions): Promise<Part<Vectors>> {
  return isLocalChroma(options.url) ? await openOwnChroma(options) : await openByAddress(options, options.url)
}

async function openByAddress({ folder, log }: ChromaPartOptions, url: string): Promise<Part<Vectors>> {
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

/** where the server does not load, this start searches in SQLite: it will not load later either. */
async function openOwnChroma(options: ChromaPartOptions): Promise<Part<Vectors>> {
  const { folder, log, library } = options
  try {
    const child = await startChromaChild({
      folder: chromaFolder(folder),
      log,
      ...(library === undefined ? {} : { library }),
    })
    const part = await openByAddress(options, child.url).catch(async (error: unknown) => {
      await child.close()
      throw error
    })
    return {
      ...part,
      close: async () => {
        await part.close()
        await child.close()
      },
    }
  } catch (error) {
    if (!isLotusError(error, 'SERVER_UNREACHABLE')) throw error
    log.warn({ err: error }, 'the ChromaDB of this LOTUS does not run: this start searches in SQLite')
    const vectors = openVectorsOrNone({ path: join(folder, 'vectors.db'), log })
    const health = (): ResourceHealth => {
      const own = vectors.health()
      if (own.status !== 'healthy') return own
      return { ...own, status: 'degraded', reason: `${error.message}: this start searches in SQLite` }
    }
    return { resource: vectors, close: vectors.close, health }
  }
}
