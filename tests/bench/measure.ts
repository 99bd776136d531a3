// measuring fairly on a machine that is shared: everything in turn, round after round, and the best of the rounds.

export interface Contestant {
  readonly name: string
  /** does its work `count` times. */
  run(count: number): Promise<void> | void
}

/**
 * nanoseconds a piece of work for each contestant. they take turns, so that a slow moment of the machine hits all of
 * them. the best round counts: what the machine does beside us can only make a round slower, never faster.
 */
export async function nanosecondsEach(
  contestants: readonly Contestant[],
  options: { seconds: number; rounds?: number },
): Promise<Map<string, number>> {
  const rounds = options.rounds ?? 20
  const slotMs = (options.seconds * 1_000) / (contestants.length * (rounds + 1))
  const counts = new Map<string, number>()
  for (const contestant of contestants) counts.set(contestant.name, await countFor(contestant, slotMs))
  const times = new Map<string, number[]>(contestants.map((one) => [one.name, []]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const contestant of contestants) {
      const count = counts.get(contestant.name)!
      const startedAt = performance.now()
      await contestant.run(count)
      if (round > 0) times.get(contestant.name)!.push(((performance.now() - startedAt) * 1e6) / count)
    }
  }
  return new Map(Array.from(times, ([name, list]) => [name, Math.min(...list)]))
}

/** how often a contestant does its work in a time slot, found by doubling. */
async function countFor(contestant: Contestant, slotMs: number): Promise<number> {
  for (let count = 64; ; count *= 2) {
    const startedAt = performance.now()
    await contestant.run(count)
    const tookMs = performance.now() - startedAt
    if (tookMs >= Math.min(slotMs, 50)) return Math.max(64, Math.round((count * slotMs) / tookMs))
  }
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** @param part - 0 to 1: 0.99 for p99 */
export function percentile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}
