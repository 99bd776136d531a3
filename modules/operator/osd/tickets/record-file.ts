// a list that osd keeps in a small file of LOTUS_HOME: read once, and replaced as a whole, durably. a file that is damaged
// is left as it is, for a person to mend, and its list holds nothing.
import { readFileSync } from 'node:fs'
import type { LotusError } from '../../../../nucleus/errors.ts'
import { writeDurably } from '../../../../nucleus/process/files.ts'

export interface RecordFile<Row> {
  readonly rows: readonly Row[]
  /** why the list is empty, where its file could not be read. */
  readonly problem: string | undefined
  /** @throws the error for a damaged file; STATE_FULL, STATE_READ_ONLY */
  replace(next: readonly Row[]): void
}

export interface RecordFileOptions<Row> {
  readonly file: string
  /** the list in what the file has. @throws where that is something else */
  readonly parse: (content: unknown) => readonly Row[]
  /** what the file has for a list. */
  readonly present: (rows: readonly Row[]) => object
  /** the error for a file that is damaged. */
  readonly damaged: (details: { readonly value: string; readonly cause?: unknown }) => LotusError
}

/** @throws what the system says about a file that is there and can't be opened */
export function openRecordFile<Row>({ file, parse, present, damaged }: RecordFileOptions<Row>): RecordFile<Row> {
  let problem: string | undefined
  let rows = read()

  function read(): readonly Row[] {
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
      throw error
    }
    try {
      return parse(JSON.parse(text))
    } catch (cause) {
      problem = damaged({ value: file, cause }).message
      return []
    }
  }

  return {
    get rows() {
      return rows
    },
    get problem() {
      return problem
    },
    replace(next) {
      if (problem !== undefined) throw damaged({ value: file })
      writeDurably(file, `${JSON.stringify(present(next), undefined, 2)}\n`)
      rows = next
    },
  }
}
