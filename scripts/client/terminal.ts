// what the command writes: results to stdout, everything around them to stderr, colour only where somebody sees it.
import { escapeText } from './escape.ts'

export interface Style {
  dim(text: string): string
  bold(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
}

export interface Terminal {
  /** a result: one or more lines. escaped already, or made by this command. */
  print(text: string): void
  /** what is not the result: progress, questions, hints. */
  note(text: string): void
  /** style of stdout and of stderr; plain where they are no terminal or NO_COLOR is set. */
  readonly style: Style
  readonly noteStyle: Style
  /** whether a person can be asked: stdin and stderr are a terminal. */
  readonly canAsk: boolean
  /** whether stderr is a terminal, where a line can be rewritten. */
  readonly canRewrite: boolean
  readonly width: number
}

function createStyle(isOn: boolean): Style {
  const wrap = (open: number, close: number) => (text: string) =>
    isOn ? `\u001b[${open}m${text}\u001b[${close}m` : text
  return { dim: wrap(2, 22), bold: wrap(1, 22), red: wrap(31, 39), green: wrap(32, 39), yellow: wrap(33, 39) }
}

// a reader that has gone (`lotus logs | head`) is no error; nothing is left to say to it.
function endQuietly(fault: NodeJS.ErrnoException): void {
  if (fault.code === 'EPIPE') process.exit(0)
  throw fault
}

/** the terminal of this process. */
export function openTerminal(environment: NodeJS.ProcessEnv): Terminal {
  process.stdout.on('error', endQuietly)
  process.stderr.on('error', endQuietly)
  const wantsColour = environment['NO_COLOR'] === undefined || environment['NO_COLOR'] === ''
  const isCapable = environment['TERM'] !== 'dumb'
  const columns = process.stdout.isTTY ? process.stdout.columns : Number(environment['COLUMNS'])
  return Object.freeze({
    print: (text: string) => void process.stdout.write(`${text}\n`),
    note: (text: string) => void process.stderr.write(`${text}\n`),
    style: createStyle(process.stdout.isTTY && wantsColour && isCapable),
    noteStyle: createStyle(process.stderr.isTTY && wantsColour && isCapable),
    canAsk: process.stdin.isTTY && process.stderr.isTTY,
    canRewrite: process.stderr.isTTY && isCapable,
    width: Number.isInteger(columns) && columns > 0 ? Math.min(Math.max(columns, 20), 1000) : 80,
  })
}

/** rows of cells as columns that line up; the last cell is not padded. cells are escaped here. */
export function columns(rows: readonly (readonly string[])[], indent = ''): string {
  const cells = rows.map((row) => row.map((cell) => escapeText(cell).replaceAll('\n', ' ')))
  const widths: number[] = []
  for (const row of cells)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  const line = (row: readonly string[]): string =>
    row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index]!))).join('  ')
  return cells.map((row) => indent + line(row).trimEnd()).join('\n')
}
