// what stands in for the embedded vectors while their file is damaged: everything in it can be made anew, so that it keeps
// nobody from starting.
import type { Logger } from 'pino'
import { isLotusError, type LotusError } from '../../errors.ts'
import type { ResourceHealth } from '../ports.ts'
import { openVectors, type EmbeddedVectors, type VectorsOptions } from './vectors.ts'

/**
 * the vectors of a file; where that is damaged, some that refuse every call and say so in their health. the file is left as
 * it is: an empty one in its place would look whole, and `lotus doctor --fix` would not know what to index anew.
 * @throws STATE_NEWER, STATE_READ_ONLY
 */
export function openVectorsOrNone(options: VectorsOptions): EmbeddedVectors {
  try {
    return openVectors(options)
  } catch (error) {
    if (!isLotusError(error, 'STATE_DAMAGED')) throw error
    return refuseAll(error, options.log)
  }
}

function refuseAll(error: LotusError, log: Logger): EmbeddedVectors {
  log.error({ err: error }, 'the index of notes is damaged: this start goes on without it')
  const health: ResourceHealth = {
    backend: 'sqlite-vec',
    status: 'degraded',
    reason:
      'vectors.db is damaged, notes are compared without it: `lotus stop && lotus doctor --fix` puts it aside and has it made anew',
  }
  const refuse = async (): Promise<never> => {
    throw error
  }
  return Object.freeze({
    upsert: refuse,
    search: refuse,
    get: refuse,
    delete: refuse,
    count: refuse,
    health: () => health,
    close: async () => undefined,
  })
}
