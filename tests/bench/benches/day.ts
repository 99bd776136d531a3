// a day in short: goals, events, streams, wrong requests and reloads; afterwards nothing is held that was not before.
import { liveThroughDay } from '../../support/busy-day.ts'
import { createPrivateLotus } from '../../support/private-lotus.ts'
import { defineBench, type BenchResult } from '../bench.ts'

/** the runner's usual ten seconds prove nothing: then it is an hour. */
const usualSeconds = 10
const fullSeconds = 3_600
const leastSeconds = 20
const allowedMiB = 20

export default defineBench({
  name: 'day',
  kind: 'soak',
  limitSeconds: 26 * 3_600,
  description: 'mixed goals, events and reloads for an hour (--seconds N): growth of memory, what is left, errors',
  run: async ({ seconds }) => {
    const own = createPrivateLotus()
    try {
      await own.start()
      const length = seconds === usualSeconds ? fullSeconds : Math.max(leastSeconds, seconds)
      const most = { nucleus: 0, osd: 0 }
      const report = await liveThroughDay(own, {
        seconds: length,
        looksAtMemory: true,
        onSample: ({ nucleus, osd }) => {
          most.nucleus = Math.max(most.nucleus, nucleus)
          most.osd = Math.max(most.osd, osd)
        },
      })
      const problems = [...new Set([...report.wrong, ...report.left, ...report.errors])]
      const stopped = await own.stop()
      if (stopped.code !== 0) problems.push(`stop ended with ${stopped.code}`)
      problems.push(...own.leftovers().map((left) => `left behind after the stop: ${left}`))
      for (const problem of problems.slice(0, 50)) console.error(problem)
      return [
        info('goals', report.goals),
        info('reloads', report.reloads),
        info('commands', report.commands),
        info('streams', report.streams),
        ...report.memory.flatMap(({ process, beforeMiB, afterMiB }): BenchResult[] => [
          { metric: `most memory of ${process} at work`, value: most[process], unit: 'MiB' },
          { metric: `memory of ${process} after the warm-up`, value: beforeMiB, unit: 'MiB' },
          {
            metric: `growth of ${process} since`,
            value: afterMiB - beforeMiB,
            unit: 'MiB',
            target: `at most ${allowedMiB} MiB`,
            ok: afterMiB - beforeMiB <= allowedMiB,
          },
        ]),
        none('goals and requests that ended wrongly', report.wrong.length),
        none('descriptors, processes and timers left', report.left.length),
        none('errors in the log', report.errors.length),
        none('left behind after the stop', own.leftovers().length + (stopped.code === 0 ? 0 : 1)),
      ]
    } finally {
      await own.dispose()
    }
  },
})

function info(metric: string, value: number): BenchResult {
  return { metric, value, unit: '' }
}

function none(metric: string, value: number): BenchResult {
  return { metric, value, unit: '', target: 'none', ok: value === 0 }
}
