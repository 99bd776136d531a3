// recall on LoCoMo without an embedding model: every turn of a conversation is one note, every question has its turns.
import Database from 'better-sqlite3'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { createNotes } from '../../../modules/memory/notes.ts'
import { memoryMigrations } from '../../../modules/memory/tables.ts'
import { stopWords } from '../../../modules/memory/recall/vocabulary.ts'
import { openSqliteStore } from '../../../nucleus/infrastructure/sqlite/store.ts'
import { openVectors } from '../../../nucleus/infrastructure/sqlite/vectors.ts'
import { defineBench, type BenchResult } from '../bench.ts'

interface Turn {
  readonly dia_id: string
  readonly session: number
  readonly speaker: string
  readonly text: string
  readonly blip_caption: string | null
}

interface Conversation {
  readonly conv_id: string
  readonly turns: readonly Turn[]
  readonly qa: readonly { readonly question: string; readonly evidence: readonly string[] }[]
}

/** turns in the order in which a system gives them. */
type Search = (question: string) => Promise<readonly Turn[]> | readonly Turn[]

class Tally {
  questions = 0
  cov5 = 0
  cov10 = 0
  any10 = 0
  session5 = 0
  readonly times: number[] = []

  add(ranked: readonly Turn[], conversation: Conversation, evidence: readonly string[]): void {
    const share = (limit: number): number => {
      const top = new Set(ranked.slice(0, limit).map((turn) => turn.dia_id))
      return evidence.filter((id) => top.has(id)).length / evidence.length
    }
    const sessions = new Set(
      conversation.turns.filter((turn) => evidence.includes(turn.dia_id)).map((turn) => turn.session),
    )
    // the five sessions that come first in the order of their best turns.
    const found = Array.from(new Set(ranked.map((turn) => turn.session))).slice(0, 5)
    this.questions += 1
    this.cov5 += share(5)
    this.cov10 += share(10)
    this.any10 += Number(share(10) > 0)
    this.session5 += Number(found.some((session) => sessions.has(session)))
  }

  percent(sum: number): number {
    return Math.round((1000 * sum) / this.questions) / 10
  }

  percentile(share: number): number {
    const sorted = this.times.toSorted((left, right) => left - right)
    return Math.round(100 * (sorted[Math.floor(sorted.length * share)] ?? 0)) / 100
  }
}

export default defineBench({
  name: 'recall',
  kind: 'eval',
  description: 'LoCoMo, one note a turn (speaker, words, caption), no embeddings: against BM25 with Porter stems',
  run: async () => {
    const ours = new Tally()
    const peer = new Tally()
    let changed = 0
    for (const conversation of readConversations()) {
      const folder = mkdtempSync(join(tmpdir(), 'lotus-recall-'))
      try {
        const opened = await openOurs(folder, conversation)
        const first = await ask(conversation, opened.search, ours)
        await opened.close()
        const again = await openOurs(folder, conversation)
        const second = await ask(conversation, again.search)
        await again.close()
        changed += first.filter((answer, index) => answer !== second[index]).length
        await ask(conversation, openPeer(conversation), peer)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }
    const name = 'BM25 + Porter stems + stop words (FTS5)'
    const against = (metric: string, value: number, other: number, target: number): BenchResult => ({
      metric,
      value,
      unit: '%',
      peer: { name, value: other },
      ratio: value / other,
      target: `at least ${target}`,
      ok: value >= target,
    })
    return [
      against('cov@10', ours.percent(ours.cov10), peer.percent(peer.cov10), 72),
      against('any@10', ours.percent(ours.any10), peer.percent(peer.any10), 77),
      against('session_any@5', ours.percent(ours.session5), peer.percent(peer.session5), 92),
      { metric: 'cov@5', value: ours.percent(ours.cov5), unit: '%', peer: { name, value: peer.percent(peer.cov5) } },
      { metric: 'questions', value: ours.questions, unit: '' },
      { metric: 'time p50', value: ours.percentile(0.5), unit: 'ms' },
      {
        metric: 'time p95',
        value: ours.percentile(0.95),
        unit: 'ms',
        target: 'below 20',
        ok: ours.percentile(0.95) < 20,
      },
      { metric: 'answers changed by a restart', value: changed, unit: '', target: 'none', ok: changed === 0 },
    ]
  },
})

/** questions whose evidence is known; gives each answer as one string, to compare. */
async function ask(conversation: Conversation, search: Search, tally?: Tally): Promise<string[]> {
  const answers: string[] = []
  for (const { question, evidence } of conversation.qa) {
    if (evidence.length === 0) continue
    const startedAt = performance.now()
    const ranked = await search(question)
    tally?.times.push(performance.now() - startedAt)
    tally?.add(ranked, conversation, evidence)
    answers.push(ranked.map((turn) => turn.dia_id).join(' '))
  }
  return answers
}

async function openOurs(home: string, conversation: Conversation): Promise<{ search: Search; close(): Promise<void> }> {
  mkdirSync(home, { recursive: true })
  const log = pino({ level: 'silent' })
  const store = openSqliteStore(join(home, 'store.db'))
  const vectors = openVectors({ path: join(home, 'vectors.db'), log })
  await store.migrate('memory', memoryMigrations)
  const notes = createNotes({ infra: { store, vectors }, log, maxNotes: 100_000 })
  const turns = new Map<string, Turn>()
  for (const turn of conversation.turns) {
    // two turns with the same words are two turns: the text says which.
    const known = await notes.remember({ text: textOf(turn), source: `import:${conversation.conv_id}/${turn.session}` })
    if (!turns.has(known.item.id)) turns.set(known.item.id, turn)
  }
  return {
    search: async (question) => {
      const items = await notes.recall({ text: question, limit: 100 })
      return items.flatMap((item) => turns.get(item.id) ?? [])
    },
    close: async () => {
      await vectors.close()
      await store.close()
    },
  }
}

/** what SQLite's full-text search makes of it by itself. */
function openPeer(conversation: Conversation): Search {
  const database = new Database(':memory:')
  database.exec(`create virtual table turns using fts5(text, tokenize = 'porter unicode61')`)
  const insert = database.prepare('insert into turns (rowid, text) values (?, ?)')
  for (const [index, turn] of conversation.turns.entries()) insert.run(index + 1, textOf(turn))
  const find = database.prepare('select rowid from turns where turns match ? order by bm25(turns) limit 100').pluck()
  return (question) => {
    const words = (question.toLowerCase().match(/[a-z0-9]+/g) ?? []).filter((word) => !stopWords.has(word))
    const rows = words.length === 0 ? [] : (find.all(words.map((word) => `"${word}"`).join(' OR ')) as number[])
    return rows.map((row) => conversation.turns[row - 1]!)
  }
}

function textOf(turn: Turn): string {
  return `${turn.speaker}: ${turn.text}${turn.blip_caption === null ? '' : ` ${turn.blip_caption}`}`
}

function readConversations(): Conversation[] {
  const data = process.env['LOTUS_DATA'] ?? join(import.meta.dirname, '../../../../shared/data')
  const folder = join(data, 'locomo')
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return files.toSorted().map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Conversation)
}
