// reloads one module again and again while journaled events flow to it and others call it, and counts what went wrong.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import pino from 'pino'
import { z } from 'zod'
import { defineEvent } from '../../nucleus/events/event.ts'
import { openInfrastructure } from '../../nucleus/infrastructure/open.ts'
import { kernelFacts } from '../../nucleus/kernel-facts.ts'
import { createLoader } from '../../nucleus/modules/loader.ts'
import { createModuleManager, type ModuleManager } from '../../nucleus/modules/manager.ts'
import { readManifests, readOneManifest } from '../../nucleus/modules/manifest.ts'
import { createServiceRegistry } from '../../nucleus/services/registry.ts'
import { defineService } from '../../nucleus/services/service.ts'
import { currentTraceparent } from '../../nucleus/trace.ts'
import { nativeImport } from '../nucleus/modules/house.ts'

export interface ReloadRoundsOptions {
  readonly isolation: 'inline' | 'process'
  readonly reloads: number
  readonly eventsPerSecond: number
  /** reloads before memory is looked at for the first time. */
  readonly warmUp?: number
}

export interface ReloadReport {
  readonly reloads: number
  readonly emitted: number
  /** that the machine could keep up with. */
  readonly eventsPerSecond: number
  /** events that no generation has handled. */
  readonly lost: number
  /** effects beyond one an event. */
  readonly doubled: number
  /** events that the state which is handed over does not know of. */
  readonly forgotten: number
  readonly calls: number
  readonly failedCalls: readonly string[]
  /** for each reload, the longest that a call or an event that fell into it has waited, milliseconds. */
  readonly callPausesMs: readonly number[]
  readonly eventPausesMs: readonly number[]
  readonly reloadMs: readonly number[]
  /** kept by this process, bytes, from after the warm-up to the end. */
  readonly heapGrowth: number
  readonly residentGrowth: number
}

export interface Sink {
  /** how many events its state knows of, over all generations. */
  known(): Promise<number>
}
const Sink = defineService<Sink>('sink', { known: 'call' })
const Sent = defineEvent({
  type: 'soak.sent',
  durability: 'journaled',
  description: 'emitted by this soak only.',
  data: z.object({ number: z.number().int(), at: z.number() }),
})

const project = pathToFileURL(join(import.meta.dirname, '../../')).href

/** the module: an effect for each event, and a count that is handed over. every version differs, so that it is imported anew. */
const codeOf = (version: number): string => `
// version ${version}
import { defineModule } from '${project}nucleus/modules/module.ts'
import { statements } from './statements.ts'
import { Sent } from './contract.ts'

export default defineModule({
  async start(context) {
    const { store } = context.infra
    await store.migrate('sink', [{ name: '001', statements: [statements.table] }])
    let known = context.state.previous?.known ?? 0
    context.state.handOver(() => ({ known }))
    context.on(Sent, async ({ number, at }) => {
      await store.query(statements.effect(number, at, Date.now() - at))
      known += 1
    }, { concurrency: 64, from: 'beginning' })
    return { services: { sink: { known: async () => known } } }
  },
})
`
const statements = `
export const statements = {
  table: { sql: 'create table effects (number integer primary key, times integer not null, at real not null, delay real not null)', parameters: [] },
  effect: (number: number, at: number, delay: number) => ({
    sql: 'insert into effects values (?, 1, ?, ?) on conflict (number) do update set times = times + 1',
    parameters: [number, at, delay],
  }),
}
`
const contract = `
import { z } from '${project}node_modules/zod/index.js'
import { defineEvent } from '${project}nucleus/events/event.ts'

export const Sent = defineEvent({ type: 'soak.sent', durability: 'journaled', description: 'x', data: z.object({ number: z.number().int(), at: z.number() }) })
`

