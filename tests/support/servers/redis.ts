// a private Redis of a test's own: on a free port, with its append-only file in a folder of its own.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort, startServer, type PrivateServer, type RunningServer } from './private-server.ts'

/** whether a Redis is installed. */
export function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** @param settings - more of redis.conf, as options of the command line */
export async function startRedis(
  settings: readonly string[] = ['--appendonly', 'yes', '--appendfsync', 'everysec'],
): Promise<PrivateServer> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'lotus-redis-')))
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  const start = async (): Promise<RunningServer> =>
    await startServer(
      ['redis-server', '--port', `${port}`, '--bind', '127.0.0.1', '--dir', base, '--save', '', ...settings],
      { cwd: base, isReady: () => answers(url) },
    )
  let running = await start()
  return {
    port,
    url,
    kill: () => running.kill(),
    restart: async () => {
      running = await start()
    },
    pause: () => running.pause(),
    resume: () => running.resume(),
    dispose: async () => {
      await running.end('SIGTERM')
      rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    },
  }
}

async function answers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 1_000 })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    return (await redis.ping()) === 'PONG'
  } finally {
    redis.disconnect()
  }
}
