// words and trigrams of a text, and when two words are so alike that one may be the other misspelt.

/** words of a query that are looked for; a longer one is cut. */
const defaultLimit = 32

/** lower-case words without accents, each once, in order. */
export function wordsOf(text: string, limit = defaultLimit): string[] {
  const plain = text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
  return Array.from(new Set(plain.match(/[\p{L}\p{N}]+/gu) ?? [])).slice(0, limit)
}

/** all runs of three characters. */
export function trigramsOf(word: string): string[] {
  const characters = Array.from(word)
  return characters.slice(2).map((last, index) => `${characters[index]}${characters[index + 1]}${last}`)
}

/** Dice's coefficient of letter pairs from which two words are taken for one; 'memroy' and 'memory' have 0.5. */
const similarFrom = 0.5

export function isSimilarWord(left: string, right: string): boolean {
  if (left === right) return true
  if (Math.abs(left.length - right.length) > 3 && !right.startsWith(left) && !right.includes(left)) return false
  // part of a longer word: 'base' in 'database'; scripts without spaces have only such.
  if (left.length >= 3 && right.includes(left)) return true
  const pairs = pairsOf(left)
  const others = pairsOf(right)
  if (pairs.size === 0 || others.size === 0) return false
  let shared = 0
  for (const pair of pairs) if (others.has(pair)) shared += 1
  return (2 * shared) / (pairs.size + others.size) >= similarFrom
}

function pairsOf(word: string): Set<string> {
  const pairs = new Set<string>()
  for (let index = 0; index + 1 < word.length; index += 1) pairs.add(word.slice(index, index + 2))
  return pairs
}
