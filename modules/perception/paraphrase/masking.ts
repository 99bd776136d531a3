// hides names and quotations behind marks, so that a rule about sentences never looks into somebody's own words.
import type { KnownName, WordToken } from '../slots/slot-parser.ts'

export interface Masked {
  readonly text: string
  /** puts back what is hidden. */
  restore(text: string): string
}

/** what a mark looks like in a rule's pattern. */
export const mark = '⟦\\d+⟧'

/** hides quotations, path-like words and the names of known entries that are no plain words. */
export function mask(text: string, tokens: readonly WordToken[], names: readonly KnownName[]): Masked {
  const hidden: string[] = []
  const hide = (part: string): string => `⟦${hidden.push(part) - 1}⟧`
  const spans = tokens.filter((token) => token.kind === 'quoted' || token.kind === 'path')
  const lower = text.toLowerCase()
  const wanted = [...spans.map(({ at, end }) => ({ at, end })), ...namesIn(lower, names)]
    // the longest first: `old stuff/a.tmp` hides `old stuff`
    .toSorted((left, right) => right.end - right.at - (left.end - left.at))
  const chosen: { at: number; end: number }[] = []
  for (const span of wanted) {
    if (!chosen.some((one) => span.at < one.end && one.at < span.end)) chosen.push(span)
  }
  let result = ''
  let from = 0
  for (const { at, end } of chosen.toSorted((left, right) => left.at - right.at)) {
    result += text.slice(from, at) + hide(text.slice(at, end))
    from = end
  }
  return {
    text: result + text.slice(from),
    restore: (masked) => masked.replaceAll(/⟦(\d+)⟧/g, (_mark, index: string) => hidden[Number(index)] ?? ''),
  }
}

/** where names with a space, a dot or a slash stand in a text; a folder called `photos` is a word like any other. */
function namesIn(lower: string, names: readonly KnownName[]): { at: number; end: number }[] {
  const found: { at: number; end: number }[] = []
  for (const { path } of names) {
    if (!/[ ./]/.test(path)) continue
    const name = path.toLowerCase()
    for (let at = lower.indexOf(name); at !== -1; at = lower.indexOf(name, at + 1)) {
      const end = at + name.length
      if (!/[\p{L}\p{N}]/u.test(lower[at - 1] ?? ' ') && !/[\p{L}\p{N}/]/u.test(lower[end] ?? ' '))
        found.push({ at, end })
    }
  }
  return found
}
