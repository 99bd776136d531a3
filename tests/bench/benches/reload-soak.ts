// a thousand reloads of one module under a steady stream of journaled events, and a hundred of each core module while goals
// run: nothing lost, nothing done twice, no call and no goal failed, no pause that anybody notices, no memory kept.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createPrivateLotus, type PrivateLotus } from '../../support/private-lotus.ts'
import { memory, openSink, runReloadRounds, type ReloadReport } from '../../support/reload-rounds.ts'
import { compared, defineBench, type BenchResult } from '../bench.ts'
import { percentile } from '../measure.ts'

const usualSeconds = 10
const fullReloads = 1_000
const fullCoreReloads = 100
/** about what a reload takes, by which fewer fit into a shorter time. */
const reloadsPerSecond = 2
const eventsPerSecond = 2_000
const coreModules = ['memory', 'providers', 'perception', 'reasoning']
const mebibyte = 1024 * 1024

export default defineBench({
  name: 'reload',
  kind: 'soak',
  limitSeconds: 3 * 3_600,
  description: '1,000 reloads under 2,000 events/s, inline and process, and 100 of each core module during goals',
  run: async ({ seconds }) => {
    const isFull = seconds === usualSeconds
    const reloads = isFull ? fullReloads : Math.max(20, Math.round(seconds * reloadsPerSecond))
    const core = isFull ? fullCoreReloads : Math.max(2, Math.round(reloads / 10))
    const options = { reloads, eventsPerSecond, warmUp: Math.min(50, Math.floor(reloads / 4)) }
    const floor = await bareImports(reloads, options.warmUp)
    const inline = await runReloadRounds({ ...options, isolation: 'inline' })
    const own = await runReloadRounds({ ...options, isolation: 'process' })
    return [
      ...faults('inline', inline),
      compared({
        metric: 'inline: heap kept',
        unit: 'MiB',
        value: inline.heapGrowth / mebibyte,
        peer: { name: 'bare versioned import of the same files', value: floor / mebibyte },
        atMost: 1.2,
      }),
      ...faults('process', own),
      limited('process: heap kept', own.heapGrowth / mebibyte, 10, 'MiB'),
      limited('process: resident memory kept', own.residentGrowth / mebibyte, 10, 'MiB'),
      ...(await coreRounds(core)),
    ]
  },
})

function faults(name: string, report: ReloadReport): BenchResult[] {
  for (const failure of report.failedCalls.slice(0, 5)) console.error(`${name}: a call failed: ${failure}`)
  return [
    { metric: `${name}: reloads`, value: report.reloads, unit: '' },
    { metric: `${name}: events`, value: report.emitted, unit: '' },
    { metric: `${name}: rate of events`, value: report.eventsPerSecond, unit: 'events/s' },
    none(`${name}: events lost`, report.lost),
    none(`${name}: effects doubled`, report.doubled),
    none(`${name}: events missing in the state handed over`, report.forgotten),
    none(`${name}: calls failed, of ${report.calls}`, report.failedCalls.length),
    limited(`${name}: pause of calls, p99`, percentile(report.callPausesMs, 0.99), 50, 'ms'),
    limited(`${name}: pause of events, p99`, percentile(report.eventPausesMs, 0.99), 50, 'ms'),
    { metric: `${name}: reload, p50`, value: percentile(report.reloadMs, 0.5), unit: 'ms' },
  ]
}

function none(metric: string, value: number): BenchResult {
  return { metric, value, unit: '', target: 'none', ok: value === 0 }
}

function limited(metric: string, value: number, atMost: number, unit: string): BenchResult {
  return { metric, value, unit, target: `under ${atMost} ${unit}`, ok: value < atMost }
}

/** what Node itself keeps of a file that is imported under ever new names: bytes of heap from after the warm-up. */
async function bareImports(count: number, warmUp: number): Promise<number> {
  await using open = await openSink('inline')
  let before = 0
  for (let round = 1; round <= count; round += 1) {
    if (round === warmUp + 1) before = (await memory()).heapUsed
    const folder = pathToFileURL(open.ports.write(round)).href.replace(/module\.ts$/, '')
    for (const file of ['statements.ts', 'contract.ts', 'module.ts']) await import(`${folder}${file}?bare=${round}`)
  }
  return (await memory()).heapUsed - before
}

/** reloads of the modules that goals go through, while two clients state goals. */
async function coreRounds(count: number): Promise<BenchResult[]> {
  const own = createPrivateLotus()
  const over = new AbortController()
  const failed: string[] = []
  const reloadFaults: string[] = []
  let goals = 0
  try {
    await own.start()
    mkdirSync(join(own.folder, 'soak'))
    writeFileSync(join(own.folder, 'soak', 'list.txt'), 'one\ntwo\n')
    const clients = Promise.all(
      ['a', 'b'].map((client) => stateGoals(own, client, over.signal, () => (goals += 1), failed)),
    )
    for (let round = 0; round < count; round += 1) {
      for (const name of coreModules) {
        const ended = await own.lotus(['module', 'reload', name])
        if (ended.code !== 0) reloadFaults.push(`${name}: ${ended.stderr}`)
      }
    }
    over.abort()
    await clients
    if ((await own.lotus(['status'])).code !== 0) reloadFaults.push('LOTUS is not healthy at the end')
    await own.stop()
  } finally {
    over.abort()
    await own.dispose()
  }
  for (const fault of [...failed, ...reloadFaults].slice(0, 10)) console.error(fault)
  return [
    { metric: 'core modules: reloads', value: count * coreModules.length, unit: '' },
    none('core modules: reloads failed', reloadFaults.length),
    none(`core modules: goals failed, of ${goals}`, failed.length),
  ]
}

async function stateGoals(
  own: PrivateLotus,
  client: string,
  over: AbortSignal,
  count: () => void,
  failed: string[],
): Promise<void> {
  for (let index = 0; !over.aborted; index += 1) {
    const goal =
      index % 2 === 0
        ? `create a file called ${client}-${index}.txt with the text "x"`
        : 'how many lines does list.txt have?'
    const { status, answer } = await own.goal(goal, { cwd: join(own.folder, 'soak') })
    count()
    if (status !== 'completed') failed.push(`${goal}: ${status}, ${answer}`)
  }
}
