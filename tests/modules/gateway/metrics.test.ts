// GET /metrics: valid in Prometheus’ format, complete, and never stopped by a part that does not answer.
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../modules/gateway/metrics/catalogue.ts'
import { GoalCompleted } from '../../../modules/reasoning/contract.ts'
import { outcomeOf } from './fakes.ts'
import { startHouse } from './house.ts'

const hasPromtool = spawnSync('promtool', ['--version']).status === 0
const trace = 'a'.repeat(32)

/** every sample of a scrape, by its name with labels. */
function parse(text: string): Map<string, number> {
  const samples = new Map<string, number>()
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# ')) continue
    const match = /^([a-zA-Z_:][\w:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})?) (\S+)$/.exec(line)
    if (match === null) throw new Error(`no sample: ${line}`)
    const [, name = '', value = ''] = match
    if (samples.has(name)) throw new Error(`twice: ${name}`)
    samples.set(name, value === '+Inf' ? Infinity : Number(value))
  }
  return samples
}

describe('GET /metrics', () => {
  it('is valid in Prometheus’ format', async () => {
    const { url } = await startHouse()
    await fetch(`${url}/health`)
    const response = await fetch(`${url}/metrics`)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(parse(await response.text()).size).toBeGreaterThan(50)
  })

  it.runIf(hasPromtool)('has nothing that promtool objects to', async () => {
    const house = await startHouse()
    await house.publish(GoalCompleted, outcomeOf(trace), trace)
    await fetch(`${house.url}/health`)
    const text = await (await fetch(`${house.url}/metrics`)).text()
    const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  })

  it('has every metric of the catalogue, and of its own no other', async () => {
    const house = await startHouse()
    await house.publish(GoalCompleted, outcomeOf(trace), trace)
    await fetch(`${house.url}/health`)
    const text = await (await fetch(`${house.url}/metrics`)).text()
    const names = [...text.matchAll(/^# TYPE (lotus_\w+) /gm)].map(([, name]) => name)
    expect(new Set(names)).toEqual(new Set(Object.keys(catalogue)))
  })

  it('tells what each part has counted', async () => {
    const { url } = await startHouse()
    const samples = parse(await (await fetch(`${url}/metrics`)).text())
    expect(Object.fromEntries([...samples].filter(([name]) => name.startsWith('lotus_')))).toMatchObject({
      'lotus_info{version="0.1.0"}': 1,
      lotus_uptime_seconds: 1.234,
      'lotus_health_status{status="healthy"}': 1,
      'lotus_infrastructure_status{resource="journal",backend="sqlite",status="degraded"}': 1,
      'lotus_module_restarts_total{module="memory"}': 0,
      'lotus_goals_total{mode="innate",status="completed"}': 4,
      'lotus_goals_total{mode="none",status="refused"}': 1,
      'lotus_actions_total{action="files.list"}': 5,
      'lotus_policy_decisions_total{decision="confirm"}': 1,
      'lotus_events_total{type="goal.completed"}': 3,
      'lotus_journal_lag_events{group="perception/input.received"}': 2,
      lotus_journal_dead_letters: 1,
      lotus_store_seconds_total: 0.025,
      lotus_queue_wait_seconds_total: 0.005,
      'lotus_model_tokens_total{direction="output"}': 50,
      lotus_model_cost_usd_total: 2.5,
      lotus_memory_audit_rows: 9,
    })
  })

  it('counts requests by method, route and status, paths that are not there as one', async () => {
    const { url, fetch: ask } = await startHouse()
    await fetch(`${url}/health`)
    await fetch(`${url}/health`)
    await ask(`/runs/${trace}`)
    await ask('/nothing')
    await ask('/nowhere')
    const samples = parse(await (await fetch(`${url}/metrics`)).text())
    expect(samples.get('lotus_http_requests_total{method="GET",route="/health",status="200"}')).toBe(2)
    expect(samples.get('lotus_http_requests_total{method="GET",route="/runs/:trace_id",status="404"}')).toBe(1)
    expect(samples.get('lotus_http_requests_total{method="GET",route="unmatched",status="404"}')).toBe(2)
    expect(samples.get('lotus_http_request_duration_seconds_count{route="/health"}')).toBe(2)
    expect(samples.get('lotus_http_request_duration_seconds_bucket{route="/health",le="+Inf"}')).toBe(2)
  })

  it('spreads the durations of goals over buckets', async () => {
    const house = await startHouse()
    for (const durationMs of [1, 20, 20_000, 1_000_000]) {
      await house.publish(GoalCompleted, outcomeOf(trace, { durationMs }), trace)
    }
    const samples = parse(await (await fetch(`${house.url}/metrics`)).text())
    const bucket = (le: string) =>
      samples.get(`lotus_goal_duration_seconds_bucket{mode="innate",status="completed",le="${le}"}`)
    expect(['0.005', '0.025', '30', '300', '+Inf'].map(bucket)).toEqual([1, 2, 3, 3, 4])
    expect(samples.get('lotus_goal_duration_seconds_sum{mode="innate",status="completed"}')).toBeCloseTo(1_020.021)
  })

  it('leaves out only what a part that fails would have said', async () => {
    const { url, state } = await startHouse({ without: ['operator'] })
    state.failMetrics = true
    const samples = parse(await (await fetch(`${url}/metrics`)).text())
    expect(samples.get('lotus_metrics_source_up{source="reasoning"}')).toBe(0)
    expect(samples.get('lotus_metrics_source_up{source="operator"}')).toBe(0)
    expect(samples.get('lotus_metrics_source_up{source="memory"}')).toBe(1)
    expect(samples.has('lotus_memory_notes')).toBe(true)
    expect([...samples.keys()].some((name) => name.startsWith('lotus_goals_total'))).toBe(false)
  })

  it('has the metrics of the process', async () => {
    const { url } = await startHouse()
    const samples = parse(await (await fetch(`${url}/metrics`)).text())
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(0)
    expect(samples.has('nodejs_eventloop_lag_seconds')).toBe(true)
  })
})
