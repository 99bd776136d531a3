// lays an answer out for a terminal: tables are cut at its edge, other long lines are broken at words.

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

const columnGap = /\S {2,}\S/

/** breaks a line at words; a word that is longer than the width is left to the terminal. */
function wrap(line: string, width: number): string[] {
  const indent = /^ */.exec(line)![0]
  const lines: string[] = []
  let current = ''
  for (const word of line.slice(indent.length).split(' ')) {
    const longer = current === '' ? indent + word : `${current} ${word}`
    if (current !== '' && displayWidth(longer) > width) {
      lines.push(current)
      current = indent + word
    } else current = longer
  }
  return [...lines, current]
}

export interface Laid {
  readonly lines: readonly string[]
  /** how many lines of tables were cut. */
  readonly cut: number
}

/** @param mayCut - the text is a list of LOTUS' own making: rows with columns are cut; else nothing of a line is lost. */
export function layOut(text: string, width: number, mayCut: boolean): Laid {
  const source = text.split('\n')
  const lines: string[] = []
  let cut = 0
  for (const [index, line] of source.entries()) {
    if (displayWidth(line) <= width) {
      lines.push(line)
      continue
    }
    const isRow =
      columnGap.test(line.trim()) && [source[index - 1], source[index + 1]].some((near) => columnGap.test(near ?? ''))
    if (mayCut && isRow) {
      cut += 1
      lines.push(`${cutAt(line, width - 1)}…`)
    } else if (mayCut) lines.push(...wrap(line, width))
    else lines.push(line)
  }
  return { lines, cut }
}

/** rows of the terminal that a line takes. */
export function rowsOf(line: string, width: number): number {
  return Math.max(1, Math.ceil(displayWidth(line) / width))
}
