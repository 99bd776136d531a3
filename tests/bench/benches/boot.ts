// a boot: from the start of the process until every module is healthy, lotus-osd included; then what it costs to be idle.
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { compared, defineBench, type BenchResult } from '../bench.ts'
import { median } from '../measure.ts'
import {
  cleanEnvironment,
  processorMs,
  processTree,
  projectRoot,
  proportionalMiB,
  startFloor,
  startNucleus,
  temporaryFolder,
  type Started,
} from '../processes.ts'

/** what OpenClaw took to answer, as a multiple of our floor on the same machine: notes/PERFORMANCE.md. */
const openClawOverFloor = 5_900 / 197
/** what a start leaves to do, such as writing the compile cache, is over by then. */
const settleMs = 3_000
/** on a busy machine it may take this long. */
const settleLimitMs = 30_000

export default defineBench({
  name: 'boot',
  kind: 'bench',
  description: 'start to healthy with every module, warm and cold; memory and processor idle; against our floor',
  run: async ({ seconds }) => {
    using folder = temporaryFolder('boot')
    return [
      ...(await boots(folder.path, 'warm', seconds * 0.5)),
      ...(await boots(folder.path, 'cold', seconds * 0.2)),
      ...(await command(folder.path)),
      ...(await idle(folder.path, Math.max(3, seconds * 0.2))),
    ]
  },
})

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function startOurs(folder: string): Promise<Started> {
  return startNucleus({ home: join(folder, 'home'), compileCache: join(folder, 'cache-ours') })
}

function startOurFloor(folder: string): Promise<Started> {
  return startFloor('boot-floor.ts', [join(folder, 'floor.db')], join(folder, 'cache-floor'))
}

/** a start that is stopped when it has done what a start leaves to do, such as writing its caches. */
async function startAndSettle(start: () => Promise<Started>): Promise<void> {
  const started = await start()
  const processes = processTree(started.pid).length
  const endAt = performance.now() + settleLimitMs
  await sleep(settleMs)
  while (processTree(started.pid).length > processes && performance.now() < endAt) await sleep(100)
  await started.stop()
}

/** ours and the floor take turns; a cold one finds no compile cache. */
async function boots(folder: string, kind: 'warm' | 'cold', seconds: number): Promise<BenchResult[]> {
  const ours: number[] = []
  const floor: number[] = []
  const oursWork: number[] = []
  const floorWork: number[] = []
  const runs = [
    { start: () => startOurs(folder), times: ours, work: oursWork },
    { start: () => startOurFloor(folder), times: floor, work: floorWork },
  ]
  // the first ones make the caches and the state
  if (kind === 'warm') for (const { start } of [...runs, ...runs]) await startAndSettle(start)
  const endAt = performance.now() + seconds * 1_000
  for (let round = 0; round < 3 || performance.now() < endAt; round += 1) {
    for (const { start, times, work } of runs) {
      if (kind === 'cold')
        for (const name of ['cache-ours', 'cache-floor']) rmSync(join(folder, name), { recursive: true, force: true })
      const started = await start()
      times.push(started.healthyMs)
      work.push(sum(processTree(started.pid).map(processorMs)))
      await started.stop()
    }
  }
  const limit = kind === 'warm' ? 1.5 : 2
  return [
    // what else the machine does can only make a boot slower
    compared({
      metric: `start to healthy, ${kind}, best`,
      unit: 'ms',
      value: Math.min(...ours),
      peer: { name: 'our floor', value: Math.min(...floor) },
      atMost: limit,
    }),
    compared({
      metric: `start to healthy, ${kind}, median`,
      unit: 'ms',
      value: median(ours),
      peer: { name: 'our floor', value: median(floor) },
    }),
    ...(kind === 'cold'
      ? []
      : [
          compared({
            metric: 'the same against OpenClaw',
            unit: 'ms',
            value: Math.min(...ours),
            peer: { name: 'OpenClaw, scaled by the floor', value: Math.min(...floor) * openClawOverFloor },
            atMost: 0.1,
          }),
        ]),
    compared({
      metric: `processor time of all processes, ${kind}, median`,
      unit: 'ms',
      value: median(oursWork),
      peer: { name: 'our floor', value: median(floorWork) },
    }),
  ]
}

/** what a person types, from the shell's start until it says that LOTUS runs. */
async function command(folder: string): Promise<BenchResult[]> {
  const home = join(folder, 'command')
  mkdirSync(home)
  const environment = cleanEnvironment({
    LOTUS_HOME: home,
    LOTUS_HTTP_PORT: '0',
    NODE_COMPILE_CACHE: join(folder, 'cache-ours'),
  })
  const times: number[] = []
  for (let round = 0; round < 4; round += 1) {
    const startedAt = performance.now()
    await runToEnd(['start', '--json'], environment)
    // the first one is not warm
    if (round > 0) times.push(performance.now() - startedAt)
    await runToEnd(['stop'], environment)
  }
  const value = Math.min(...times)
  return [{ metric: './start_lotus.sh to healthy, warm', value, unit: 'ms', target: 'under 1 s', ok: value < 1_000 }]
}

function runToEnd(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(projectRoot, 'start_lotus.sh'), words, { env: environment, stdio: 'ignore' })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`./start_lotus.sh ${words.join(' ')} ended with ${code}`))
    })
  })
}

/** all three at the same time, because what processes share is counted in parts. */
async function idle(folder: string, seconds: number): Promise<BenchResult[]> {
  // what was measured before has left without loading all parts: this start makes the cache whole
  await startAndSettle(() => startOurs(folder))
  await using stack = new AsyncDisposableStack()
  const started = async (starting: Promise<Started>): Promise<Started> =>
    stack.adopt(await starting, (process) => process.stop())
  const ours = await started(startOurs(folder))
  const floor = await started(startOurFloor(folder))
  const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000_000)'], { env: cleanEnvironment({}) })
  stack.defer(() => void bare.kill())
  await sleep(settleMs)

  const tree = processTree(ours.pid)
  const before = sum(tree.map(processorMs))
  const startedAt = performance.now()
  await sleep(seconds * 1_000)
  const busy = ((sum(tree.map(processorMs)) - before) * 100) / (performance.now() - startedAt)

  const memory = tree.map(proportionalMiB)
  const floorMemory = proportionalMiB(floor.pid)
  const bareMemory = proportionalMiB(bare.pid!)
  return [
    compared({
      metric: `memory (PSS), idle, ${tree.length} processes`,
      unit: 'MiB',
      value: sum(memory),
      peer: { name: 'our floor and a bare node', value: floorMemory + bareMemory },
      atMost: 2.5,
    }),
    compared({
      metric: 'the same against the floor alone',
      unit: 'MiB',
      value: sum(memory),
      peer: { name: 'our floor', value: floorMemory },
    }),
    { metric: 'processor, idle', value: busy, unit: '%', target: 'at most 0.1 %', ok: busy <= 0.1 },
  ]
}
