// one line from the person at a time: editing, history and completion by node:readline. between two lines the terminal is
// left as it was found, so that Ctrl+C is a signal again while a goal runs and questions can be answered.
import { clearScreenDown, createInterface, cursorTo, moveCursor } from 'node:readline'
import type { Interface } from 'node:readline'
import { callbackify } from 'node:util'
import { openQuestion } from '../client/confirm.ts'
import type { Offer } from './completion.ts'

export type Read =
  | { readonly kind: 'line'; readonly text: string }
  /** Ctrl+C; whether something had been typed. */
  | { readonly kind: 'interrupt'; readonly hadText: boolean }
  /** Ctrl+D, or nobody is there any more. */
  | { readonly kind: 'end' }

export interface LineEditor {
  read(prompt: string): Promise<Read>
  /** shows lines above what is being typed, which stays; while nothing is typed they just come. escaped already. */
  printAbove(text: string): void
}

export interface LineEditorOptions {
  /** cursor and colours: false for TERM=dumb, where the terminal itself edits the line. */
  readonly isRich: boolean
  /** newest first. */
  readonly history: () => readonly string[]
  readonly complete: (line: string) => Promise<Offer>
  /** takes away a line that shows progress. */
  readonly clear: () => void
}

const out = process.stderr
const mostPasted = 1_000

export function createLineEditor({ isRich, history, complete, clear }: LineEditorOptions): LineEditor {
  let reading: Interface | undefined
  let shownPrompt = ''
  // lines that came with the one before, as when several are pasted at once.
  const waiting: string[] = []
  let unfinished = ''

  function open(prompt: string): Interface {
    // a question that was answered has let go of it.
    process.stdin.ref()
    return createInterface({
      input: process.stdin,
      output: out,
      terminal: isRich,
      prompt,
      history: [...history()],
      historySize: 1_000,
      removeHistoryDuplicates: true,
      completer: callbackify(complete),
    })
  }

  async function readOne(prompt: string): Promise<Read> {
    const editor = open(prompt)
    reading = editor
    shownPrompt = prompt
    try {
      return await new Promise<Read>((resolve) => {
        let isTyped = false
        const onInterrupt = (): void => {
          resolve({ kind: 'interrupt', hadText: editor.line !== '' })
        }
        editor.on('line', (text) => {
          if (isTyped) {
            if (waiting.length < mostPasted) waiting.push(text)
            return
          }
          isTyped = true
          // what else came in the same breath is read first, so that nothing of a paste is lost.
          setImmediate(() => {
            unfinished = editor.line
            resolve({ kind: 'line', text })
          })
        })
        editor.on('SIGINT', onInterrupt)
        editor.on('close', () => {
          if (!isTyped) resolve({ kind: 'end' })
        })
        // without raw mode Ctrl+C is a signal.
        if (!isRich) process.once('SIGINT', onInterrupt)
        editor.once('close', () => process.off('SIGINT', onInterrupt))
        editor.prompt()
        if (unfinished !== '') editor.write(unfinished)
        unfinished = ''
      })
    } finally {
      reading = undefined
      editor.close()
    }
  }

  return {
    async read(prompt) {
      const next = waiting.shift()
      if (next === undefined) return await readOne(prompt)
      out.write(`${prompt}${next}\n`)
      return { kind: 'line', text: next }
    },
    printAbove(text) {
      clear()
      if (reading === undefined) {
        const question = openQuestion()
        out.write(question === '' ? `${text}\n` : `\n${text}\n${question}`)
        return
      }
      if (!isRich) {
        out.write(`\n${text}\n${shownPrompt}`)
        return
      }
      const { rows } = reading.getCursorPos()
      moveCursor(out, 0, -rows)
      cursorTo(out, 0)
      clearScreenDown(out)
      out.write(`${text}\n`)
      // the row in which the editor left its cursor: it goes up as many before it writes the line again, and after a paste
      // of several rows it does not know them itself.
      Object.assign(reading, { prevRows: 0 })
      reading.prompt(true)
    },
  }
}
