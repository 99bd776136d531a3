// what a rule of paraphrase is: a sentence of one shape becomes another that says the same.
import type { Forbidden, Proviso } from '../contract.ts'
import { neededWords } from './needed-words.ts'

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
  /** what the whole sentence looks like, in any case; names and quotations are marks in it. */
  readonly source: string
  /** the parts of a sentence of this shape; undefined where it is of another. @param lower - the sentence in lower case */
  match(sentence: string, lower: string): Readonly<Record<string, string>> | undefined
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

/**
 * letters of all alphabets, in a few broad ranges. `\p{L}` with the flags `iu` takes V8 a millisecond and more to compile, for
 * each pattern and for each of the two ways in which it keeps a text.
 */
const letters = 'a-zA-Zªµº\\xc0-\\u1fff\\u2c00-\\u2dff\\u3040-\\ufdff\\ufe70-\\uffdc'

/** a pattern for a whole sentence in any case; `$thing` stands for a thing. */
export function wholeOf(source: string): string {
  return `^${source.replaceAll('$thing', thing).replaceAll('\\p{L}', letters).replaceAll('\\p{N}', '0-9')}$`
}

/** a rule from a pattern in pieces, see `wholeOf`; it is compiled for the first sentence that may be of its shape. */
export function rule(source: string, say: Rule['say']): Rule {
  const whole = wholeOf(source)
  const needed = neededWords(whole)
  let pattern: RegExp | undefined
  return {
    source: whole,
    match: (sentence, lower) => {
      if (needed !== undefined && !needed.some((word) => lower.includes(word))) return undefined
      pattern ??= new RegExp(whole, 'i')
      return pattern.exec(sentence)?.groups
    },
    say,
  }
}
