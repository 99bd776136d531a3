// a journal that an older version of LOTUS wrote is read as if this one had written it, or refused with the place.
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { EventEnvelope } from '../../../nucleus/events/event.ts'
import { createIdentifier, createTraceparent } from '../../../nucleus/identifiers.ts'
import { openSqliteJournal } from '../../../nucleus/infrastructure/sqlite/journal.ts'
import { positionOf, prepareJournalSchema } from '../../../nucleus/infrastructure/sqlite/journal-schema.ts'
import { silent } from '../events/support.ts'
import { temporaryFolder } from './folders.ts'

const traceId = 'a'.repeat(32)

function eventOf(text: string, traceparent = createTraceparent(traceId)): EventEnvelope {
  const time = '2026-11-20T10:00:00.123Z'
  return {
    specversion: '1.0',
    id: createIdentifier(),
    source: 'test',
    type: 'bell.rung',
    time,
    traceparent,
    data: { text },
  }
}

/** a file of version 1, whose rows hold whole envelopes. */
function writeOld(path: string, bodies: readonly { readonly id: string; readonly body: string }[]): void {
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  prepareJournalSchema(database)
  database.pragma('user_version = 1')
  database.exec(`insert into types (name) values ('bell.rung')`)
  const insert = database.prepare('insert into events (position, type, trace, body) values (?, 1, ?, ?)')
  for (const { id, body } of bodies) insert.run(positionOf(id), traceId, body)
  database.close()
}

const wholeOf = (event: EventEnvelope) => ({ id: event.id, body: JSON.stringify(event) })

describe('a journal of version 1', () => {
  it('gives its events as they were, and goes on', async () => {
    const path = join(temporaryFolder(), 'journal.db')
    const old = [
      eventOf('ö\u2028"'),
      eventOf('foreign', 'something else'),
      ...Array.from({ length: 2_500 }, (_, index) => eventOf(String(index))),
    ]
    writeOld(path, old.map(wholeOf))
    const journal = openSqliteJournal({ path, log: silent })
    const read: EventEnvelope[] = []
    for (;;) {
      const after = read.at(-1)?.id
      const more = await journal.read({ limit: 1_000, ...(after === undefined ? {} : { after }) })
      if (more.length === 0) break
      read.push(...more)
    }
    expect(read).toEqual(old)
    const id = await journal.append(eventOf('new'))
    expect(id > old.at(-1)!.id).toBe(true)
    expect(await journal.read({ traceId, limit: 1 })).toEqual([old[0]])
    await journal.close()
  })

  it('may hold rows of both kinds, and is upgraded once', async () => {
    const path = join(temporaryFolder(), 'journal.db')
    const first = eventOf('old')
    writeOld(path, [wholeOf(first)])
    const opened = openSqliteJournal({ path, log: silent })
    const second = eventOf('new')
    await opened.append(second)
    await opened.close()
    const raw = new Database(path)
    expect(raw.pragma('user_version', { simple: true })).toBe(2)
    raw.pragma('user_version = 1')
    raw.close()
    const again = openSqliteJournal({ path, log: silent })
    expect((await again.read({})).map(({ data }) => data)).toEqual([first.data, second.data])
    await again.close()
  })

  it.each([
    ['is no JSON', '{"id": '],
    ['is no event', '{"id": "x"}'],
    ['is of another place', JSON.stringify(eventOf('elsewhere'))],
  ])('with a row that %s is refused by name, and left as it is', (_name, body) => {
    const path = join(temporaryFolder(), 'journal.db')
    const { id } = eventOf('x')
    writeOld(path, [{ id, body }])
    expect(() => openSqliteJournal({ path, log: silent })).toThrow(
      expect.objectContaining({
        code: 'STATE_DAMAGED',
        message: expect.stringMatching(new RegExp(`${path}.*position ${positionOf(id)}`)),
        fix: expect.stringContaining('backup'),
      }),
    )
    const database = new Database(path)
    expect(database.pragma('user_version', { simple: true })).toBe(1)
    expect(database.prepare('select body from events').pluck().get()).toBe(body)
    database.close()
  })
})
