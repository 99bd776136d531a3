// lists of phrases as one text, so that hundreds of ways to say a thing stay readable.

// every list is written in the source, so there are as many as there are in it.
const known = new Map<string, readonly string[]>()

/** the phrases of a text, separated by `|`; the same list for the same text. */
export function ways(text: string): readonly string[] {
  let phrases = known.get(text)
  if (phrases === undefined) {
    phrases = text
      .split('|')
      .map((phrase) => phrase.trim().replace(/\s+/g, ' '))
      .filter((phrase) => phrase !== '')
    known.set(text, phrases)
  }
  return phrases
}
