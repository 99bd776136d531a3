// the front of the embedded vectors: hands each call to a worker thread that starts with the first and ends when idle.
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import { fromErrorData } from '../../errors.ts'
import { infrastructureErrors, stateError } from '../errors.ts'
import type { ResourceHealth, Vectors } from '../ports.ts'
import {
  vectorsSchemaVersion,
  type VectorsOperation,
  type VectorsOperations,
  type VectorsReply,
  type VectorsRequest,
  type VectorsResults,
  type VectorsWorkerData,
} from './vectors-protocol.ts'

export interface VectorsOptions {
  readonly path: string
  readonly log: Logger
  /** default 15,000. */
  readonly callTimeoutMs?: number
  /** the thread ends after this time without a call. default 60,000. */
  readonly idleMs?: number
  /** calls that may wait at once. default 256. */
  readonly maxWaiting?: number
}

export interface EmbeddedVectors extends Vectors {
  health(): ResourceHealth
  close(): Promise<void>
}

interface WaitingCall {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  readonly timer: NodeJS.Timeout
}

/**
 * opens nothing yet but looks whether the file can be one of ours.
 * @throws STATE_DAMAGED, STATE_NEWER, STATE_READ_ONLY
 */
export function openVectors(options: VectorsOptions): EmbeddedVectors {
  const { path, log } = options
  const callTimeoutMs = options.callTimeoutMs ?? 15_000
  const idleMs = options.idleMs ?? 60_000
  const maxWaiting = options.maxWaiting ?? 256
  checkFile(path)
  const waiting = new Map<number, WaitingCall>()
  let worker: Worker | undefined
  let number = 0
  let idle: NodeJS.Timeout | undefined
  let failure: string | undefined
  let closed = false

  const failAll = (error: Error): void => {
    failure = error.message
    for (const call of waiting.values()) {
      clearTimeout(call.timer)
      call.reject(infrastructureErrors.VECTORS_FAILED({ detail: error.message, cause: error }))
    }
    waiting.clear()
  }

  const start = (): Worker => {
    const data: VectorsWorkerData = { path }
    const started = new Worker(new URL('./vectors-worker.ts', import.meta.url), {
      name: 'lotus-vectors',
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 },
    })
    // it lives as long as somebody waits for it, and keeps no process alive by itself.
    started.unref()
    started.on('message', settle)
    started.on('error', (error: Error) => {
      log.error({ err: error }, 'the vector worker failed')
      if (worker === started) failAll(error)
    })
    started.on('exit', () => {
      if (worker !== started) return
      worker = undefined
      if (waiting.size > 0) failAll(new Error('the vector worker ended'))
    })
    return started
  }

  const settle = (reply: VectorsReply): void => {
    const call = waiting.get(reply.number)
    if (call === undefined) return
    waiting.delete(reply.number)
    clearTimeout(call.timer)
    if ('error' in reply) call.reject(fromErrorData(reply.error))
    else {
      failure = undefined
      call.resolve(reply.result)
    }
    if (waiting.size > 0) return
    worker?.unref()
    idle = setTimeout(end, idleMs)
    idle.unref()
  }

  const end = (): void => {
    const ending = worker
    worker = undefined
    ending?.postMessage('close')
  }

  const call = <Name extends VectorsOperation>(
    operation: Name,
    parameters: VectorsOperations[Name],
  ): Promise<VectorsResults[Name]> =>
    new Promise((resolve, reject) => {
      if (closed) throw infrastructureErrors.INFRASTRUCTURE_CLOSED({ detail: 'vectors' })
      if (waiting.size >= maxWaiting) throw infrastructureErrors.VECTORS_BUSY({ value: waiting.size })
      clearTimeout(idle)
      worker ??= start()
      worker.ref()
      number += 1
      const current = number
      const timer = setTimeout(() => {
        waiting.delete(current)
        failure = `${operation} took longer than ${callTimeoutMs} ms`
        reject(infrastructureErrors.VECTORS_TIMEOUT({ value: operation, detail: `${callTimeoutMs} ms` }))
        if (waiting.size === 0) worker?.unref()
      }, callTimeoutMs)
      // the protocol ties each operation to its result.
      waiting.set(current, { resolve: resolve as (result: unknown) => void, reject, timer })
      const request: VectorsRequest = { number: current, operation, parameters }
      worker.postMessage(request)
    })

  return Object.freeze({
    upsert: (collection: string, items: VectorsOperations['upsert']['items']) => call('upsert', { collection, items }),
    search: (collection: string, query: VectorsOperations['search']['query']) => call('search', { collection, query }),
    get: (collection: string, ids: readonly string[]) => call('get', { collection, ids }),
    delete: (collection: string, ids: readonly string[]) => call('delete', { collection, ids }),
    count: (collection: string) => call('count', { collection }),
    health: (): ResourceHealth =>
      failure === undefined
        ? { backend: 'sqlite-vec', status: 'healthy' }
        : { backend: 'sqlite-vec', status: 'unhealthy', reason: failure },
    close: async () => {
      if (closed) return
      closed = true
      clearTimeout(idle)
      const ending = worker
      if (ending === undefined) return
      const exited = new Promise<void>((resolve) => {
        ending.once('exit', () => resolve())
      })
      ending.ref()
      ending.postMessage('close')
      const limit = setTimeout(() => void ending.terminate(), callTimeoutMs)
      await exited
      clearTimeout(limit)
    },
  })
}

/** a SQLite file begins with these 16 bytes; its `user_version` is the number at offset 60. */
const magic = 'SQLite format 3\0'

function checkFile(path: string): void {
  if (!existsSync(path)) return
  const header = Buffer.alloc(64)
  let length: number
  try {
    const descriptor = openSync(path, 'r+')
    length = readSync(descriptor, header, 0, 64, 0)
    closeSync(descriptor)
  } catch (error) {
    throw stateError(error, path) ?? error
  }
  if (length === 0) return
  if (header.toString('latin1', 0, 16) !== magic) throw infrastructureErrors.STATE_DAMAGED({ value: path })
  const version = header.readUInt32BE(60)
  if (version > vectorsSchemaVersion) {
    throw infrastructureErrors.STATE_NEWER({
      value: path,
      detail: `it has schema ${version}, this version knows ${vectorsSchemaVersion}`,
    })
  }
}
