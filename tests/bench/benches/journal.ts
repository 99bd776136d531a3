// the journal on SQLite: published, durable, delivered and acknowledged, against the bare driver writing the same rows.
import Database from 'better-sqlite3'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { z } from 'zod'
import { createBus } from '../../../nucleus/events/bus.ts'
import { createEnvelope } from '../../../nucleus/events/envelope.ts'
import { defineEvent, type EventEnvelope } from '../../../nucleus/events/event.ts'
import type { JournalDurability } from '../../../nucleus/events/journal.ts'
import { createTraceId, createTraceparent } from '../../../nucleus/identifiers.ts'
import { openSqliteJournal } from '../../../nucleus/infrastructure/sqlite/journal.ts'
import { traceOf } from '../../../nucleus/infrastructure/sqlite/journal-rows.ts'
import { positionOf, prepareJournalSchema } from '../../../nucleus/infrastructure/sqlite/journal-schema.ts'
import { compared, defineBench, type BenchResult } from '../bench.ts'
import { median, percentile } from '../measure.ts'

const Measured = defineEvent({
  type: 'goal.measured',
  durability: 'journaled',
  description: 'emitted by this bench only.',
  data: z.object({ goal: z.string(), steps: z.number().int(), ok: z.boolean() }),
})
const data = { goal: 'list the largest files', steps: 12, ok: true }
const inFlight = 100
/** a run has some ten events. */
const eventsPerTrace = 10

export default defineBench({
  name: 'journal',
  kind: 'bench',
  description: 'journaled events on SQLite, 100 in flight and one by one, against raw better-sqlite3 doing the same',
  run: async ({ seconds }) => {
    const folder = mkdtempSync(join(tmpdir(), 'lotus-bench-journal-'))
    try {
      return [
        ...(await throughput(folder, 'normal', 0.8, seconds * 0.4)),
        ...(await throughput(folder, 'strict', 0.7, seconds * 0.4)),
        ...(await latency(folder, seconds * 0.2)),
      ]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})

/** both write `count` events into a new file; they take turns, and the best round of each counts. */
async function throughput(
  folder: string,
  durability: JournalDurability,
  target: number,
  seconds: number,
): Promise<BenchResult[]> {
  const count = 100_000
  const ours: number[] = []
  const raw: number[] = []
  const endAt = performance.now() + seconds * 1_000
  for (let round = 0; round < 3 || performance.now() < endAt; round += 1) {
    raw.push(rawRate(join(folder, `raw-${durability}-${round}.db`), durability, count))
    ours.push(await journalRate(join(folder, `ours-${durability}-${round}.db`), durability, count))
  }
  const word = durability === 'strict' ? 'FULL' : 'NORMAL'
  return [
    compared({
      metric: `${word}, ${inFlight} in flight, to acknowledged`,
      unit: 'events/s',
      value: Math.max(...ours),
      peer: { name: `raw ${word}, ${inFlight} rows a transaction`, value: Math.max(...raw) },
      atLeast: target,
    }),
    {
      metric: `${word}, the same, median round`,
      value: median(ours),
      unit: 'events/s',
      peer: { name: 'raw', value: median(raw) },
      ratio: median(ours) / median(raw),
    },
  ]
}

async function journalRate(path: string, durability: JournalDurability, count: number): Promise<number> {
  const log = pino({ level: 'silent' })
  const journal = openSqliteJournal({ path, durability, log })
  const bus = createBus({ journal, log })
  let handled = 0
  const subscription = bus.subscribe({
    owner: 'bench',
    definition: Measured,
    handler: () => {
      handled += 1
    },
  })
  await subscription.ready
  let published = 0
  const publish = async (): Promise<void> => {
    while (published < count) {
      const traceparent = createTraceparent(createTraceId())
      for (let index = 0; index < eventsPerTrace && published < count; index += 1) {
        published += 1
        await bus.emit('bench', Measured, data, traceparent)
      }
    }
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: inFlight }, publish))
  // what was handled last is acknowledged with a commit of its own.
  await journal.flush()
  const tookMs = performance.now() - startedAt
  const { lag } = await journal.statistics()
  if (handled !== count || lag['bench/goal.measured'] !== 0) throw new Error(`handled ${handled} of ${count}`)
  await bus.close()
  await journal.close()
  return (count * 1_000) / tookMs
}

