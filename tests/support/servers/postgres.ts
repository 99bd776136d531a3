// a private Postgres of a test's own: on a free port, in a folder of its own, not as root.
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freePort, startServer, type PrivateServer, type RunningServer } from './private-server.ts'

export interface PrivatePostgres extends PrivateServer {
  /** makes an empty database and gives its URL. */
  createDatabase(): Promise<string>
  /** one statement as the superuser. */
  query(sql: string, url?: string): Promise<Record<string, unknown>[]>
}

/** `nobody`, which every machine has. */
const unprivileged = 65_534

/** the newest that is installed, from the PATH or where Debian puts it; undefined where there is none. */
export function findPostgres(): string | undefined {
  const folder = '/usr/lib/postgresql'
  const versions = existsSync(folder) ? readdirSync(folder).toSorted((left, right) => Number(right) - Number(left)) : []
  const folders = [
    ...versions.map((version) => join(folder, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ]
  return folders.find((one) => existsSync(join(one, 'initdb')) && existsSync(join(one, 'postgres')))
}

/** @throws where no Postgres is installed; ask `findPostgres` first */
export async function startPostgres(): Promise<PrivatePostgres> {
  const programs = findPostgres()
  if (programs === undefined) throw new Error('no Postgres is installed')
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'lotus-postgres-')))
  const data = join(base, 'data')
  mkdirSync(data, { mode: 0o700 })
  const isRoot = process.getuid?.() === 0
  if (isRoot) {
    chmodSync(base, 0o755)
    chownSync(base, unprivileged, unprivileged)
    chownSync(data, unprivileged, unprivileged)
  }
  // Postgres refuses to run as root.
  const asOther = isRoot
    ? ['setpriv', `--reuid=${unprivileged}`, `--regid=${unprivileged}`, '--clear-groups', '--']
    : []
  const init = [join(programs, 'initdb'), '-D', data, '-U', 'lotus', '-A', 'trust', '--no-sync', '-E', 'UTF8']
  // an order of a language, so that what depends on it shows.
  execFileSync(
    [...asOther, ...init][0]!,
    [...asOther, ...init, '--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'].slice(1),
    {
      cwd: base,
      stdio: 'pipe',
      env: { PATH: process.env['PATH'], HOME: base },
    },
  )
  const port = await freePort()
  const urlOf = (database: string): string => `postgres://lotus@127.0.0.1:${port}/${database}`
  const query = async (sql: string, url = urlOf('postgres')): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows
    } finally {
      await client.end()
    }
  }
  const local = ['-p', `${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']
  // tests kill processes and no machines: what is in the system's cache survives that, so nothing is synced.
  const small = ['-c', 'shared_buffers=16MB', '-c', 'max_connections=100', '-c', 'autovacuum=off', '-c', 'fsync=off']
  const start = async (): Promise<RunningServer> =>
    await startServer([...asOther, join(programs, 'postgres'), '-D', data, ...local, ...small], {
      cwd: base,
      isReady: async () => (await query('select 1')).length === 1,
    })
  let running = await start()
  let number = 0
  return {
    port,
    url: urlOf('postgres'),
    query,
    createDatabase: async () => {
      number += 1
      await query(`create database test_${number}`)
      return urlOf(`test_${number}`)
    },
    kill: () => running.kill(),
    restart: async () => {
      running = await start()
    },
    pause: () => running.pause(),
    resume: () => running.resume(),
    dispose: async () => {
      // an immediate shutdown: nobody needs the data.
      await running.end('SIGQUIT')
      rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    },
  }
}
