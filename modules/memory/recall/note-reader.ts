// reads notes into words once: a question looks at hundreds of notes, and most of its time went into reading them.
import { readNote } from './question.ts'
import type { Word } from './words.ts'

export interface NoteReader {
  read(note: { readonly id: string; readonly text: string }): readonly Word[]
  /** what was forgotten must not stay in this process either. */
  drop(ids: readonly string[]): void
}

/** @param limit - notes that are kept, those that were read last; a note is some kilobytes at most */
export function createNoteReader(limit: number): NoteReader {
  const known = new Map<string, readonly Word[]>()
  return Object.freeze({
    read: (note: { readonly id: string; readonly text: string }) => {
      const before = known.get(note.id)
      if (before !== undefined) return before
      const words = readNote(note.text)
      known.set(note.id, words)
      // a map keeps the order of insertion: the first is the oldest.
      const [oldest] = known.keys()
      if (known.size > limit && oldest !== undefined) known.delete(oldest)
      return words
    },
    drop: (ids: readonly string[]) => {
      for (const id of ids) known.delete(id)
    },
  })
}
