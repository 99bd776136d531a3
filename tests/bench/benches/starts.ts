// a hundred cold starts, most of them after a kill -9 at a random moment: healthy every time, and nothing left behind.
import { compileCacheOf, runStartRound, type StartReport } from '../../support/start-rounds.ts'
import { createPrivateLotus } from '../../support/private-lotus.ts'
import { defineBench, type BenchResult } from '../bench.ts'
import { percentile } from '../measure.ts'

/** the runner's usual ten seconds: then all of them. */
const usualSeconds = 10
const fullStarts = 100
const leastStarts = 4

export default defineBench({
  name: 'starts',
  kind: 'soak',
  limitSeconds: 4 * 3_600,
  description:
    '100 cold starts, after stops and after kill -9 at random moments (--seconds N: those that fit): all healthy',
  run: async ({ seconds }) => {
    const own = createPrivateLotus()
    own.environment['NODE_COMPILE_CACHE'] = compileCacheOf(own.base)
    const reports: StartReport[] = []
    const problems: string[] = []
    const endMs = Date.now() + seconds * 1_000
    const goesOn = (round: number): boolean =>
      seconds === usualSeconds ? round < fullStarts : round < leastStarts || Date.now() < endMs
    try {
      await own.start()
      for (let round = 0; goesOn(round); round += 1) {
        const report = await runStartRound(own, { round, random: Math.random })
        reports.push(report)
        problems.push(...report.faults.map((text) => `start ${round}, ${report.ending}: ${text}`))
      }
      const verified = await own.lotus(['audit', 'verify', '--json'])
      if (verified.code !== 0) problems.push(`the audit chain is broken: ${verified.stdout}`)
      const doctor = await own.lotus(['doctor', '--json'])
      if (doctor.code !== 0) problems.push(`doctor found: ${doctor.stdout}`)
      const stopped = await own.stop()
      if (stopped.code !== 0) problems.push(`stop ended with ${stopped.code}`)
      problems.push(...own.leftovers().map((left) => `left behind: ${left}`))
    } finally {
      await own.dispose()
    }
    for (const problem of problems) console.error(problem)
    const times = (bare: boolean): number[] => reports.filter((one) => one.bare === bare).map(({ startMs }) => startMs)
    const killed = reports.filter(({ ending }) => ending !== 'stopped')
    return [
      info('starts', reports.length, ''),
      info('of them after a kill -9', killed.length, ''),
      none('starts that were not healthy', reports.filter(({ faults }) => faults.length > 0).length),
      none('problems in all', problems.length),
      info('start to healthy, median', percentile(times(false), 0.5), 'ms'),
      info('start to healthy, longest', percentile(times(false), 1), 'ms'),
      ...(times(true).length === 0 ? [] : [info('without any cache, longest', percentile(times(true), 1), 'ms')]),
    ]
  },
})

function info(metric: string, value: number, unit: string): BenchResult {
  return { metric, value, unit }
}

function none(metric: string, value: number): BenchResult {
  return { metric, value, unit: '', target: 'none', ok: value === 0 }
}
