// how long a reload takes, from changed files to the new code serving: ours against Moleculer's and cordis', and a process
// of its own against a bare fork that imports the same file.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openSink, type OpenSink } from '../../support/reload-rounds.ts'
import { compared, defineBench, type BenchResult } from '../bench.ts'
import { median, percentile } from '../measure.ts'

interface MoleculerBroker {
  createService(service: object): { readonly name: string }
  destroyService(service: object): Promise<void>
  call(action: string): Promise<number>
  waitForServices(names: readonly string[], timeoutMs: number, everyMs: number): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}
interface CordisContext {
  plugin(plugin: object): { dispose(): boolean }
  start(): Promise<void>
  stop(): Promise<void>
}

const require = createRequire(import.meta.url)
const slowestRounds = 5

export default defineBench({
  name: 'reload',
  kind: 'bench',
  description: 'changed files to the new code serving: inline, in a process, Moleculer, cordis; and a bare fork',
  packages: true,
  run: async ({ seconds }) => {
    const inline = await openSink('inline')
    const own = await openSink('process')
    const moleculer = await openMoleculer(inline)
    const cordis = await openCordis(inline)
    const contestants = {
      'lotus inline': (version: number) => reload(inline, version),
      'lotus process': (version: number) => reload(own, version),
      moleculer: moleculer.reload,
      cordis: cordis.reload,
      'process to healthy': () => loadAgain(own),
      'bare fork': (version: number) => bareFork(own.ports.write(version)),
    }
    const times = new Map<string, number[]>(Object.keys(contestants).map((name) => [name, []]))
    const end = performance.now() + seconds * 1_000
    try {
      for (let round = 1; performance.now() < end || round <= slowestRounds; round += 1) {
        for (const [name, run] of Object.entries(contestants)) {
          const from = performance.now()
          await run(round)
          times.get(name)!.push(performance.now() - from)
        }
      }
    } finally {
      await moleculer.close()
      await cordis.close()
      await own[Symbol.asyncDispose]()
      await inline[Symbol.asyncDispose]()
    }
    const of = (name: keyof typeof contestants): number => median(times.get(name)!)
    return [
      judged('inline reload, p50', of('lotus inline'), 10),
      { metric: 'inline reload, p99', value: percentile(times.get('lotus inline')!, 0.99), unit: 'ms' },
      against('inline reload', of('lotus inline'), 'moleculer destroy + import + create', of('moleculer')),
      against('inline reload', of('lotus inline'), 'cordis dispose + import + plugin', of('cordis')),
      { metric: 'process reload, p50', value: of('lotus process'), unit: 'ms' },
      compared({
        metric: 'process from nothing to healthy',
        unit: 'ms',
        value: of('process to healthy'),
        peer: { name: 'bare fork and import of the same file', value: of('bare fork') },
        atMost: 1.5,
      }),
    ]
  },
})

function judged(metric: string, value: number, atMost: number): BenchResult {
  return { metric, value, unit: 'ms', target: `at most ${atMost} ms`, ok: value <= atMost }
}

function against(metric: string, value: number, name: string, peer: number): BenchResult {
  return compared({ metric, unit: 'ms', value, peer: { name, value: peer } })
}

async function reload(open: OpenSink, version: number): Promise<void> {
  open.ports.write(version)
  await open.manager.reload('sink')
}

async function loadAgain(open: OpenSink): Promise<void> {
  await open.manager.unload('sink')
  await open.manager.load('sink')
}

/** the same files, imported anew under another query as ours are. */
function importAnew(open: OpenSink, version: number): Promise<unknown> {
  return import(`${pathToFileURL(open.ports.write(version)).href}?peer=${performance.now()}`)
}

async function openMoleculer(open: OpenSink) {
  const { ServiceBroker } = require('moleculer') as { ServiceBroker: new (options: object) => MoleculerBroker }
  const broker = new ServiceBroker({ logger: false })
  await broker.start()
  let service: object | undefined
  return {
    reload: async (version: number) => {
      if (service !== undefined) await broker.destroyService(service)
      await importAnew(open, version)
      service = broker.createService({ name: 'sink', actions: { known: () => version } })
      await broker.waitForServices(['sink'], 5_000, 1)
      await broker.call('sink.known')
    },
    close: () => broker.stop(),
  }
}

async function openCordis(open: OpenSink) {
  const { Context } = require('cordis') as { Context: new () => CordisContext }
  const context = new Context()
  await context.start()
  let plugin: { dispose(): boolean } | undefined
  return {
    reload: async (version: number) => {
      plugin?.dispose()
      await importAnew(open, version)
      const applied = Promise.withResolvers<void>()
      plugin = context.plugin({ name: `sink-${version}`, apply: () => applied.resolve() })
      await applied.promise
    },
    close: () => context.stop(),
  }
}

async function bareFork(file: string): Promise<void> {
  const child = fork(join(import.meta.dirname, '../floors/import-and-tell.ts'), [pathToFileURL(file).href], {
    execArgv: [],
  })
  const ended = once(child, 'exit')
  await once(child, 'message')
  child.kill('SIGKILL')
  await ended
}
