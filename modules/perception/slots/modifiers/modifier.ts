// what a modifier of a set of files is: a part of the query, and how much it narrows.
import type { FileQuery } from '../file-sets.ts'
import type { Reading } from '../slot-parser.ts'

export interface Modifier {
  readonly query: FileQuery
  readonly rootPronoun?: string
  /** the place as it was said, where that differs from its name in case. */
  readonly rootSaid?: string
  /** the place was said to be looked through as deep as it goes: `anywhere in docs`, `below docs`. */
  readonly below?: boolean
  readonly superlative?: boolean
  /** how much it narrows: 0 for words without meaning. */
  readonly counts: number
}

export const reading = (to: number, query: FileQuery, counts = 1, confidence = 1): Reading<Modifier> => ({
  to,
  value: { query, counts },
  confidence,
})
