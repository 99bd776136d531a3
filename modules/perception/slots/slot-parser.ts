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
  while (isArticle(context.tokens[index])) index += 1
  return index
}

const articles: ReadonlySet<string> = new Set(['a', 'an', 'the', 'my', 'our', 'your', 'this', 'that', 'these', 'those'])

export function isArticle(token: WordToken | undefined): boolean {
  return token !== undefined && token.kind === 'word' && articles.has(token.lower)
}

/** whether the tokens from `at` on have these lemmas; gives the index after them, or undefined. */
export function take(context: SlotContext, at: number, phrase: string): number | undefined {
  let index = at
  for (const word of phrase.split(' ')) {
    const token = context.tokens[index]
    if (token === undefined || token.kind === 'quoted' || (token.lemma !== word && token.lower !== word))
      return undefined
    index += 1
  }
  return index
}

/** fewer phrases than these are looked through as they are. */
const few = 8
const byFirstWord = new WeakMap<readonly string[], ReadonlyMap<string, readonly string[]>>()

/** those of many phrases whose first word stands at `at`. */
function beginningHere(context: SlotContext, at: number, phrases: readonly string[]): readonly string[] {
  const token = context.tokens[at]
  if (token === undefined) return []
  let index = byFirstWord.get(phrases)
  if (index === undefined) {
    index = Map.groupBy(phrases, (phrase) => phrase.split(' ')[0] ?? '')
    byFirstWord.set(phrases, index)
  }
  const found = index.get(token.lemma) ?? []
  return token.lower === token.lemma ? found : [...found, ...(index.get(token.lower) ?? [])]
}

/** the first of several phrases that stands at `at`, longest first. */
export function takeAny(context: SlotContext, at: number, phrases: readonly string[]): number | undefined {
  let best: number | undefined
  for (const phrase of phrases.length < few ? phrases : beginningHere(context, at, phrases)) {
    const to = take(context, at, phrase)
    if (to !== undefined && (best === undefined || to > best)) best = to
  }
  return best
}
