// long-term memory: notes in the store, found again through the vectors, and forgotten in every place where they are.
import type { Logger } from 'pino'
import { toErrorData } from '../../nucleus/errors.ts'
import { createIdentifier } from '../../nucleus/identifiers.ts'
import type { Infrastructure, Statement } from '../../nucleus/infrastructure/ports.ts'
import type { MemoryItem } from './contract.ts'
import { memoryErrors } from './errors.ts'
import { chooseAnswers } from './recall/choose.ts'
import { createNoteReader } from './recall/note-reader.ts'
import { readQuestion, type Question } from './recall/question.ts'
import { rankNotes, type Note, type RankedNote } from './recall/rank.ts'
import { normaliseNote } from './recall/words.ts'
import { sweepFiles } from './sweep.ts'
import { noteStatements as statements, owedStatements, sessionStatements, type NoteRow } from './tables.ts'

export interface NoteParts {
  readonly infra: Pick<Infrastructure, 'store' | 'vectors'>
  readonly log: Logger
  readonly maxNotes: number
}

export interface Notes {
  /** `known` is true where the same text was there already. */
  remember(note: { text: string; source: string }): Promise<{ item: MemoryItem; known: boolean }>
  recall(question: { text: string; limit?: number }): Promise<MemoryItem[]>
  /** only what answers the question, best first. */
  answer(text: string): Promise<{ question: Question; chosen: RankedNote[]; items: MemoryItem[] }>
  list(options?: { limit?: number; after?: string }): Promise<MemoryItem[]>
  /** gives the notes that were there. */
  forget(ids: readonly string[]): Promise<NoteRow[]>
  count(): Promise<number>
  /** indexes what could not be indexed, deletes what could not be deleted; harmless at any time. */
  settle(): Promise<void>
}

export const collection = 'notes'
const maximumBytes = 16 * 1024
/** up to here all notes are compared, which finds more than any index and takes some milliseconds. */
const compareAllUpTo = 1_000
const candidateLimit = 150
/** of so many of the best candidates the neighbours are looked at too. */
const expandedCandidates = 40
const batch = 200
/** notes whose words are kept read. */
const readNotes = 2_000

