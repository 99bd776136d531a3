// lays an answer out for a terminal: long lines are broken at words, rows of tables under their last column or cut.

/** columns that a text takes; wide characters take two, marks none. */
export function displayWidth(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length
  let width = 0
  for (const character of text) {
    if (character === '\t') width += 8 - (width % 8)
    else if (/\p{M}|\p{Cf}/u.test(character)) continue
    else width += isWide(character.codePointAt(0)!) ? 2 : 1
  }
  return width
}

// east asian wide and full-width forms, and emoji: the blocks, not each character.
const wideBlocks: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
]
const isWide = (code: number): boolean => wideBlocks.some(([from, to]) => code >= from && code <= to)

/** the beginning of a text that takes at most so many columns. */
export function cutAt(text: string, width: number): string {
  let taken = 0
  let end = 0
  for (const character of text) {
    const next = displayWidth(character)
    if (taken + next > width) break
    taken += next
    end += character.length
  }
  return text.slice(0, end)
}

const manyGaps = /\S {2,}\S.*\S {2,}\S/
const isRowOf = (line = ''): boolean => /\S {2,}\S/.test(line.trim())

/** breaks a line at words, the next ones under `hang`; a word that is longer than the width is left to the terminal. */
function wrap(line: string, width: number, hang: string): string[] {
  const indent = /^ */.exec(line)![0]
  const lines: string[] = []
  let current = indent
  let isStart = true
  for (const word of line.slice(indent.length).split(' ')) {
    const longer = isStart ? current + word : `${current} ${word}`
    if (!isStart && displayWidth(longer) > width) {
      lines.push(current)
      current = hang + word
    } else current = longer
    isStart = false
  }
  return [...lines, current]
}

/** where the last cell of a row begins, in columns. */
function lastCellOf(line: string): number {
  const gap = [...line.matchAll(/ {2,}(?=\S)/g)].findLast(({ index }) => line.slice(0, index).trim() !== '')
  return gap === undefined ? 0 : displayWidth(line.slice(0, gap.index + gap[0].length))
}

export interface Laid {
  readonly lines: readonly string[]
  /** how many lines of tables were cut. */
  readonly cut: number
}

/** @param mayCut - the text is of LOTUS' own making, so lines may be broken and rows cut; else every line is left as it is. */
export function layOut(text: string, width: number, mayCut: boolean): Laid {
  const source = text.split('\n')
  const lines: string[] = []
  let cut = 0
  for (const [index, line] of source.entries()) {
    if (displayWidth(line) <= width) {
      lines.push(line)
      continue
    }
    const isRow = isRowOf(line) && (manyGaps.test(line.trim()) || [source[index - 1], source[index + 1]].some(isRowOf))
    const hang = isRow ? lastCellOf(line) : /^ */.exec(line)![0].length
    if (!mayCut) lines.push(line)
    // words under their own column where there is room for them; else the row ends at the edge.
    else if (!isRow || hang <= width / 2) lines.push(...wrap(line, width, ' '.repeat(hang)))
    else {
      cut += 1
      lines.push(`${cutAt(line, width - 1)}…`)
    }
  }
  return { lines, cut }
}

/** rows of the terminal that a line takes. */
export function rowsOf(line: string, width: number): number {
  return Math.max(1, Math.ceil(displayWidth(line) / width))
}
