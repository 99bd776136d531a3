// estimates how many random bits a token can hold at most, by its length and the signs that it uses.

/** the bits below which a token may not guard an interface that other machines reach. */
export const strongTokenBits = 128

const alphabets: readonly (readonly [RegExp, number])[] = [
  [/^[0-9]+$/, 10],
  [/^(?:[0-9a-f]+|[0-9A-F]+)$/, 16],
  [/^(?:[a-z]+|[A-Z]+)$/, 26],
  [/^(?:[a-z0-9]+|[A-Z0-9]+)$/, 36],
  [/^[A-Za-z]+$/, 52],
  [/^[A-Za-z0-9]+$/, 62],
  [/^[A-Za-z0-9_+/=-]+$/, 64],
]

/**
 * an upper bound: length times the bits of the smallest usual alphabet that covers the token. a token that repeats few
 * signs is judged by how many different ones it has, so that sixty times the same letter is worth nothing.
 */
export function estimateTokenBits(token: string): number {
  const different = new Set(token).size
  const alphabet = alphabets.find(([pattern]) => pattern.test(token))?.[1] ?? 94
  // 22 signs drawn from 64 show about 18 different ones: fewer than 8 did not come by chance
  const signs = different < 8 ? different : alphabet
  return Math.floor(token.length * Math.log2(Math.max(1, signs)))
}
