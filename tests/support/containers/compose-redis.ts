// Redis as the compose file starts it: with its command and its variables, on a free port and in a folder of its own.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand, type Ended } from '../run-command.ts'
import { freePort, startServer } from '../servers/private-server.ts'
import { checkCommand, readCompose } from './compose-file.ts'

export interface ComposeRedis {
  readonly port: number
  readonly password: string
  /** `redis-cli WORDS` with a password, or without one. */
  ask(words: readonly string[], password?: string): Promise<string>
  /** the health check of the file, with a password. */
  check(password: string): Promise<Ended>
  kill(): Promise<void>
  dispose(): Promise<void>
}

export async function startComposeRedis(): Promise<ComposeRedis> {
  const { command = [], environment = {}, healthcheck } = readCompose().services['redis']!
  const password = environment['REDISCLI_AUTH'] ?? ''
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'lotus-redis-')))
  const port = await freePort()
  const run = async (words: readonly string[], secret: string): Promise<Ended> =>
    await runCommand(words, {
      cwd: base,
      environment: { PATH: process.env['PATH'], ...(secret === '' ? {} : { REDISCLI_AUTH: secret }) },
    })
  const ask = async (words: readonly string[], secret = password): Promise<string> =>
    (await run(['redis-cli', '-p', `${port}`, ...words], secret)).stdout.trim()
  const words = command.map((word) => (word === '/data' ? base : word))
  const running = await startServer([...words, '--port', `${port}`, '--bind', '127.0.0.1'], {
    cwd: base,
    environment,
    isReady: async () => (await ask(['ping'])) === 'PONG',
  })
  return {
    port,
    password,
    ask,
    check: async (secret) => {
      // redis-cli has no variable for its port.
      const line = checkCommand(healthcheck).map((word) => word.replace('redis-cli ', `redis-cli -p ${port} `))
      return await run(line, secret)
    },
    kill: running.kill,
    dispose: async () => {
      await running.end('SIGTERM')
      rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    },
  }
}