export function createNotes({ infra, log, maxNotes }: NoteParts): Notes {
  const { store, vectors } = infra
  const reader = createNoteReader(readNotes)
  const query = (statement: Statement) => store.query<NoteRow>(statement)

  const count = async (): Promise<number> => {
    const [row] = await store.query<{ number: number | string }>(statements.count())
    return Number(row?.number ?? 0)
  }

  const remember: Notes['remember'] = async (note) => {
    // a NUL would end the text early in other people's programs.
    const text = note.text.trim().replaceAll('\u0000', '\ufffd')
    if (text === '') throw memoryErrors.NOTE_EMPTY()
    if (Buffer.byteLength(text) > maximumBytes) {
      throw memoryErrors.NOTE_TOO_LARGE({ detail: `${Buffer.byteLength(text)} bytes` })
    }
    const normal = normaliseNote(text)
    const [before] = await query(statements.byNormal(normal))
    if (before !== undefined) return { item: toItem(before), known: true }
    if ((await count()) >= maxNotes) throw memoryErrors.MEMORY_FULL({ value: maxNotes })
    const row: NoteRow = { id: createIdentifier(), text, source: note.source, created_at: Date.now() }
    const [added] = await store.transaction([statements.add(row, normal)])
    const [kept] = await query(statements.byNormal(normal))
    if (added?.changes === 1) await index([row])
    // somebody else may have said the same at the same time.
    return { item: toItem(kept ?? row), known: added?.changes !== 1 }
  }

  /** a note that can't be indexed now is found by comparing until it can. */
  const index = async (rows: readonly NoteRow[]): Promise<void> => {
    if (rows.length === 0) return
    try {
      await vectors.upsert(
        collection,
        rows.map((row) => ({ id: row.id, text: row.text, metadata: { source: row.source } })),
      )
      await store.query(statements.setIndexed(rows.map((row) => row.id)))
    } catch (error) {
      log.warn({ notes: rows.length, error: toErrorData(error) }, 'notes could not be indexed; tried again later')
    }
  }

  /** notes that may answer, in order of their ids. */
  const candidates = async (question: Question, total: number): Promise<NoteRow[]> => {
    if (total <= compareAllUpTo) return await query(statements.list('', compareAllUpTo))
    const words = [...question.strong, ...question.weak].map((word) => word.text).join(' ')
    if (words === '') return []
    const found = new Map<string, NoteRow>()
    const add = (rows: readonly NoteRow[]): void => rows.forEach((row) => found.set(row.id, row))
    add(await query(statements.notIndexed(candidateLimit)))
    const ids = await searchIds(words)
    // the store decides what exists: what is forgotten there is not found, whatever an index still has.
    if (ids.length > 0) add(await query(statements.byIds(ids)))
    const texts = ids.slice(0, expandedCandidates).flatMap((id) => found.get(id) ?? [])
    for (const note of texts) {
      if (note.source === 'person') continue
      add(await query(statements.before(note)))
      add(await query(statements.after(note)))
    }
    return Array.from(found.values()).sort((left, right) => (left.id < right.id ? -1 : 1))
  }

  const searchIds = async (words: string): Promise<string[]> => {
    try {
      const hits = await vectors.search(collection, { text: words, limit: candidateLimit })
      return hits.map((hit) => hit.id)
    } catch (error) {
      log.warn({ error: toErrorData(error) }, 'the index of notes does not answer; the newest notes are compared')
      const rows = await query(statements.list('', candidateLimit))
      return rows.map((row) => row.id)
    }
  }

  const rank = async (
    text: string,
  ): Promise<{ question: Question; ranked: RankedNote[]; rows: Map<string, NoteRow> }> => {
    const question = readQuestion(text)
    if (question.strong.length === 0) return { question, ranked: [], rows: new Map() }
    const total = await count()
    const rows = await candidates(question, total)
    const notes = rows.map(({ id, text: note, source }): Note => ({ id, text: note, source }))
    return {
      question,
      ranked: rankNotes(question, notes, total, reader),
      rows: new Map(rows.map((row) => [row.id, row])),
    }
  }

  const removeFromIndex = async (ids: readonly string[]): Promise<void> => {
    try {
      await vectors.delete(collection, ids)
      await store.query(owedStatements.settle(ids.map((id) => `index ${id}`)))
    } catch (error) {
      log.warn(
        { notes: ids.length, error: toErrorData(error) },
        'forgotten notes are still in the index; tried again later',
      )
    }
  }

  const sweep = async (): Promise<void> => {
    if (await sweepFiles(store)) await store.query(owedStatements.settle(['sweep']))
    else log.warn('the store was busy: deleted text may still lie in its file; tried again later')
  }

  return Object.freeze({
    remember,
    recall: async ({ text, limit = 10 }: { text: string; limit?: number }) => {
      const { ranked, rows } = await rank(text)
      return ranked
        .slice(0, Math.max(0, Math.min(limit, 1_000)))

        .map((one) => itemOf(one, rows))
    },
    answer: async (text: string) => {
      const { question, ranked, rows } = await rank(text)
      const chosen = chooseAnswers(question, ranked)
      return { question, chosen, items: chosen.map((one) => itemOf(one, rows)) }
    },
    list: async ({ limit = 100, after = '' }: { limit?: number; after?: string } = {}) =>
      (await query(statements.list(after, Math.max(0, Math.min(limit, 10_000))))).map(toItem),
    forget: async (ids: readonly string[]) => {
      const rows: NoteRow[] = []
      for (let at = 0; at < ids.length; at += batch)
        rows.push(...(await query(statements.byIds(ids.slice(at, at + batch)))))
      if (rows.length === 0) return rows
      for (let at = 0; at < rows.length; at += batch) {
        const part = rows.slice(at, at + batch)
        const partIds = part.map((row) => row.id)
        // what is owed is written together with the deletion: a kill in between loses neither.
        await store.transaction([
          ...partIds.map((id) => owedStatements.add(`index ${id}`)),
          owedStatements.add('sweep'),
          ...part.map((row) => sessionStatements.removeQuotes(row.text)),
          statements.remove(partIds),
        ])
        reader.drop(partIds)
        await removeFromIndex(partIds)
      }
      await sweep()
      return rows
    },
    count,
    settle: async () => {
      await index(await query(statements.notIndexed(batch)))
      const owed = (await store.query<{ what: string }>(owedStatements.list(batch))).map((row) => row.what)
      const ids = owed.filter((what) => what.startsWith('index ')).map((what) => what.slice('index '.length))
      if (ids.length > 0) await removeFromIndex(ids)
      if (owed.includes('sweep')) await sweep()
    },
  })
}

function itemOf(one: RankedNote, rows: ReadonlyMap<string, NoteRow>): MemoryItem {
  return { ...toItem(rows.get(one.note.id)!), relevance: Math.min(1, one.relevance) }
}

export function toItem(row: NoteRow): MemoryItem {
  return { id: row.id, text: row.text, source: row.source, createdAt: new Date(Number(row.created_at)).toISOString() }
}
