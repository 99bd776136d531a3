// the answer to a scrape: asks all sources at once, and writes what they said in Prometheus’ format.
import type { Logger } from 'pino'
import { settlesWithin } from '../../../nucleus/scope.ts'
import type { DistributionSample, Sample } from './sample.ts'
import { sample } from './sample.ts'
import type { Source } from './sources.ts'

// a part that hangs must not hang the scrape: Prometheus waits ten seconds
const sourceLimitMs = 2_000

export interface MetricsText {
  readonly contentType: string
  readonly text: string
}

export interface Metrics {
  /** scrapes that come while one runs share its answer. */
  scrape(): Promise<MetricsText>
}

export interface MetricsParts {
  readonly sources: readonly Source[]
  /** what the gateway counts itself. */
  own(): readonly Sample[]
  distributions(): readonly DistributionSample[]
  readonly log: Logger
}

/** makes the metrics; nothing is loaded or asked before the first scrape. */
export function createMetrics(parts: MetricsParts): Metrics {
  const ask = async (source: Source): Promise<readonly Sample[]> => {
    try {
      const collecting = source.collect()
      if (await settlesWithin(collecting, sourceLimitMs)) {
        return [...(await collecting), sample('lotus_metrics_source_up', 1, { source: source.name })]
      }
    } catch (error) {
      parts.log.debug({ err: error, source: source.name }, 'a source of metrics did not answer')
    }
    return [sample('lotus_metrics_source_up', 0, { source: source.name })]
  }

  const scrape = async (): Promise<MetricsText> => {
    // prom-client costs 40 ms to load, which a nucleus that nobody scrapes need not pay
    const { renderMetrics } = await import('./render.ts')
    const answers = await Promise.all(parts.sources.map(ask))
    return await renderMetrics([...answers.flat(), ...parts.own()], parts.distributions())
  }

  let running: Promise<MetricsText> | undefined
  return Object.freeze({
    scrape: () => (running ??= scrape().finally(() => (running = undefined))),
  })
}
