// finds the concepts in a clause: every place where one of the ways to say something stands.
import { closingFillers, fillers, openingFillers, skippable } from './fillers.ts'
import { concepts } from './lexicon.ts'

export interface ConceptSpan {
  readonly concept: string
  readonly from: number
  readonly to: number
  /** words of the phrase: a longer one says more. */
  readonly words: number
}

interface TrieNode {
  readonly next: Map<string, TrieNode>
  readonly ends: { concept: string; words: number }[]
}

const createNode = (): TrieNode => ({ next: new Map(), ends: [] })

function insert(root: TrieNode, phrase: string, concept: string): void {
  const words = phrase
    .toLowerCase()
    .split(' ')
    .filter((word) => !dropped.has(word))
  let node = root
  for (const word of words) {
    let next = node.next.get(word)
    if (!next) node.next.set(word, (next = createNode()))
    node = next
  }
  if (!node.ends.some((end) => end.concept === concept)) node.ends.push({ concept, words: words.length })
}

/** left out of phrases; `this` and `my` stay, they change what is meant. */
const dropped: ReadonlySet<string> = new Set(['a', 'an', 'the'])

/** stepped over inside a phrase. */
const articles: ReadonlySet<string> = new Set(['a', 'an', 'the', 'my', 'your'])

const trie = buildTrie()

function buildTrie(): TrieNode {
  const root = createNode()
  for (const [concept, phrases] of Object.entries(concepts)) for (const phrase of phrases) insert(root, phrase, concept)
  for (const phrase of fillers) insert(root, phrase, 'filler')
  for (const phrase of openingFillers) insert(root, phrase, 'opening_filler')
  for (const phrase of closingFillers) insert(root, phrase, 'closing_filler')
  return root
}

/** lemma and literal form of one token. */
export interface Word {
  readonly lemma: string
  readonly lower: string
}

/** all concept spans of a clause; overlapping ones too. */
export function findConcepts(words: readonly Word[]): ConceptSpan[] {
  const found: ConceptSpan[] = []
  for (let from = 0; from < words.length; from += 1) {
    walk(trie, from, from, words, found)
  }
  return found
}

function walk(node: TrieNode, from: number, at: number, words: readonly Word[], found: ConceptSpan[]): void {
  if (at > from)
    for (const end of node.ends)
      if (!has(found, end.concept, from, at)) found.push({ concept: end.concept, from, to: at, words: end.words })
  const word = words[at]
  if (word === undefined) return
  const next = node.next.get(word.lemma)
  if (next) walk(next, from, at + 1, words, found)
  if (word.lower !== word.lemma) {
    const literal = node.next.get(word.lower)
    if (literal) walk(literal, from, at + 1, words, found)
  }
  // an article inside a phrase (`take a look at`) is stepped over, never at its beginning.
  if (at > from && articles.has(word.lower) && skippable.has(word.lower)) walkOver(node, from, at + 1, words, found)
}

function walkOver(node: TrieNode, from: number, at: number, words: readonly Word[], found: ConceptSpan[]): void {
  const word = words[at]
  if (word === undefined) return
  for (const form of new Set([word.lemma, word.lower])) {
    const next = node.next.get(form)
    if (next) walk(next, from, at + 1, words, found)
  }
}

const has = (found: readonly ConceptSpan[], concept: string, from: number, to: number) =>
  found.some((span) => span.concept === concept && span.from === from && span.to === to)
