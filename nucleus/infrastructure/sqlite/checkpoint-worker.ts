// a thread that copies a database's WAL back into its file when it is told to, so that the nucleus does not have to.
import Database from 'better-sqlite3'
import { parentPort, workerData } from 'node:worker_threads'

export interface CheckpointReply {
  /** why it failed; absent after success. */
  readonly error?: string
}

const port = parentPort
if (port === null) throw new Error('sqlite-checkpoint-worker.ts runs as a worker thread only')
const database = new Database((workerData as { path: string }).path, { fileMustExist: true, timeout: 2_000 })
database.pragma('synchronous = NORMAL')

port.on('message', (message: 'checkpoint' | 'close') => {
  if (message === 'close') {
    database.close()
    port.close()
    return
  }
  let reply: CheckpointReply = {}
  try {
    // passive: it never waits for a writer and makes none wait.
    database.pragma('wal_checkpoint(PASSIVE)')
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) }
  }
  port.postMessage(reply)
})