/** writes the module's files, as version `version`. gives the path of module.ts */
export function writeSink(folder: string, isolation: string, version: number): string {
  mkdirSync(folder, { recursive: true })
  const manifest = {
    name: 'sink',
    version: '1.0.0',
    description: 'the sink of a soak',
    kernel: '^1',
    provides: ['sink'],
    consumes: ['soak.sent'],
    infrastructure: ['store'],
    isolation,
  }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'contract.ts'), contract)
  writeFileSync(join(folder, 'statements.ts'), statements)
  writeFileSync(join(folder, 'module.ts'), codeOf(version))
  return join(folder, 'module.ts')
}

interface Reloading {
  readonly from: number
  until: number
  callPauseMs: number
}

interface Effect {
  readonly times: number
  /** when its event was emitted, and how long it was on its way, milliseconds. */
  readonly at: number
  readonly delay: number
}

/** events that are emitted at once, at most. */
const maxBatch = 200
/** events that may wait: beyond it the machine is too slow for the stream, and the stream waits for it. */
const maxLag = 5_000

/** how long nothing may move before something is wrong. */
const settleMs = 60_000

/** a kernel around the sink, with embedded parts in a folder of its own. */
export interface OpenSink extends AsyncDisposable {
  readonly manager: ModuleManager
  readonly ports: Ports
}

export async function openSink(isolation: 'inline' | 'process'): Promise<OpenSink> {
  const home = mkdtempSync(join(tmpdir(), 'lotus-reloads-'))
  const modules = join(home, 'modules')
  writeSink(join(modules, 'sink'), isolation, 0)
  const log = pino({ level: 'silent' })
  const infrastructure = await openInfrastructure({ home, settings: {}, log })
  const { bus, store } = infrastructure
  const registry = createServiceRegistry({ isMany: () => false })
  const manager: ModuleManager = createModuleManager({
    found: await readManifests(modules),
    kernel: { ...kernelFacts, events: [...kernelFacts.events, Sent.type] },
    readManifest: (name) => readOneManifest(modules, name),
    onChange: () => undefined,
    host: {
      loader: createLoader({ modulesFolder: modules, importFile: nativeImport }),
      registry,
      bus,
      infrastructure,
      log,
      home,
      settingsOf: () => ({}),
      emit: (definition, data) => {
        bus.emit('nucleus', definition, data, currentTraceparent()).catch(() => undefined)
      },
    },
  })
  const close = async (): Promise<void> => {
    await manager.stopAll('the soak is over')
    await infrastructure.close()
    rmSync(home, { recursive: true, force: true })
  }
  await manager.startAll()
  await manager.loadParts()
  return {
    manager,
    ports: {
      emit: (number, at) => bus.emit('soak', Sent, { number, at }),
      sink: registry.handle(Sink),
      effects: () => store.query<Effect>({ sql: 'select times, at, delay from effects', parameters: [] }),
      lag: async () => Object.values((await bus.journalStatistics()).lag).reduce((sum, one) => sum + one, 0),
      write: (version) => writeSink(join(modules, 'sink'), isolation, version),
    },
    [Symbol.asyncDispose]: close,
  }
}

export async function runReloadRounds(options: ReloadRoundsOptions): Promise<ReloadReport> {
  await using open = await openSink(options.isolation)
  return await run(options, open.manager, open.ports)
}

export interface Ports {
  readonly emit: (number: number, at: number) => Promise<string>
  readonly sink: Sink
  readonly effects: () => Promise<Effect[]>
  readonly lag: () => Promise<number>
  /** writes the module's files anew; gives the path of module.ts. */
  readonly write: (version: number) => string
}

