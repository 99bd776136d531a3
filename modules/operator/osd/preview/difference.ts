// what a write would make of a file, as a unified diff within bounds; what can't be shown as one is told as sizes.
import { shortBytes } from '../actions/format.ts'

/** what is held of a content at most; a larger one is not compared. */
export const maxComparedBytes = 256 * 1024
const maxLines = 400
const maxCharacters = 32 * 1024
// comparing keeps osd from its other work: two texts that differ in everything are not worth it.
const timeLimitMs = 150
const maxEdits = 4_000

export interface Difference {
  /** hunks without a head; absent where `note` says why. */
  readonly diff?: string
  readonly note?: string
}

/** a content, or how large it is where it is too large to be held. */
export type Content = Buffer | { readonly bytes: number }

const sizeOf = (content: Content): number => (Buffer.isBuffer(content) ? content.length : content.bytes)

/** exact text, or nothing: a byte that is no text must not be shown as something else. */
function textOf(content: Content): string | undefined {
  if (!Buffer.isBuffer(content) || content.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function sizes(before: Content | undefined, after: Content): string {
  const now = shortBytes(sizeOf(after))
  return before === undefined ? now : `${shortBytes(sizeOf(before))} before, ${now} after`
}

/** compares what is there with what would be written; `before` is undefined where nothing is there. */
export async function compareContents(before: Content | undefined, after: Content): Promise<Difference> {
  const isLarge = [before, after].some((one) => one !== undefined && sizeOf(one) > maxComparedBytes)
  if (isLarge) return { note: `too large to be compared here: ${sizes(before, after)}` }
  const old = before === undefined ? '' : textOf(before)
  const next = textOf(after)
  if (old === undefined || next === undefined) return { note: `no text: ${sizes(before, after)}` }
  if (next === old) return { note: before === undefined ? 'empty' : 'the content stays as it is' }
  // loaded here, so that the daemon starts without it.
  const { structuredPatch } = await import('diff')
  const options = { context: 3, timeout: timeLimitMs, maxEditLength: maxEdits }
  const found = structuredPatch('', '', old, next, undefined, undefined, options)
  // two texts that share next to nothing: what will be there says more than what goes.
  if (found === undefined) {
    const whole = next.split('\n').map((line) => `+${line}`)
    const { diff = '', note } = bounded(['@@ the whole new text @@', ...whole])
    return {
      diff,
      note: `too different to be compared line by line: ${sizes(before, after)}${note ? `; ${note}` : ''}`,
    }
  }
  // a side without lines begins at the line before, as in every unified diff.
  const start = (line: number, count: number): string => `${count === 0 ? line - 1 : line},${count}`
  const lines: string[] = []
  for (const { oldStart, oldLines, newStart, newLines, lines: changed } of found.hunks)
    lines.push(`@@ -${start(oldStart, oldLines)} +${start(newStart, newLines)} @@`, ...changed)
  return bounded(lines)
}

function bounded(lines: readonly string[]): Difference {
  let characters = 0
  let count = 0
  for (const line of lines) {
    characters += line.length + 1
    if (count >= maxLines || characters > maxCharacters) break
    count += 1
  }
  if (count === lines.length) return { diff: lines.join('\n') }
  return { diff: lines.slice(0, count).join('\n'), note: `${lines.length - count} more lines of the difference` }
}
