// what a rule of paraphrase is: a sentence of one shape becomes another that says the same.
import type { Forbidden, Proviso } from '../contract.ts'

export interface Said {
  readonly text: string
  /** what the sentence says must not be done. */
  readonly forbids?: readonly Forbidden[]
  /** what must be so for it to be done. */
  readonly provided?: readonly SaidProviso[]
}

/** a fact whose size or age is still in words. */
export type SaidProviso = Omit<Proviso, 'than'> & { readonly than?: string }

export interface Rule {
  /** matched against the whole sentence, in any case; names and quotations are marks in it. */
  readonly pattern: RegExp
  /** the same in other words; undefined where the shape fits and the sense does not. */
  say(groups: Readonly<Record<string, string>>): Said | string | undefined
}

/** a thing that is spoken of: a mark, or a few words without a comma. */
export const thing = "(?:(?:the|my|this|that|our|a|an) )?(?:[\\p{L}\\p{N}⟦⟧.'_-]+ ){0,4}?[\\p{L}\\p{N}⟦⟧._-]+"

const pronoun = /\b(it|them|that one|this one|that file|that folder|this file|the file itself|these|those)\b/i

/** a sentence with a thing in the place of its first pronoun; undefined where it has none. */
export function put(sentence: string, what: string): string | undefined {
  return pronoun.test(sentence) ? sentence.replace(pronoun, () => what) : undefined
}

/** a rule from a pattern in pieces: spaces stand for any white space, `$thing` for a thing. */
export function rule(source: string, say: Rule['say']): Rule {
  return { pattern: new RegExp(`^${source.replaceAll('$thing', thing)}$`, 'iu'), say }
}