async function run(options: ReloadRoundsOptions, manager: ModuleManager, ports: Ports): Promise<ReloadReport> {
  const over = new AbortController()
  const failedCalls: string[] = []
  const reloading: Reloading[] = []
  let emitted = 0
  let calls = 0

  // a steady stream; what a machine that is too busy can't do in its time is not made up for
  const produce = async (): Promise<void> => {
    let lookedAt = 0
    for (let last = Date.now(); !over.signal.aborted;) {
      const now = Date.now()
      const count = Math.min(maxBatch, Math.floor(((now - last) * options.eventsPerSecond) / 1_000))
      if (count > 0) last = now
      await Promise.all(Array.from({ length: count }, () => ports.emit((emitted += 1), now)))
      await pause(2)
      // counting what waits costs more than an event
      if (now - lookedAt < 250) continue
      lookedAt = now
      if ((await ports.lag()) > maxLag) await settle(ports, maxLag / 2)
    }
  }
  const call = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const from = Date.now()
      calls += 1
      try {
        await ports.sink.known()
      } catch (error) {
        failedCalls.push(error instanceof Error ? error.message : String(error))
      }
      const until = Date.now()
      // a call can't have waited for more than the last two reloads
      for (const one of reloading.slice(-2)) {
        if (until >= one.from && from <= one.until) one.callPauseMs = Math.max(one.callPauseMs, until - from)
      }
      await pause(1)
    }
  }

  const from = Date.now()
  const work = Promise.all([produce(), call(), call()])
  let before: NodeJS.MemoryUsage | undefined
  try {
    for (let round = 1; round <= options.reloads; round += 1) {
      if (round === (options.warmUp ?? 0) + 1) before = await memory()
      ports.write(round)
      const one: Reloading = { from: Date.now(), until: Number.POSITIVE_INFINITY, callPauseMs: 0 }
      reloading.push(one)
      await manager.reload('sink')
      one.until = Date.now()
      await pause(5)
    }
  } finally {
    over.abort()
    await work
  }
  const tookMs = Date.now() - from
  await settle(ports, 0)
  const known = await ports.sink.known()
  const after = await memory()
  const effects = await ports.effects()
  return {
    reloads: options.reloads,
    emitted,
    eventsPerSecond: (emitted * 1_000) / tookMs,
    lost: emitted - effects.length,
    doubled: effects.reduce((sum, { times }) => sum + times - 1, 0),
    forgotten: emitted - known,
    calls,
    failedCalls,
    callPausesMs: reloading.map(({ callPauseMs }) => callPauseMs),
    eventPausesMs: eventPauses(reloading, effects),
    reloadMs: reloading.map((one) => one.until - one.from),
    heapGrowth: after.heapUsed - (before ?? after).heapUsed,
    residentGrowth: after.rss - (before ?? after).rss,
  }
}

/** resolves when no more than so many events wait. @throws when for a minute none has been handled */
async function settle(ports: Ports, most: number): Promise<void> {
  let lag = await ports.lag()
  for (let end = Date.now() + settleMs; lag > most;) {
    await pause(20)
    const next = await ports.lag()
    if (next < lag) end = Date.now() + settleMs
    else if (Date.now() > end) throw new Error(`${next} events are not handled`)
    lag = next
  }
}

/** for each reload, the longest that an event has waited which was on its way then. */
function eventPauses(reloading: readonly Reloading[], effects: readonly Effect[]): number[] {
  const sorted = effects.toSorted((one, other) => one.at - other.at)
  const longest = effects.reduce((most, { delay }) => Math.max(most, delay), 0)
  let first = 0
  return reloading.map(({ from, until }) => {
    while (first < sorted.length && sorted[first]!.at < from - longest) first += 1
    let most = 0
    for (let index = first; index < sorted.length && sorted[index]!.at <= until; index += 1) {
      const { at, delay } = sorted[index]!
      if (at + delay >= from) most = Math.max(most, delay)
    }
    return most
  })
}

/** what this process holds after its garbage has been collected, where the process may ask for that. */
export async function memory(): Promise<NodeJS.MemoryUsage> {
  for (let times = 0; times < 3; times += 1) {
    await turn()
    globalThis.gc?.()
  }
  return process.memoryUsage()
}