/**
 * the same work by hand: each event as JSON into the same tables, one position of a group a transaction. the envelopes
 * are made before the clock starts; nothing is validated, delivered or awaited.
 */
function rawRate(path: string, durability: JournalDurability, count: number): number {
  const database = openRaw(path, durability)
  database.exec(`insert into groups (name, types, position, seen_at) values ('bench', '[]', 0, 0)`)
  const insert = database.prepare('insert into events (position, type, trace, body) values (?, ?, ?, ?)')
  const move = database.prepare('update groups set position = ? where id = 1')
  const begin = database.prepare('begin immediate')
  const commit = database.prepare('commit')
  const events = eventsOf(count)
  const startedAt = performance.now()
  for (let at = 0; at < count; at += inFlight) {
    begin.run()
    let position = 0
    for (let index = at; index < Math.min(count, at + inFlight); index += 1) {
      const event = events[index]!
      position = positionOf(event.id)
      insert.run(position, 1, traceOf(event), JSON.stringify(event))
    }
    move.run(position)
    commit.run()
  }
  const tookMs = performance.now() - startedAt
  database.close()
  return (count * 1_000) / tookMs
}

function openRaw(path: string, durability: JournalDurability): Database.Database {
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.pragma(`synchronous = ${durability === 'strict' ? 'FULL' : 'NORMAL'}`)
  prepareJournalSchema(database)
  return database
}

function eventsOf(count: number): EventEnvelope[] {
  let traceparent = ''
  return Array.from({ length: count }, (_, index) => {
    if (index % eventsPerTrace === 0) traceparent = createTraceparent(createTraceId())
    return createEnvelope('bench', Measured, data, traceparent)
  })
}

/** one publisher that waits for each event before the next one. */
async function latency(folder: string, seconds: number): Promise<BenchResult[]> {
  const log = pino({ level: 'silent' })
  const journal = openSqliteJournal({ path: join(folder, 'latency.db'), log })
  const bus = createBus({ journal, log })
  const subscription = bus.subscribe({ owner: 'bench', definition: Measured, handler: () => {} })
  const database = openRaw(join(folder, 'latency-raw.db'), 'normal')
  const insert = database.prepare('insert into events (position, type, trace, body) values (?, ?, ?, ?)')
  const ours: number[] = []
  const raw: number[] = []
  const endAt = performance.now() + seconds * 1_000
  while (performance.now() < endAt) {
    for (const event of eventsOf(200)) {
      const startedAt = performance.now()
      insert.run(positionOf(event.id), 1, traceOf(event), JSON.stringify(event))
      raw.push(performance.now() - startedAt)
    }
    const traceparent = createTraceparent(createTraceId())
    for (let index = 0; index < 200; index += 1) {
      const startedAt = performance.now()
      await bus.emit('bench', Measured, data, traceparent)
      ours.push(performance.now() - startedAt)
    }
  }
  database.close()
  await subscription.close()
  await bus.close()
  await journal.close()
  const [value, floor] = [percentile(ours, 0.99), percentile(raw, 0.99)]
  return [
    {
      metric: 'one publisher, p50',
      value: median(ours) * 1_000,
      unit: 'µs',
      peer: { name: 'raw', value: median(raw) * 1_000 },
    },
    {
      metric: 'one publisher, p99',
      value: value * 1_000,
      unit: 'µs',
      peer: { name: 'raw insert', value: floor * 1_000 },
      ratio: value / floor,
      target: 'at most the floor + 2 ms',
      ok: value <= floor + 2,
    },
  ]
}
