// how long it takes from a saved file to the new answer, with files watched: ours, inline and in a process, against
// Moleculer's hot reload.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pino from 'pino'
import { watchModules } from '../../../nucleus/process/watch-modules.ts'
import { defineService } from '../../../nucleus/services/service.ts'
import { buildHouse } from '../../nucleus/modules/house.ts'
import { compared, defineBench, type BenchResult } from '../bench.ts'
import { median, percentile } from '../measure.ts'

interface Contestant {
  save(version: number): Promise<void> | void
  ask(): Promise<number>
  close(): Promise<void>
}

const Word = defineService<{ say(): Promise<number> }>('word', { say: 'call' })
const leastRounds = 5
/** between asking and asking again, milliseconds. */
const pollMs = 1
const limitMs = 10_000
/** so long nothing is saved after an answer: the generation that was replaced has ended then. */
const restMs = 50

export default defineBench({
  name: 'watch',
  kind: 'bench',
  description: 'a saved file to the new answer, files watched: inline, in a process, Moleculer’s hot reload',
  packages: true,
  run: async ({ seconds }) => {
    const moleculer = median(await runMoleculer())
    const contestants = {
      'lotus inline': await openLotus('inline'),
      'lotus process': await openLotus('process'),
    }
    const times = new Map<string, number[]>(Object.keys(contestants).map((name) => [name, []]))
    const end = performance.now() + seconds * 1_000
    try {
      for (let version = 1; performance.now() < end || version <= leastRounds; version += 1) {
        for (const [name, contestant] of Object.entries(contestants)) {
          times.get(name)!.push(await saveAndAsk(contestant, version))
          await pause(restMs)
        }
      }
    } finally {
      for (const contestant of Object.values(contestants)) await contestant.close()
    }
    const of = (name: keyof typeof contestants): number => median(times.get(name)!)
    return [
      judged('inline, p50', of('lotus inline')),
      { metric: 'inline, p99', value: percentile(times.get('lotus inline')!, 0.99), unit: 'ms' },
      against('inline', of('lotus inline'), moleculer),
      { metric: 'process, p50', value: of('lotus process'), unit: 'ms' },
      against('process', of('lotus process'), moleculer),
    ]
  },
})

function judged(metric: string, value: number): BenchResult {
  return { metric, value, unit: 'ms', target: 'at most 100 ms', ok: value <= 100 }
}

function against(metric: string, value: number, peer: number): BenchResult {
  return compared({ metric, unit: 'ms', value, peer: { name: 'moleculer hot reload', value: peer } })
}

async function saveAndAsk({ save, ask }: Contestant, version: number): Promise<number> {
  const from = performance.now()
  await save(version)
  while ((await ask()) !== version) {
    if (performance.now() - from > limitMs) throw new Error(`version ${version} did not answer in ${limitMs} ms`)
    await pause(pollMs)
  }
  return performance.now() - from
}

async function openLotus(isolation: 'inline' | 'process'): Promise<Contestant> {
  const codeOf = (version: number): string =>
    `export default defineModule({ start: () => ({ services: { word: { say: async () => ${version} } } }) })`
  const house = await buildHouse({ word: { manifest: { provides: ['word'], isolation }, code: codeOf(0) } })
  await house.manager.startAll()
  await house.manager.loadParts()
  const watch = await watchModules({
    modulesFolders: [house.folder],
    kernelPaths: [],
    modules: house.manager,
    helpers: {},
    log: pino({ level: 'silent' }),
    onNotice: () => undefined,
  })
  const word = house.registry.handle(Word)
  return {
    save: (version) => house.write('word', { provides: ['word'], isolation }, codeOf(version)),
    ask: () => word.say(),
    close: async () => {
      await watch.close()
      await house.clear()
    },
  }
}

/** @throws where it ends without its times */
async function runMoleculer(): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lotus-moleculer-'))
  const main = join(import.meta.dirname, '../floors/moleculer-hot-reload.cjs')
  const child = fork(main, [join(folder, 'word.service.js'), String(leastRounds)], { execArgv: [] })
  try {
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`moleculer ended with ${code} before it told its times`)
    })
    const [times] = (await Promise.race([once(child, 'message'), ended])) as [number[]]
    return times
  } finally {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}
