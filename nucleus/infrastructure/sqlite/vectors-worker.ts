// the thread that owns the vectors' file: scans take milliseconds, and the nucleus' event loop must not wait for them.
import { parentPort, workerData } from 'node:worker_threads'
import { toErrorData } from '../../errors.ts'
import { stateError } from '../errors.ts'
import { openVectorsDatabase, type VectorsDatabase } from './vectors-database.ts'
import type { VectorsOperations, VectorsReply, VectorsRequest, VectorsWorkerData } from './vectors-protocol.ts'
import { searchCollection } from './vectors-search.ts'

const port = parentPort
if (port === null) throw new Error('vectors-worker.ts runs as a worker thread only')
const { path } = workerData as VectorsWorkerData
let database: VectorsDatabase | undefined

function perform(request: VectorsRequest): unknown {
  database ??= openVectorsDatabase(path)
  switch (request.operation) {
    case 'upsert': {
      const { collection, items } = request.parameters as VectorsOperations['upsert']
      return database.upsert(collection, items)
    }
    case 'search': {
      const { collection, query } = request.parameters as VectorsOperations['search']
      const found = database.find(collection)
      return found === undefined ? [] : searchCollection(database.connection, found, query)
    }
    case 'get': {
      const { collection, ids } = request.parameters as VectorsOperations['get']
      return database.get(collection, ids)
    }
    case 'delete': {
      const { collection, ids } = request.parameters as VectorsOperations['delete']
      return database.delete(collection, ids)
    }
    case 'count':
      return database.count(request.parameters.collection)
  }
}

port.on('message', (message: VectorsRequest | 'close') => {
  if (message === 'close') {
    database?.close()
    port.close()
    return
  }
  let reply: VectorsReply
  try {
    reply = { number: message.number, result: perform(message) }
  } catch (error) {
    reply = { number: message.number, error: toErrorData(stateError(error, path) ?? error) }
  }
  port.postMessage(reply)
})
