// writes samples with prom-client, together with its own metrics of the process.
import prometheus from 'prom-client'
import { catalogue, type MetricName } from './catalogue.ts'
import type { DistributionSnapshot } from './distribution.ts'
import type { MetricsText } from './metrics.ts'
import type { DistributionSample, Sample } from './sample.ts'

/** writes everything; a registry is made for each scrape, since all values are asked for anew. */
export async function renderMetrics(
  samples: readonly Sample[],
  distributions: readonly DistributionSample[],
): Promise<MetricsText> {
  collectProcessOnce()
  const registry = new prometheus.Registry()
  for (const [name, values] of Map.groupBy(samples, (one) => one.name)) {
    const { type, help, labels } = catalogue[name]
    const options = { name, help, labelNames: labels, registers: [registry] }
    if (type === 'counter') {
      const counter = new prometheus.Counter(options)
      for (const { value, labels } of values) counter.inc(labels, value)
    } else {
      const gauge = new prometheus.Gauge(options)
      for (const { value, labels } of values) gauge.set(labels, value)
    }
  }
  for (const { name, snapshots } of distributions) {
    if (snapshots.length > 0) registry.registerMetric(histogram(name, snapshots))
  }
  const all = prometheus.Registry.merge([registry, prometheus.register])
  return { contentType: all.contentType, text: await all.metrics() }
}

/** prom-client’s metrics of the process hold observers that can’t be closed: one set a process, whoever reloads. */
function collectProcessOnce(): void {
  if (prometheus.register.getSingleMetric('process_cpu_user_seconds_total') !== undefined) return
  // a sample each 10 ms, the default, wakes an idle process a hundred times a second
  prometheus.collectDefaultMetrics({ eventLoopMonitoringPrecision: 100 })
  // gauges that are named like counters, which promtool rightly objects to; their parts by type stay
  for (const kind of ['handles', 'requests', 'resources']) {
    prometheus.register.removeSingleMetric(`nodejs_active_${kind}_total`)
  }
}

/** prom-client’s own histogram observes one value at a time; ours is counted already, so only its form is borrowed. */
function histogram(name: MetricName, snapshots: readonly DistributionSnapshot[]): prometheus.Metric {
  const values = snapshots.flatMap(({ labels, buckets, count, sum }) => [
    ...[...buckets, [Infinity, count] as const].map(([bound, below]) => ({
      metricName: `${name}_bucket`,
      labels: { ...labels, le: bound === Infinity ? '+Inf' : bound },
      value: below,
    })),
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ])
  const data = { name, help: catalogue[name].help, type: 'histogram', values, aggregator: 'sum' }
  return { name, get: async () => data } as unknown as prometheus.Metric
}
