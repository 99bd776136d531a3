// text in files: recognising it, decoding it, taking it apart into lines and putting it together again unchanged.
import type { Tree } from '../action.ts'
import { shortBytes } from './format.ts'
import { actionErrors } from './errors.ts'

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1'

/** bytes looked at to tell text from other content. */
const sampleBytes = 8192
/** characters of a line at most; a longer one is taken for several. */
const maxLineLength = 1024 * 1024
/** files that are edited are held in memory: this many bytes at most. */
export const maxEditBytes = 16 * 1024 * 1024

/** the encoding of a beginning of a file, undefined where it is not text. */
export function detectEncoding(start: Buffer): TextEncoding | undefined {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  const sample = start.subarray(0, sampleBytes)
  if (sample.includes(0)) return undefined
  if (isUtf8(sample, sample.length < start.length || sample.length === sampleBytes)) return 'utf-8'
  // compressed and encrypted content has many control characters; text in an old 8-bit encoding has next to none.
  let controls = 0
  for (const byte of sample) if (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12) controls += 1
  return controls * 50 > sample.length ? undefined : 'latin1'
}

// a sample may end inside a character: the stream option lets that pass.
function isUtf8(bytes: Buffer, cut: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut })
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/** the text of a whole file for reading; throws NOT_TEXT. */
export function decodeText(content: Buffer, shown: string): { text: string; encoding: TextEncoding } {
  let encoding = detectEncoding(content)
  if (encoding === 'utf-8' && !isUtf8(content, false)) encoding = 'latin1'
  if (encoding === undefined || (encoding === 'latin1' && content.includes(0))) {
    throw actionErrors.NOT_TEXT({ value: shown, detail: `${shortBytes(content.length)} of binary data` })
  }
  return { text: new TextDecoder(encoding).decode(content), encoding }
}

/** a line with the characters that end it; an ending is empty only at the end of a file. */
export interface Line {
  readonly text: string
  readonly ending: '' | '\n' | '\r\n' | '\r'
}

/** text as lines; joined again by {@link joinLines} it is the same text. */
export function splitLines(text: string): Line[] {
  const lines: Line[] = []
  let from = 0
  for (const match of text.matchAll(/\r\n|\n|\r/g)) {
    lines.push({ text: text.slice(from, match.index), ending: match[0] as Line['ending'] })
    from = match.index + match[0].length
  }
  if (from < text.length) lines.push({ text: text.slice(from), ending: '' })
  return lines
}

export function joinLines(lines: readonly Line[]): string {
  return lines.map((line) => line.text + line.ending).join('')
}

/** the line ending that most lines have; '\n' where there is none. */
export function dominantEnding(lines: readonly Line[]): '\n' | '\r\n' | '\r' {
  const counts = { '\n': 0, '\r\n': 0, '\r': 0, '': 0 }
  for (const line of lines) counts[line.ending] += 1
  if (counts['\r\n'] > counts['\n'] && counts['\r\n'] >= counts['\r']) return '\r\n'
  return counts['\r'] > counts['\n'] ? '\r' : '\n'
}

/** lines that were changed, with the endings of the places they now have; a missing end of the last line stays missing. */
export function withEndings(texts: readonly string[], original: readonly Line[]): Line[] {
  const usual = dominantEnding(original)
  const final = original.at(-1)?.ending ?? usual
  return texts.map((text, index) => {
    if (index === texts.length - 1) return { text, ending: final }
    const ending = original[index]?.ending
    return { text, ending: ending === undefined || ending === '' ? usual : ending }
  })
}

export interface EditableText {
  readonly text: string
  readonly lines: Line[]
  readonly ending: '\n' | '\r\n' | '\r'
  /** bytes for a changed text, with the byte order mark that the file had. */
  encode(text: string): Buffer
}

/** a file that is about to be edited; throws NOT_TEXT and NOT_UTF8. */
export async function readEditable(tree: Tree, path: string): Promise<EditableText> {
  const content = await tree.read(path, { maxBytes: maxEditBytes })
  const mark = content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf
  const { text, encoding } = decodeText(content, path)
  if (encoding !== 'utf-8') throw actionErrors.NOT_UTF8({ value: path })
  const lines = splitLines(text)
  return {
    text,
    lines,
    ending: dominantEnding(lines),
    encode: (changed) => Buffer.from(mark ? `\ufeff${changed}` : changed, 'utf8'),
  }
}

/**
 * the lines of a file of any size, one at a time; throws NOT_TEXT where the file is not text.
 * the signal is checked with each chunk.
 */
export async function* readLines(tree: Tree, path: string, signal: AbortSignal): AsyncGenerator<Line> {
  let decoder: InstanceType<typeof TextDecoder> | undefined
  let rest = ''
  for await (const chunk of tree.stream(path)) {
    signal.throwIfAborted()
    if (decoder === undefined) {
      const encoding = detectEncoding(chunk)
      if (encoding === undefined) throw actionErrors.NOT_TEXT({ value: path })
      decoder = new TextDecoder(encoding)
    }
    rest += decoder.decode(chunk, { stream: true })
    // a carriage return at the end of a chunk may be the first half of an ending.
    const held = rest.endsWith('\r') ? '\r' : ''
    const lines = splitLines(held === '' ? rest : rest.slice(0, -1))
    const last = lines.at(-1)
    const open = last !== undefined && last.ending === ''
    yield* open ? lines.slice(0, -1) : lines
    rest = (open ? last.text : '') + held
    if (rest.length > maxLineLength) {
      yield { text: rest, ending: '' }
      rest = ''
    }
  }
  rest += decoder?.decode() ?? ''
  yield* splitLines(rest)
}

/** cuts a long line for showing it. */
export function shortLine(text: string, limit = 500): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text
}
