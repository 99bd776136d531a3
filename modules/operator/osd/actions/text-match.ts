// finding literal text in text: ignoring case, whole words only, counted, or replaced.

export interface MatchOptions {
  readonly ignore_case?: boolean | undefined
  readonly whole_word?: boolean | undefined
}

/** an expression for literal text; nothing in the text has a meaning of its own, so it cannot be slow. */
export function literalPattern(text: string, options: MatchOptions, flags = 'g'): RegExp {
  const escaped = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  const word = '[\\p{L}\\p{N}\\p{M}_]'
  const source = options.whole_word === true ? `(?<!${word})${escaped}(?!${word})` : escaped
  return new RegExp(source, `${flags}u${options.ignore_case === true ? 'i' : ''}`)
}

/** tells whether a text holds another; composed and decomposed accents count as the same. */
export function createMatcher(text: string, options: MatchOptions): (line: string) => boolean {
  const composed = text.normalize('NFC')
  if (options.ignore_case !== true && options.whole_word !== true) {
    return (line) => line.includes(text) || (!isAscii(line) && line.normalize('NFC').includes(composed))
  }
  const pattern = literalPattern(composed, options, '')
  return (line) => pattern.test(isAscii(line) ? line : line.normalize('NFC'))
}

// oxlint-disable-next-line no-control-regex
const isAscii = (text: string) => /^[\u0000-\u007f]*$/.test(text)

/** how often a text occurs in another, without overlaps. */
export function countMatches(line: string, pattern: RegExp): number {
  let count = 0
  for (const _match of line.matchAll(pattern)) count += 1
  return count
}
