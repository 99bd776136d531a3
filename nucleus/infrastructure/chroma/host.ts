// the process of a ChromaDB of our own: runs the package's server, and ends when the nucleus that started it ends.
import { createRequire } from 'node:module'
import { isMainThread, Worker, workerData } from 'node:worker_threads'

const [library = '', ...words] = isMainThread ? process.argv.slice(2) : (workerData as string[])

if (isMainThread) {
  process.title = 'lotus-chroma'
  // the server keeps its thread until it ends: somebody else has to see that the nucleus is gone.
  const worker = new Worker(new URL(import.meta.url), { workerData: [library, ...words] })
  worker.on('error', (error) => {
    process.stderr.write(`${error.message.split('\n')[0]}\n`)
    process.exitCode = 1
  })
  worker.on('exit', () => process.stdin.destroy())
  process.stdin.on('end', endAtOnce)
  process.stdin.on('error', endAtOnce)
  process.stdin.resume()
} else {
  const server = createRequire(import.meta.url)(library) as { cli(words: readonly string[]): void }
  server.cli(['chroma', ...words])
}

/** the native thread can't be joined: an ordinary exit would wait for it for ever. what is in it is on disk already. */
function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL')
}
