// suggestions for goals that LOTUS can't do: whether those that are shown are near, and whether what is near is shown.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { interpret } from '../../../modules/perception/interpret.ts'
import { nearestTraces } from '../../../modules/reasoning/nearest.ts'
import { loadTraces } from '../../../modules/reasoning/traces/library.ts'
import { project } from '../../support/private-lotus.ts'
import { defineBench } from '../bench.ts'

interface Row {
  readonly goal: string
  /** beginnings of names of traces that a person called near; empty where nothing is. */
  readonly near: readonly string[]
}

export default defineBench({
  name: 'nearest',
  kind: 'eval',
  description: 'suggestions for goals that no trace covers, on a sample labelled by hand',
  run: async () => {
    const traces = await loadTraces(join(project, 'modules', 'reasoning', 'innate'))
    const rows = readFileSync(join(project, 'tests', 'bench', 'samples', 'nearest.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Row)
    let shown = 0
    let apt = 0
    let silent = 0
    let helped = 0
    for (const { goal, near } of rows) {
      const intent = await interpret({ text: goal, timeZone: 'UTC', locale: 'en', nowMs: Date.now(), names: [] })
      const found = nearestTraces(intent, traces)
      const good = found.filter(({ trace }) => near.some((name) => trace.startsWith(name)))
      shown += found.length
      apt += good.length
      if (near.length === 0 && found.length === 0) silent += 1
      if (near.length > 0 && good.length > 0) helped += 1
      if (good.length < found.length || (near.length > 0 && good.length === 0))
        console.error(`${goal}: ${found.map(({ trace }) => trace).join(', ') || 'nothing'}`)
    }
    const far = rows.filter(({ near }) => near.length === 0).length
    const share = (part: number, whole: number): number => Math.round((1000 * part) / Math.max(1, whole)) / 10
    return [
      target('suggestions that are near', share(apt, shown), 80),
      target('goals with something near that are shown some of it', share(helped, rows.length - far), 70),
      target('goals with nothing near that are shown nothing', share(silent, far), 90),
    ]
  },
})

const target = (metric: string, value: number, least: number) => ({
  metric,
  value,
  unit: '%',
  target: `at least ${least}`,
  ok: value >= least,
})
