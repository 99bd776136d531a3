// unified differences of two texts, bounded in time and length.

/** texts up to this length are compared line by line. */
export const maxDiffLength = 4 * 1024 * 1024
/** lines of a difference shown at most. */
export const maxDiffLines = 2000

export interface TextDifference {
  /** the hunks with `---` and `+++` lines; undefined where the texts are too different to be compared in time. */
  readonly patch: string | undefined
  readonly insertions: number
  readonly deletions: number
}

/** compares two texts line by line; the names are those in the head of the patch. */
export async function diffTexts(
  before: { name: string; text: string },
  after: { name: string; text: string },
): Promise<TextDifference> {
  // loaded here, so that the daemon starts without it.
  const { formatPatch, structuredPatch, FILE_HEADERS_ONLY } = await import('diff')
  const options = { context: 3, timeout: 3000, maxEditLength: 20_000 }
  const found = structuredPatch(before.name, after.name, before.text, after.text, undefined, undefined, options)
  if (found === undefined) return { patch: undefined, insertions: 0, deletions: 0 }
  let [insertions, deletions] = [0, 0]
  for (const { lines } of found.hunks) {
    for (const line of lines) {
      if (line.startsWith('+')) insertions += 1
      if (line.startsWith('-')) deletions += 1
    }
  }
  return { patch: formatPatch(found, FILE_HEADERS_ONLY).trimEnd(), insertions, deletions }
}
