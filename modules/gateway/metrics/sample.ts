// one value of a metric, as it is collected and then written.
import type { MetricName } from './catalogue.ts'
import type { DistributionSnapshot } from './distribution.ts'

export interface Sample {
  readonly name: MetricName
  readonly value: number
  readonly labels: Readonly<Record<string, string>>
}

export interface DistributionSample {
  readonly name: MetricName
  readonly snapshots: readonly DistributionSnapshot[]
}

/** makes a sample. */
export function sample(name: MetricName, value: number, labels: Readonly<Record<string, string>> = {}): Sample {
  return { name, value, labels }
}

/** samples of a record: its keys are the values of one label. */
export function samplesOf(name: MetricName, label: string, values: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(values).map(([key, value]) => sample(name, value, { [label]: key }))
}
