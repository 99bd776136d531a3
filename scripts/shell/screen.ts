// what the shell writes: answers a page at a time where a person reads them, whole where a program does.
import type { Terminal } from '../client/terminal.ts'
import { cutAt, layOut, rowsOf } from './layout.ts'

export interface Screen extends Terminal {
  /** shows what happens right now on a line that the next output takes away; escaped already. */
  progress(text: string): void
  /** an answer; what does not fit on the screen waits for `more`. */
  answer(text: string, options: { readonly mayCut: boolean }): void
  /** the next page; false where nothing waits. */
  more(): boolean
}

// left free below a page, for what is said about it and for the prompt.
const belowPage = 3
const leastRows = 6

/** @param isPaged - a person reads stdout as it comes: pages and widths count. */
export function openScreen(terminal: Terminal, isPaged: boolean): Screen {
  let rest: readonly string[] = []
  let isStatusShown = false

  const clearStatus = (): void => {
    if (!isStatusShown) return
    isStatusShown = false
    process.stderr.write('\r\u001b[K')
  }
  const width = (): number => {
    const columns = isPaged ? process.stdout.columns : 0
    return columns > 0 ? Math.max(20, columns) : terminal.width
  }
  const note = (text: string): void => {
    clearStatus()
    terminal.note(text)
  }
  const print = (text: string): void => {
    clearStatus()
    terminal.print(text)
  }

  function page(lines: readonly string[]): void {
    const columns = width()
    const room = Math.max(leastRows, (process.stdout.rows || 24) - belowPage)
    let rows = 0
    let count = 0
    for (const line of lines) {
      rows += rowsOf(line, columns)
      if (rows > room && count > 0) break
      count += 1
    }
    // a page for one last line would be a nuisance.
    if (lines.length - count === 1) count = lines.length
    rest = lines.slice(count)
    print(lines.slice(0, count).join('\n'))
    if (rest.length > 0) note(terminal.noteStyle.yellow(`… ${rest.length} more lines: \`more\` shows the next page`))
  }

  function laid(text: string, mayCut: boolean): void {
    const { lines, cut } = layOut(text, width(), mayCut)
    page(lines)
    if (cut > 0)
      note(
        terminal.noteStyle.yellow(`… ${cut === 1 ? 'one line is' : `${cut} lines are`} cut at the edge of the screen`),
      )
  }

  return {
    print: (text) => {
      if (isPaged) laid(text, true)
      else print(text)
    },
    note,
    style: terminal.style,
    noteStyle: terminal.noteStyle,
    canAsk: terminal.canAsk,
    canRewrite: terminal.canRewrite,
    get width() {
      return width()
    },
    progress(text) {
      if (!terminal.canRewrite) return
      clearStatus()
      if (text === '') return
      isStatusShown = true
      process.stderr.write(terminal.noteStyle.dim(cutAt(text.replaceAll('\n', ' '), width() - 1)))
    },
    answer(text, { mayCut }) {
      if (isPaged) laid(text, mayCut)
      else print(text)
    },
    more() {
      if (rest.length === 0) return false
      page(rest)
      return true
    },
  }
}
