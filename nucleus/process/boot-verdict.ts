// says what failed boots mean: whether LOTUS must start without some of its modules, and without which.

/** a boot that LOTUS itself ended before it was up. */
export interface FailedBoot {
  readonly at: string
  /** gave_up: it said why and ended; died: the process was gone in the middle of it, by its own doing. */
  readonly kind: 'gave_up' | 'died'
  /** the modules that were being started, or that failed; null where any of them may have been it. */
  readonly modules: readonly string[] | null
  readonly reason: string
  /** what those modules looked like then, by name; `*` where it may have been any. */
  readonly looks: Readonly<Record<string, string>>
}

export interface Verdict {
  /** null: it can't be told which, so all that may be left out is. */
  readonly modules: readonly string[] | null
  readonly reason: string
  /** what they looked like at the last failure. */
  readonly looks: Readonly<Record<string, string>>
}

/** deaths in one module's start that are needed: one may be chance, and a start that is tried again costs little. */
export const deathsNeeded = 3

/**
 * what the failed boots since the last good one mean, the oldest first; undefined: nothing yet.
 * giving up once is enough, because LOTUS knew why; a death counts only with two more in the same module's start.
 */
export function judgeBoots(failures: readonly FailedBoot[]): Verdict | undefined {
  const last = failures.at(-1)
  if (last === undefined) return undefined
  const { looks } = last
  if (last.kind === 'gave_up') return { modules: last.modules, reason: `LOTUS gave up: ${last.reason}`, looks }
  const deaths = failures.slice(-deathsNeeded)
  if (deaths.length < deathsNeeded || deaths.some(({ kind }) => kind !== 'died')) return undefined
  const common = deaths.reduce<readonly string[] | null>((left, { modules }) => inBoth(left, modules), null)
  if (common !== null && common.length === 0) return undefined
  return { modules: common, reason: `LOTUS died ${deathsNeeded} times running in its start: ${last.reason}`, looks }
}

function inBoth(left: readonly string[] | null, right: readonly string[] | null): readonly string[] | null {
  if (left === null || right === null) return left ?? right
  return left.filter((name) => right.includes(name))
}
