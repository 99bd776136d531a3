// what a slot type is: it says which stretches of a clause, from one token on, it takes for a value.
import type { Clause } from '../../perception/contract.ts'

export interface SlotMatch {
  readonly to: number
  readonly value: unknown
  /** how much each of its tokens adds to a match's score, 0 to 1. */
  readonly weight: number
}

export type Accept = (clause: Clause, at: number) => SlotMatch[]

/** what any of several types takes. */
export const either =
  (...accepts: readonly Accept[]): Accept =>
  (clause, at) =>
    accepts.flatMap((accept) => accept(clause, at))
