// doctor and a LOTUS that has lived: killed, damaged, with events that failed, with another program on its port.
import Database from 'better-sqlite3'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventOf } from '../../../nucleus/infrastructure/sqlite/journal-rows.ts'
import { waitFor } from '../../support/wait-for.ts'
import { createPatient, type Patient } from './patient.ts'

const limitMs = 180_000
/** of Debian's package faketime. */
const fakeTime = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'
let patient: Patient
let data: string
beforeAll(async () => {
  patient = createPatient()
  data = join(patient.own.home, 'data')
  await patient.own.start()
  await patient.own.goal('remember that the code of the shed is 4711')
  await patient.own.goal('what is 2 + 2?')
}, limitMs)
afterAll(async () => {
  await patient.own.stop()
  await patient.dispose()
}, limitMs)

/** how a test begins: as after a stop, with nothing found. */
async function stopped(): Promise<void> {
  await patient.own.stop()
  expect((await patient.examine()).ill).toEqual([])
}

async function running(): Promise<void> {
  await patient.own.start()
  expect((await patient.examine()).ill).toEqual([])
}

function withDatabase<Result>(name: string, work: (database: Database.Database) => Result): Result {
  const database = new Database(join(data, name))
  try {
    return work(database)
  } finally {
    database.close()
  }
}

function destroy(name: string): void {
  writeFileSync(join(data, name), 'not a database, but long enough to be looked at'.repeat(1_000))
}

describe('a LOTUS that works', () => {
  it('has nothing wrong, running or not, and is left as it was', { timeout: limitMs }, async () => {
    await running()
    await stopped()
    expect(patient.own.leftovers()).toEqual([])
  })
})

describe('a nucleus that was killed', () => {
  it('is found, and mended by a start', { timeout: limitMs }, async () => {
    await running()
    const osd = patient.own.osdPid()!
    process.kill(patient.own.record()!.pid, 'SIGKILL')
    process.kill(osd, 'SIGKILL')
    await waitFor(() => patient.own.processes().length === 0, { timeoutMs: limitMs, what: 'the end of all' })
    const found = await patient.examine()
    expect(found.ill).toContain('nucleus.killed')
    await patient.cure(found.find('nucleus.killed'))
    expect((await patient.examine()).ill).toEqual([])
  })
})

describe('a token', () => {
  it('that is gone, or empty, is made anew', { timeout: limitMs }, async () => {
    await running()
    rmSync(join(patient.own.home, 'token'))
    const gone = await patient.examine()
    expect(gone.ill).toEqual(['token.there'])
    await patient.cure(gone.find('token.there'))
    await stopped()
    writeFileSync(join(patient.own.home, 'token'), '')
    const empty = await patient.examine()
    expect(empty.ill).toEqual(['token.empty'])
    await patient.cure(empty.find('token.empty'))
    expect((await patient.examine()).ill).toEqual([])
  })
})

describe('a port that another program has', () => {
  it('is found, and LOTUS starts at a free one', { timeout: limitMs }, async () => {
    await stopped()
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const environment = { LOTUS_HTTP_PORT: String((other.address() as AddressInfo).port) }
    patient.own.environment['LOTUS_HTTP_PORT'] = environment.LOTUS_HTTP_PORT
    try {
      const found = await patient.examine()
      expect(found.ill).toEqual(['port.taken'])
      await patient.cure(found.find('port.taken'))
      expect((await patient.examine()).ill).toEqual([])
    } finally {
      patient.own.environment['LOTUS_HTTP_PORT'] = '0'
      await new Promise((resolve) => other.close(resolve))
      await patient.own.stop()
    }
  })
})

