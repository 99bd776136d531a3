// lists of phrases as one text, so that hundreds of ways to say a thing stay readable.

// a goal asks for the same lists at every word of it: each is cut once. all texts are written in the code, so it is bounded.
const known = new Map<string, readonly string[]>()

/** the phrases of a text, separated by `|`; the same text gives the same list. */
export function ways(text: string): readonly string[] {
  let phrases = known.get(text)
  if (phrases === undefined) {
    phrases = Object.freeze(
      text
        .split('|')
        .map((phrase) => phrase.trim().replace(/\s+/g, ' '))
        .filter((phrase) => phrase !== ''),
    )
    known.set(text, phrases)
  }
  return phrases
}
