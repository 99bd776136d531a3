// counts durations into buckets; a few additions for each, so that it may stand in the way of every request.

export interface DistributionSnapshot {
  readonly labels: Readonly<Record<string, string>>
  /** upper bounds in seconds with how many were at most that; cumulative, as Prometheus wants them. */
  readonly buckets: readonly (readonly [number, number])[]
  readonly count: number
  readonly sum: number
}

export interface Distribution {
  /** @param seconds - the observed duration */
  observe(seconds: number): void
  snapshot(): DistributionSnapshot
}

/** makes an empty distribution over these bounds, in seconds and rising. */
export function createDistribution(bounds: readonly number[], labels: Readonly<Record<string, string>>): Distribution {
  const counts = Array.from(bounds, () => 0)
  let count = 0
  let sum = 0
  return {
    observe: (seconds) => {
      count += 1
      sum += seconds
      for (const [index, bound] of bounds.entries()) {
        if (seconds > bound) continue
        counts[index] = (counts[index] ?? 0) + 1
        return
      }
    },
    snapshot: () => {
      let below = 0
      const buckets = bounds.map((bound, index) => [bound, (below += counts[index] ?? 0)] as const)
      return { labels, buckets, count, sum }
    },
  }
}
