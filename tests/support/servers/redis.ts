// a private Redis server: on a free port, its data in a temporary folder, killed, paused and started again at will.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface RedisServer {
  readonly url: string
  readonly port: number
  /** kill -9. resolves when it is gone. */
  kill(): Promise<void>
  /** starts it again with the same data on the same port. */
  restart(): Promise<void>
  /** SIGSTOP: it keeps its connections and answers nothing. */
  pause(): void
  /** SIGCONT. */
  resume(): void
  /** ends it and removes its data. */
  dispose(): Promise<void>
}

/** tests that need a server say so where there is none. */
export function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0
}

const startLimitMs = 10_000

/** @param settings - more of redis.conf, as options of the command line */
export async function startRedis(
  settings: readonly string[] = ['--appendonly', 'yes', '--appendfsync', 'everysec'],
): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'lotus-redis-'))
  const port = await freePort()
  let child: ChildProcess | undefined

  const start = async (): Promise<void> => {
    const started = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    child = started
    await untilReady(started)
  }

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
    const gone = new Promise((resolve) => {
      ending.once('exit', resolve)
    })
    ending.kill(signal)
    await gone
  }

  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    restart: start,
    kill: () => end('SIGKILL'),
    pause: () => {
      child?.kill('SIGSTOP')
    },
    resume: () => {
      child?.kill('SIGCONT')
    },
    dispose: async () => {
      await end('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** it says so when it has read its data and listens. */
function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    const limit = setTimeout(() => fail('it was not ready in time'), startLimitMs)
    const fail = (reason: string): void => {
      clearTimeout(limit)
      reject(new Error(`redis-server: ${reason}: ${said.slice(-500)}`))
    }
    child.once('error', (error) => fail(error.message))
    child.once('exit', (code) => fail(`it ended with ${code}`))
    child.stdout!.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (!said.includes('Ready to accept connections')) return
      clearTimeout(limit)
      said = ''
      child.stdout!.removeAllListeners('data').resume()
      child.removeAllListeners('exit')
      resolve()
    })
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no free port'))
        else resolve(address.port)
      })
    })
  })
}
