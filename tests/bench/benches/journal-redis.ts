// the journal on Redis Streams: published, durable, delivered and acknowledged, against the bare commands and against BullMQ.
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import pino from 'pino'
import { z } from 'zod'
import { createBus } from '../../../nucleus/events/bus.ts'
import { createEnvelope } from '../../../nucleus/events/envelope.ts'
import { defineEvent, type EventEnvelope } from '../../../nucleus/events/event.ts'
import { createTraceId, createTraceparent } from '../../../nucleus/identifiers.ts'
import { openRedisJournal } from '../../../nucleus/infrastructure/redis/journal.ts'
import { hasRedis, startRedis } from '../../support/servers/redis.ts'
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
const log = pino({ level: 'silent' })

export default defineBench({
  name: 'journal-redis',
  kind: 'bench',
  description: 'journaled events on a private Redis with AOF everysec, 100 in flight, against raw streams and BullMQ',
  packages: true,
  run: async ({ seconds }) => {
    if (!hasRedis()) throw new Error('no redis-server on the PATH; install Redis')
    const folder = mkdtempSync(join(tmpdir(), 'lotus-bench-redis-'))
    const server = await startRedis()
    try {
      return [
        ...(await throughput(folder, server.url, seconds * 0.8)),
        ...(await latency(folder, server.url, seconds * 0.2)),
      ]
    } finally {
      await server.dispose()
      rmSync(folder, { recursive: true, force: true })
    }
  },
})

/** they take turns on one server, each round on empty streams, and the best round of each counts. */
async function throughput(folder: string, url: string, seconds: number): Promise<BenchResult[]> {
  const count = 20_000
  const ours: number[] = []
  const raw: number[] = []
  const bull: number[] = []
  const endAt = performance.now() + seconds * 1_000
  for (let round = 0; round < 3 || performance.now() < endAt; round += 1) {
    raw.push(await rawRate(url, `raw-${round}`, count))
    ours.push(await journalRate(folder, url, `ours-${round}`, count))
    bull.push(await bullRate(url, `bull-${round}`, count / 10))
    await flush(url)
  }
  return [
    compared({
      metric: `AOF everysec, ${inFlight} in flight, to acknowledged`,
      unit: 'events/s',
      value: Math.max(...ours),
      peer: { name: `raw XADD, XREADGROUP, XACK, ${inFlight} a pipeline`, value: Math.max(...raw) },
      atLeast: 0.8,
    }),
    {
      metric: 'the same, median round',
      value: median(ours),
      unit: 'events/s',
      peer: { name: 'raw', value: median(raw) },
      ratio: median(ours) / median(raw),
    },
    compared({
      metric: `AOF everysec, ${inFlight} in flight, to acknowledged`,
      unit: 'events/s',
      value: Math.max(...ours),
      peer: { name: `BullMQ, ${inFlight} in flight, concurrency ${inFlight}`, value: Math.max(...bull) },
      atLeast: 8,
    }),
  ]
}

async function journalRate(folder: string, url: string, namespace: string, count: number): Promise<number> {
  const journal = await openRedisJournal({ url, folder, namespace, log })
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
  await journal.flush()
  const tookMs = performance.now() - startedAt
  const { lag } = await journal.statistics()
  if (handled !== count || lag['bench/goal.measured'] !== 0) throw new Error(`handled ${handled} of ${count}`)
  await bus.close()
  await journal.close()
  return (count * 1_000) / tookMs
}

/** the same work by hand; the envelopes are made before the clock starts, nothing is validated or awaited one by one. */
async function rawRate(url: string, key: string, count: number): Promise<number> {
  const redis = new Redis(url, { protocol: 2 })
  await redis.xgroup('CREATE', key, 'bench', '0', 'MKSTREAM')
  const events = eventsOf(count)
  let handled = 0
  const startedAt = performance.now()
  for (let at = 0; at < count; at += inFlight) {
    const adds = redis.pipeline()
    for (const event of events.slice(at, at + inFlight)) adds.xadd(key, '*', 'e', JSON.stringify(event))
    await adds.exec()
    const reply = (await redis.xreadgroup('GROUP', 'bench', 'one', 'COUNT', inFlight, 'STREAMS', key, '>')) as [
      string,
      [string, string[]][],
    ][]
    const ids: string[] = []
    for (const [id, [, body]] of reply[0]![1]) {
      JSON.parse(body!)
      handled += 1
      ids.push(id)
    }
    await redis.xack(key, 'bench', ...ids)
  }
  const tookMs = performance.now() - startedAt
  redis.disconnect()
  if (handled !== count) throw new Error(`the raw streams handled ${handled} of ${count}`)
  return (count * 1_000) / tookMs
}