describe('a damaged database', () => {
  it('that is the index of notes is made anew from the notes', { timeout: limitMs }, async () => {
    await stopped()
    destroy('vectors.db')
    const found = await patient.examine()
    expect(found.ill).toEqual(['database.damaged'])
    await patient.cure(found.find('database.damaged'))
    expect((await patient.examine()).ill).toEqual([])
    const [aside] = readdirSync(join(data, 'damaged'))
    expect(existsSync(join(data, 'damaged', aside!, 'vectors.db'))).toBe(true)
    expect(
      withDatabase('store.db', (store) => store.prepare('select indexed from memory_notes').pluck().all()),
    ).toEqual([0])
    await running()
    expect((await patient.own.goal('what is the code of the shed?')).answer).toContain('4711')
  })

  it('that is gone, with an index that was in it, is made anew as well', { timeout: limitMs }, async () => {
    await stopped()
    withDatabase('store.db', (store) => store.exec('update memory_notes set indexed = 1'))
    for (const name of readdirSync(data)) if (name.startsWith('vectors.db')) rmSync(join(data, name))
    const found = await patient.examine()
    expect(found.ill).toEqual(['database.index'])
    await patient.cure(found.find('database.index'))
    expect((await patient.examine()).ill).toEqual([])
  })

  it(
    'that is the index of notes lets LOTUS start, which finds the notes without it',
    { timeout: limitMs },
    async () => {
      await stopped()
      destroy('vectors.db')
      const before = readFileSync(join(data, 'vectors.db'))
      await patient.own.start()
      expect((await patient.own.goal('what is the code of the shed?')).answer).toContain('4711')
      await patient.own.stop()
      expect(readFileSync(join(data, 'vectors.db'))).toEqual(before)
      await patient.cure((await patient.examine()).find('database.damaged'))
      expect((await patient.examine()).ill).toEqual([])
    },
  )

  it('of a person is put aside by the command and never by --fix', { timeout: limitMs }, async () => {
    await stopped()
    const whole = readFileSync(join(data, 'store.db'))
    // the middle of it is cut out: its pages don't fit together any more
    truncateSync(join(data, 'store.db'), 20_000)
    const found = await patient.examine({}, ['--fix'])
    expect(found.ill).toEqual(['database.damaged'])
    expect(found.mended).toEqual([])
    await patient.cure(found.find('database.damaged'))
    expect((await patient.examine()).ill).toEqual([])
    expect(statSync(join(data, 'damaged', 'store.db')).size).toBe(20_000)
    writeFileSync(join(data, 'store.db'), whole, { mode: 0o600 })
    await running()
  })

  it('of a newer LOTUS is told, and nothing is done to it', { timeout: limitMs }, async () => {
    await stopped()
    withDatabase('journal.db', (journal) => journal.pragma('user_version = 99'))
    const found = await patient.examine({}, ['--fix'])
    expect(found.ill).toEqual(['database.version'])
    expect(found.find('database.version')?.command).toBeUndefined()
    withDatabase('journal.db', (journal) => journal.pragma('user_version = 1'))
  })

  it('that has grown and is empty now is a fact, and --fix shrinks it', { timeout: limitMs }, async () => {
    await stopped()
    withDatabase('store.db', (store) => {
      store.exec('create table heap as select randomblob(30000000) as bytes; drop table heap')
      store.pragma('wal_checkpoint(truncate)')
    })
    const before = statSync(join(data, 'store.db')).size
    const found = await patient.examine()
    expect(found.find('database.slack')).toMatchObject({ severity: 'note', fixable: true })
    await patient.cure(found.find('database.slack'))
    expect((await patient.examine()).find('database.slack')).toBeUndefined()
    expect(statSync(join(data, 'store.db')).size).toBeLessThan(before / 10)
  })
})

