// lists of phrases as one text, so that hundreds of ways to say a thing stay readable.

/** the phrases of a text, separated by `|`. */
export function ways(text: string): readonly string[] {
  return text
    .split('|')
    .map((phrase) => phrase.trim().replace(/\s+/g, ' '))
    .filter((phrase) => phrase !== '')
}
