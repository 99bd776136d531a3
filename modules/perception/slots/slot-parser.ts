// what a slot parser is: it looks at a clause from one token on and says which typed readings begin there.

/** a token with its lemma, as slot parsers see it. */
export interface WordToken {
  readonly text: string
  readonly lower: string
  readonly lemma: string
  readonly kind: 'word' | 'number' | 'quoted' | 'path' | 'mark'
  readonly value: string
  readonly at: number
  readonly end: number
  /** whether the word is in the vocabulary. */
  readonly known: boolean
}

/** an entry of the working folder that a goal may be talking about. */
export interface KnownName {
  readonly path: string
  readonly kind: string
}

export interface SlotContext {
  readonly text: string
  readonly tokens: readonly WordToken[]
  readonly names: readonly KnownName[]
  readonly timeZone: string
  readonly locale: string
  readonly nowMs: number
}

/** one reading: the value of the tokens from the parser's start up to `to`. */
export interface Reading<Value> {
  readonly to: number
  readonly value: Value
  readonly confidence: number
}

/** steps over articles and possessives. */
export function skipArticles(context: SlotContext, at: number): number {
  let index = at
  while (isArticle(context.tokens[index]) && !isLetter(context, index)) index += 1
  return index
}

/** whether the `a` at this place is a name and no article: `folders a, b and c`, or because something is called so. */
export function isLetter({ tokens, names }: SlotContext, at: number): boolean {
  if (tokens[at]?.lower !== 'a') return false
  // `from z to a` is an order
  if (tokens[at - 1]?.lower === 'to' && tokens[at - 2]?.lower === 'z') return false
  const next = tokens[at + 1]
  if (next === undefined || next.kind === 'mark' || next.lower === 'and' || next.lower === 'or') return true
  return (
    names.some((name) => name.path === 'a') && (next.kind !== 'word' || next.lower === 'to' || next.lower === 'into')
  )
}

const articles: ReadonlySet<string> = new Set(['a', 'an', 'the', 'my', 'our', 'your', 'this', 'that', 'these', 'those'])

export function isArticle(token: WordToken | undefined): boolean {
  return token !== undefined && token.kind === 'word' && articles.has(token.lower)
}

/** whether the tokens from `at` on have these lemmas; gives the index after them, or undefined. */
export function take(context: SlotContext, at: number, phrase: string): number | undefined {
  const token = context.tokens[at]
  // most phrases begin with another word: no need to cut them
  if (token === undefined || !(phrase.startsWith(token.lemma) || phrase.startsWith(token.lower))) return undefined
  return takeWords(context, at, phrase.split(' '))
}

function takeWords(context: SlotContext, at: number, words: readonly string[]): number | undefined {
  let index = at
  for (const word of words) {
    const token = context.tokens[index]
    if (token === undefined || token.kind === 'quoted' || (token.lemma !== word && token.lower !== word))
      return undefined
    index += 1
  }
  return index
}

/** the first of several phrases that stands at `at`, longest first. */
export function takeAny(context: SlotContext, at: number, phrases: readonly string[]): number | undefined {
  let best: number | undefined
  for (const to of takeEvery(context, at, phrases)) if (best === undefined || to > best) best = to
  return best
}

interface Phrase {
  /** its place in the list. */
  readonly order: number
  readonly words: readonly string[]
}

type ByFirstWord = ReadonlyMap<string, readonly Phrase[]>

/** lists that never change, by the first words of their phrases: at most places of a goal none of hundreds begins. */
const indexed = new WeakMap<readonly string[], ByFirstWord>()

function byFirstWord(phrases: readonly string[]): ByFirstWord {
  let index = indexed.get(phrases)
  if (index === undefined) {
    const made = new Map<string, Phrase[]>()
    for (const [order, phrase] of phrases.entries()) {
      const words = phrase.split(' ')
      const same = made.get(words[0]!)
      if (same === undefined) made.set(words[0]!, [{ order, words }])
      else same.push({ order, words })
    }
    indexed.set(phrases, (index = made))
  }
  return index
}

const none: readonly number[] = []

/** the ends of all of the phrases that stand at `at`, in the order of the phrases. */
export function takeEvery(context: SlotContext, at: number, phrases: readonly string[]): readonly number[] {
  const token = context.tokens[at]
  if (token === undefined || token.kind === 'quoted') return none
  if (!Object.isFrozen(phrases))
    return phrases.map((phrase) => take(context, at, phrase)).filter((to) => to !== undefined)
  const index = byFirstWord(phrases)
  const byLemma = index.get(token.lemma)
  const byForm = token.lower === token.lemma ? undefined : index.get(token.lower)
  if (byLemma === undefined && byForm === undefined) return none
  const begun =
    byLemma !== undefined && byForm !== undefined
      ? [...byLemma, ...byForm].sort((left, right) => left.order - right.order)
      : (byLemma ?? byForm!)
  return begun.map(({ words }) => takeWords(context, at, words)).filter((to) => to !== undefined)
}
