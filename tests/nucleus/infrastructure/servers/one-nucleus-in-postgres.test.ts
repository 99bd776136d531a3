// one nucleus keeps its state in a Postgres database: a second one is told who does, and a dead one is no obstacle.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openStoreWithFallback, type StorePart } from '../../../../nucleus/infrastructure/postgres/fallback.ts'
import { openSqliteStore } from '../../../../nucleus/infrastructure/sqlite/store.ts'
import { findPostgres, startPostgres, type PrivatePostgres } from '../../../support/servers/postgres.ts'
import { waitFor } from '../../../support/wait-for.ts'
import { silent } from '../../events/support.ts'
import { temporaryFolder } from '../folders.ts'

describe.skipIf(findPostgres() === undefined)('a Postgres database', () => {
  let postgres: PrivatePostgres
  let url: string
  const opened: StorePart[] = []
  beforeAll(async () => {
    postgres = await startPostgres()
  }, 60_000)
  afterAll(() => postgres?.dispose(), 60_000)
  beforeEach(async () => {
    url = await postgres.createDatabase()
  })
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
  })

  const open = async (folder = temporaryFolder(), at = url): Promise<StorePart> => {
    const openEmbedded = () => openSqliteStore(join(folder, 'store.db'))
    const store = await openStoreWithFallback({ url: at, folder, openEmbedded, log: silent })
    opened.push(store)
    return store
  }
  const close = async (store: StorePart): Promise<void> => {
    opened.splice(opened.indexOf(store), 1)
    await store.close()
  }
  const lockers = `select a.pid from pg_locks l join pg_stat_activity a using (pid)
    where l.locktype = 'advisory' and a.datname = current_database() and a.application_name like 'lotus nucleus %'`

  it('is not given to a second nucleus, which keeps its state on its machine and says whose it is and what to do', async () => {
    expect((await open()).resource.dialect).toBe('postgres')
    const second = await open()
    const { backend, status, reason } = second.health()
    expect([backend, status]).toEqual(['sqlite', 'degraded'])
    expect(reason).toContain(`process ${process.pid}, from 127.0.0.1`)
    expect(reason).toContain('name another database in LOTUS_POSTGRES_URL')
  }, 30_000)

  it('is one of several on its server: each nucleus has its own', async () => {
    const stores = [await open(), await open(temporaryFolder(), await postgres.createDatabase())]
    expect(stores.map(({ health }) => health())).toEqual(
      Array.from({ length: 2 }, () => ({ backend: 'postgres', status: 'healthy' })),
    )
  })

  it('is free as soon as the nucleus has closed it, and who did without it is told so', async () => {
    const first = await open()
    const second = await open()
    await close(first)
    await waitFor(() => second.health().reason?.includes('`lotus restart` uses Postgres'), {
      timeoutMs: 10_000,
      what: 'the second one to be told',
    })
    await close(second)
    expect((await open()).resource.dialect).toBe('postgres')
  }, 30_000)

  it('is free at once where the nucleus was killed', async () => {
    const folder = temporaryFolder()
    const words = [join(import.meta.dirname, 'lone-store-child.ts'), folder, url]
    const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [said] = (await once(child.stdout, 'data')) as [Buffer]
    expect(said.toString()).toBe('open postgres\n')
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    expect((await open()).resource.dialect).toBe('postgres')
  }, 30_000)

  it('is free for the same home where the server still has the connection of its former life', async () => {
    const folder = temporaryFolder()
    const words = [join(import.meta.dirname, 'lone-store-child.ts'), folder, url]
    const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    // it says nothing any more, and its connection stays open.
    child.kill('SIGSTOP')
    const [before] = await postgres.query(lockers, url)
    expect((await open(folder)).resource.dialect).toBe('postgres')
    const after = await postgres.query(lockers, url)
    expect(after).toHaveLength(1)
    expect(after[0]).not.toEqual(before)
  }, 30_000)

  it('is held again after the server was started anew', async () => {
    const store = await open()
    await postgres.kill()
    await waitFor(() => store.health().status === 'degraded', { timeoutMs: 10_000, what: 'the loss to be told' })
    await postgres.restart()
    await waitFor(() => store.health().status === 'healthy', { timeoutMs: 20_000, what: 'its return' })
    expect(await postgres.query(lockers, url)).toHaveLength(1)
    expect((await open()).resource.dialect).toBe('sqlite')
  }, 60_000)

  it('that another nucleus has taken meanwhile is as good as away, until that one leaves it', async () => {
    const first = await open()
    const words = [join(import.meta.dirname, 'lone-store-child.ts'), temporaryFolder(), url]
    const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const said = once(child.stdout, 'data') as Promise<[Buffer]>
    // the first one loses its connection again and again, until the other one was faster.
    const cutting = setInterval(() => {
      const cut = `select pg_terminate_backend(a.pid) from pg_stat_activity a where a.application_name like 'lotus nucleus % ${process.pid} %'`
      postgres.query(cut, url).catch(() => undefined)
    }, 20)
    onTestFinished(() => clearInterval(cutting))
    expect((await said)[0].toString()).toBe('open postgres\n')
    clearInterval(cutting)
    await waitFor(() => first.health().reason?.includes('another nucleus keeps its state'), {
      timeoutMs: 10_000,
      what: 'the loss to be told',
    })
    await expect(first.resource.query({ sql: 'select 1', parameters: [] })).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
    })
    child.kill('SIGKILL')
    await waitFor(() => first.health().status === 'healthy', { timeoutMs: 10_000, what: 'its return' })
  }, 60_000)
})