interface Bull {
  readonly Queue: new (
    name: string,
    options: object,
  ) => { add(name: string, data: object): Promise<unknown>; close(): Promise<void> }
  readonly Worker: new (
    name: string,
    handler: () => Promise<void>,
    options: object,
  ) => { on(event: string, listener: () => void): void; waitUntilReady(): Promise<unknown>; close(): Promise<void> }
}

async function bullRate(url: string, name: string, count: number): Promise<number> {
  const { Queue, Worker } = createRequire(import.meta.url)('bullmq') as Bull
  const { hostname: host, port } = new URL(url)
  const connection = { host, port: Number(port), maxRetriesPerRequest: null }
  const queue = new Queue(name, { connection, defaultJobOptions: { removeOnComplete: true, attempts: 5 } })
  const done = Promise.withResolvers<void>()
  let handled = 0
  const worker = new Worker(name, async () => {}, { connection, concurrency: inFlight })
  worker.on('completed', () => {
    handled += 1
    if (handled === count) done.resolve()
  })
  await worker.waitUntilReady()
  const events = eventsOf(count)
  let published = 0
  const publish = async (): Promise<void> => {
    while (published < count) {
      const event = events[published]!
      published += 1
      await queue.add('event', event)
    }
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: inFlight }, publish))
  await done.promise
  const tookMs = performance.now() - startedAt
  await worker.close()
  await queue.close()
  return (count * 1_000) / tookMs
}

async function flush(url: string): Promise<void> {
  const redis = new Redis(url)
  await redis.flushall()
  redis.disconnect()
}

function eventsOf(count: number): EventEnvelope[] {
  let traceparent = ''
  return Array.from({ length: count }, (_, index) => {
    if (index % eventsPerTrace === 0) traceparent = createTraceparent(createTraceId())
    return createEnvelope('bench', Measured, data, traceparent)
  })
}

/** one publisher that waits for each event before the next one, and how long until the handler has it. */
async function latency(folder: string, url: string, seconds: number): Promise<BenchResult[]> {
  const journal = await openRedisJournal({ url, folder, namespace: 'latency', log })
  const bus = createBus({ journal, log })
  let heard: (() => void) | undefined
  const subscription = bus.subscribe({ owner: 'bench', definition: Measured, handler: () => heard?.() })
  await subscription.ready
  const redis = new Redis(url, { protocol: 2 })
  const durable: number[] = []
  const delivered: number[] = []
  const raw: number[] = []
  const endAt = performance.now() + seconds * 1_000
  while (performance.now() < endAt) {
    for (const event of eventsOf(100)) {
      const startedAt = performance.now()
      await redis.xadd('latency-raw', '*', 'e', JSON.stringify(event))
      raw.push(performance.now() - startedAt)
    }
    for (let index = 0; index < 100; index += 1) {
      const startedAt = performance.now()
      const handled = new Promise<void>((resolve) => {
        heard = resolve
      })
      await bus.emit('bench', Measured, data)
      durable.push(performance.now() - startedAt)
      await handled
      delivered.push(performance.now() - startedAt)
    }
  }
  redis.disconnect()
  await subscription.close()
  await bus.close()
  await journal.close()
  const microseconds = (metric: string, values: readonly number[], fraction: number): BenchResult => ({
    metric,
    value: percentile(values, fraction) * 1_000,
    unit: 'µs',
    peer: { name: 'raw XADD', value: percentile(raw, fraction) * 1_000 },
  })
  return [
    microseconds('one publisher, durable, p50', durable, 0.5),
    microseconds('one publisher, durable, p99', durable, 0.99),
    microseconds('one publisher, handled, p50', delivered, 0.5),
    microseconds('one publisher, handled, p99', delivered, 0.99),
  ]
}
