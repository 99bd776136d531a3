// a thread that reads databases from end to end and says whether they are whole: that takes seconds where they are large.
import { parentPort, workerData } from 'node:worker_threads'
import { lookInto } from './look.ts'

/** why each file is damaged, by path; files that are whole are not in it. */
export type CareReply = Readonly<Record<string, string>>

const port = parentPort
if (port === null) throw new Error('database-care-worker.ts runs as a worker thread only')
const { paths } = workerData as { paths: readonly string[] }
const reply: Record<string, string> = {}
for (const path of paths) {
  try {
    const found = String(lookInto(path, (database) => database.pragma('quick_check(1)', { simple: true })))
    if (found !== 'ok') reply[path] = found
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    // busy or not there: nothing is known about it, and the next turn looks again
    if (/^SQLITE_(?:CORRUPT|NOTADB|FORMAT)/.test(code)) reply[path] = error instanceof Error ? error.message : code
  }
}
port.postMessage(reply satisfies CareReply)
port.close()
