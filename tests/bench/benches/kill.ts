// kill -9 of nucleus and osd at random moments during goals: each effect is done or not done, and LOTUS comes back healthy.
import { runKillRound, type RoundReport } from '../../support/kill-rounds.ts'
import { createPrivateLotus } from '../../support/private-lotus.ts'
import { defineBench, type BenchResult } from '../bench.ts'
import { percentile } from '../measure.ts'

/** about what a round takes; the usual ten seconds of the runner are too few to prove anything, so 200 are the least there. */
const roundSeconds = 3
const fullRounds = 200
const usualSeconds = 10

export default defineBench({
  name: 'kill',
  kind: 'soak',
  limitSeconds: 4 * 3_600,
  description:
    'kill -9 of nucleus or osd at 200 random moments during goals (--seconds N: as many rounds as fit, about)',
  run: async ({ seconds }) => {
    const rounds = seconds === usualSeconds ? fullRounds : Math.max(1, Math.round(seconds / roundSeconds))
    const own = createPrivateLotus()
    const reports: RoundReport[] = []
    const problems: string[] = []
    let brokenChains = 0
    try {
      await own.start()
      for (let round = 0; round < rounds; round += 1) {
        const victim = Math.random() < 0.5 ? 'nucleus' : 'osd'
        const report = await runKillRound(own, { round, victim, clients: 2, random: Math.random })
        reports.push(report)
        problems.push(...[...report.faults, ...report.mistold].map((text) => `round ${round}, ${victim}: ${text}`))
        if ((await own.lotus(['audit', 'verify', '--json'])).code !== 0) brokenChains += 1
      }
      const stopped = await own.stop()
      if (stopped.code !== 0) problems.push(`stop ended with ${stopped.code}`)
      problems.push(...own.leftovers().map((left) => `left behind: ${left}`))
    } finally {
      await own.dispose()
    }
    for (const problem of problems) console.error(problem)
    return [
      ...['nucleus', 'osd'].map((victim) =>
        info(`kills of ${victim}`, reports.filter((one) => one.victim === victim).length),
      ),
      info('deeds done', sum(reports, 'done')),
      info('deeds hit by a kill and done', sum(reports, 'doneAfterAll')),
      info('deeds hit by a kill and not done', sum(reports, 'notDone')),
      none('effects half done, lost or repeated', reports.flatMap(({ faults }) => faults).length),
      none('runs that say something else than is', reports.flatMap(({ mistold }) => mistold).length),
      none('broken audit chains', brokenChains),
      { metric: 'healthy again, p95', value: backMs(reports, 0.95), unit: 'ms' },
      { metric: 'healthy again, longest', value: backMs(reports, 1), unit: 'ms' },
    ]
  },
})

function sum(reports: readonly RoundReport[], field: 'done' | 'doneAfterAll' | 'notDone'): number {
  return reports.reduce((total, report) => total + report[field], 0)
}

function backMs(reports: readonly RoundReport[], part: number): number {
  return percentile(
    reports.map((report) => report.backMs),
    part,
  )
}

function info(metric: string, value: number): BenchResult {
  return { metric, value, unit: '' }
}

function none(metric: string, value: number): BenchResult {
  return { metric, value, unit: '', target: 'none', ok: value === 0 }
}