describe('the journal', () => {
  interface Row {
    readonly id: number
    readonly position: number
    readonly type: number
    readonly trace: string
    readonly body: string
  }
  /** the group of goals, with an event that it has handled. */
  const handled = (journal: Database.Database): Row =>
    journal
      .prepare(
        `select groups.id as id, events.position as position, type, trace, body from groups, events
         join types on types.id = events.type
         where types.name = 'goal.accepted' and groups.types like '%goal.accepted%' limit 1`,
      )
      .get() as Row

  it('whose events nobody handles is found, and a start goes on with them', { timeout: limitMs }, async () => {
    await stopped()
    withDatabase('journal.db', (journal) => {
      const { type, trace, body } = handled(journal)
      const last = journal.prepare('select max(position) from events').pluck().get() as number
      const insert = journal.prepare('insert into events (position, type, trace, body) values (?, ?, ?, ?)')
      // the same goal again and again: its run is there, so nothing is done for it
      journal.transaction(() => {
        for (let count = 1; count <= 5_100; count += 1) insert.run(last + count, type, trace, body)
      })()
    })
    const found = await patient.examine()
    expect(found.ill).toEqual(['journal.lag'])
    await patient.cure(found.find('journal.lag'))
    await waitFor(async () => (await patient.examine()).ill.length === 0, { timeoutMs: 60_000, what: 'no lag' })
  })

  it('with an event that failed its last try is found, and has it tried again', { timeout: limitMs }, async () => {
    await stopped()
    const name = withDatabase('journal.db', (journal) => {
      const { id, ...row } = handled(journal)
      const event = eventOf({ ...row, type: 'goal.accepted' })
      journal
        .prepare(
          'insert into dead_letters (group_id, position, attempts, error, parked_at, body) values (?, ?, 5, ?, ?, ?)',
        )
        .run(id, row.position, 'the disk was full', Date.now(), JSON.stringify(event))
      return journal.prepare('select name from groups where id = ?').pluck().get(id) as string
    })
    await patient.own.start()
    const found = await patient.examine()
    expect(found.ill).toEqual(['journal.dead-letters'])
    expect(found.find('journal.dead-letters')?.text).toContain(name)
    await patient.cure(found.find('journal.dead-letters'))
    expect((await patient.examine()).ill).toEqual([])
  })
})

describe('the audit chain', () => {
  const chain = (): string => join(patient.own.home, 'audit', 'chain.jsonl')

  it('whose end is torn is mended by a start', { timeout: limitMs }, async () => {
    await stopped()
    appendFileSync(chain(), '{"sequence":99,"ti')
    const found = await patient.examine()
    expect(found.ill).toEqual(['audit.torn'])
    await patient.cure(found.find('audit.torn'))
    expect((await patient.examine()).ill).toEqual([])
    expect((await patient.own.lotus(['audit', 'verify'])).code).toBe(0)
  })

  it('that was changed is told, and no command makes it good', { timeout: limitMs }, async () => {
    await stopped()
    const text = readFileSync(chain(), 'utf8')
    writeFileSync(chain(), text.replace('plan.decided', 'plan.derided'))
    const found = await patient.examine({}, ['--fix'])
    expect(found.ill).toEqual(['audit.chain'])
    expect(found.find('audit.chain')?.command).toBeUndefined()
    writeFileSync(chain(), text)
    chmodSync(chain(), 0o600)
  })
})

describe('the clock', () => {
  it.skipIf(!existsSync(fakeTime))(
    'that went back before the newest record is found, and setting it mends that',
    { timeout: limitMs },
    async () => {
      await stopped()
      const stamp = join(patient.own.base, 'faketime')
      writeFileSync(stamp, '-3h\n')
      const environment = { LD_PRELOAD: fakeTime, FAKETIME_TIMESTAMP_FILE: stamp, FAKETIME_NO_CACHE: '1' }
      const found = await patient.examine(environment)
      expect(found.ill).toEqual(['clock.backwards'])
      patient.addProgram('timedatectl', `echo +0 >${stamp}`)
      await patient.cure(found.find('clock.backwards'))
      expect((await patient.examine(environment)).ill).toEqual([])
      writeFileSync(stamp, '@2001-01-01 00:00:00\n')
      expect((await patient.examine(environment)).find('clock.year')).toMatchObject({ severity: 'bad' })
    },
  )
})
