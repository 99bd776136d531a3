// what a terminal shows after all that was written to it: text, colours left out, with the moves of the cursor obeyed.

export interface Screen {
  write(text: string): void
  /** what is seen now, without spaces at the ends of lines and empty lines at the end. */
  shown(): string
  /** what has been seen since the beginning, that which has scrolled away included. */
  everything(): string
  /** the line with the cursor, up to it. */
  cursorLine(): string
  resize(columns: number, rows: number): void
}

export function createScreen(columns: number, rows: number): Screen {
  let width = columns
  let height = rows
  const lines: string[][] = [[]]
  // the row of the whole text, and the column; the column may be one beyond the last until something is written there.
  let row = 0
  let column = 0
  let pending = ''

  const top = (): number => Math.max(0, lines.length - height)
  const lineAt = (index: number): string[] => {
    while (lines.length <= index) lines.push([])
    return lines[index]!
  }
  const rowText = (cells: readonly string[] | undefined): string =>
    Array.from(cells ?? [], (cell) => cell ?? ' ')
      .join('')
      .trimEnd()

  function put(character: string): void {
    if (column >= width) {
      row += 1
      column = 0
    }
    const cells = lineAt(row)
    while (cells.length < column) cells.push(' ')
    cells[column] = character
    column += 1
  }

  function erase(mode: number): void {
    lineAt(row)
    if (mode === 0) {
      lines[row]!.length = Math.min(lines[row]!.length, column)
      for (let below = row + 1; below < lines.length; below += 1) lines[below] = []
    } else for (let index = top(); index < lines.length; index += 1) lines[index] = []
  }

  function obey(parameters: string, command: string): void {
    const numbers = parameters.replace('?', '').split(';').map(Number)
    const first = numbers[0] || 1
    switch (command) {
      case 'A':
        row = Math.max(top(), row - first)
        break
      case 'B':
        row = Math.min(top() + height - 1, row + first)
        break
      case 'C':
        column = Math.min(width - 1, column + first)
        break
      case 'D':
        column = Math.max(0, Math.min(column, width - 1) - first)
        break
      case 'G':
        column = first - 1
        break
      case 'H':
        row = top() + first - 1
        column = (numbers[1] || 1) - 1
        break
      case 'J':
        erase(numbers[0] ?? 0)
        break
      case 'K':
        lineAt(row).length = Math.min(lineAt(row).length, column)
        break
      case 'm':
      case 'h':
      case 'l':
        break
      default:
        throw new Error(`the test's screen does not know ESC[${parameters}${command}`)
    }
    lineAt(row)
  }

  return {
    write(text) {
      let rest = pending + text
      pending = ''
      while (rest !== '') {
        if (rest.startsWith('\u001b')) {
          // oxlint-disable-next-line no-control-regex
          const sequence = /^\u001b\[([?\d;]*)([A-Za-z])/.exec(rest)
          if (sequence === null) {
            if (rest.length < 12) {
              pending = rest
              return
            }
            throw new Error(`the test's screen does not know ${JSON.stringify(rest.slice(0, 12))}`)
          }
          obey(sequence[1]!, sequence[2]!)
          rest = rest.slice(sequence[0].length)
          continue
        }
        const character = String.fromCodePoint(rest.codePointAt(0)!)
        rest = rest.slice(character.length)
        if (character === '\r') column = 0
        else if (character === '\n') {
          row += 1
          lineAt(row)
        } else if (character === '\b') column = Math.max(0, column - 1)
        else if (character === '\t') column = Math.min(width - 1, column + 8 - (column % 8))
        else if (character !== '\u0007') put(character)
      }
    },
    shown: () => lines.slice(top()).map(rowText).join('\n').trimEnd(),
    everything: () => lines.map(rowText).join('\n').trimEnd(),
    cursorLine: () => rowText(lineAt(row).slice(0, column)),
    resize(newColumns, newRows) {
      width = newColumns
      height = newRows
    },
  }
}
