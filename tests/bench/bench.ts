// what a bench is: a named piece of work that measures us beside a peer or a floor, in the same run.

export interface BenchOptions {
  /** how long the whole bench should take, about. */
  readonly seconds: number
}

export interface BenchResult {
  readonly metric: string
  readonly value: number
  readonly unit: string
  /** what it is compared with, measured in the same run. */
  readonly peer?: { readonly name: string; readonly value: number }
  /** value / peer, where there is a peer. */
  readonly ratio?: number
  /** the target in words; absent where the number is for information only. */
  readonly target?: string
  readonly ok?: boolean
}

export type BenchKind = 'bench' | 'soak' | 'eval'

export interface Bench {
  readonly name: string
  readonly kind: BenchKind
  /** one sentence for `--list`. */
  readonly description: string
  /** true: needs the packages of tests/bench/package.json. */
  readonly packages?: boolean
  /** the longest time it may take, whatever was asked for; without it, some times what it was given. */
  readonly limitSeconds?: number
  run(options: BenchOptions): Promise<BenchResult[]>
}

/** declares a bench; a file in `benches/` exports it as default. */
export function defineBench(bench: Bench): Bench {
  return Object.freeze(bench)
}

/** a result with its ratio, judged by a limit on that ratio. */
export function compared(parts: {
  metric: string
  unit: string
  value: number
  peer: { name: string; value: number }
  atLeast?: number
  atMost?: number
}): BenchResult {
  const { metric, unit, value, peer, atLeast, atMost } = parts
  const ratio = value / peer.value
  const target =
    atLeast === undefined ? (atMost === undefined ? undefined : `at most ${atMost}×`) : `at least ${atLeast}×`
  const ok = ratio >= (atLeast ?? -Infinity) && ratio <= (atMost ?? Infinity)
  return { metric, value, unit, peer, ratio, ...(target === undefined ? {} : { target, ok }) }
}
