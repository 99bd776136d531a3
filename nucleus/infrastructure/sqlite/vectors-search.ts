// hybrid search in one collection: words by BM25, misspelt words by trigrams, meaning by vectors, fused by rank.
import type Database from 'better-sqlite3'
import { infrastructureErrors } from '../errors.ts'
import type { VectorHit, VectorQuery } from '../ports.ts'
import { hasBits, toItem, type Collection, type ItemRow } from './vectors-database.ts'
import { isSimilarWord, trigramsOf, wordsOf } from './vectors-words.ts'

interface Ranked {
  readonly rowid: number
  readonly score: number
}

interface Search {
  readonly database: Database.Database
  readonly collection: Collection
  readonly query: VectorQuery
  /** candidates that each of the lists gives. */
  readonly depth: number
  /** a condition on rowid, with its parameters. */
  readonly filter: { readonly sql: string; readonly parameters: readonly unknown[] }
}

/** reciprocal rank fusion with k = 60 (Cormack, Clarke and Büttcher, SIGIR 2009). */
const fusionConstant = 60
/** what a misspelt word has found counts half. */
const trigramWeight = 0.5
/** items above which frequent words are left out: they would take tens of milliseconds. */
const largeCollection = 5_000
/** items up to which all embeddings are compared exactly, in about a millisecond. */
const smallCollection = 1_000
/** a word in more items than this part of a large collection says little and costs much. */
const frequentPart = 0.05
const maxTrigrams = 12
/** the nearest by bits that are then compared exactly: 0.999 of the ten nearest are among them. */
const bitCandidates = 200

export function searchCollection(database: Database.Database, collection: Collection, query: VectorQuery): VectorHit[] {
  const limit = Math.max(0, Math.min(query.limit, 1_000))
  if (limit === 0) return []
  const search: Search = {
    database,
    collection,
    query,
    depth: Math.max(50, limit * 4),
    filter: filterOf(collection, query.where),
  }
  const hasText = query.text !== undefined && query.text.trim() !== ''
  if (!hasText && query.embedding === undefined) return listItems(search, limit)
  const size = Number(database.prepare(`select count(*) from items_${collection.id}`).pluck().get())
  const texts = hasText ? searchText(search, query.text, size, limit) : { words: [], grams: [] }
  // what points elsewhere is no match, and must not gain a rank from being among few.
  const vectors =
    query.embedding === undefined ? [] : searchVectors(search, query.embedding, size).filter(({ score }) => score > 0)

  const fused = new Map<number, number>()
  addRanks(fused, texts.words, 1)
  addRanks(fused, texts.grams, trigramWeight)
  addRanks(fused, vectors, 1)
  const best = Array.from(fused)
    .toSorted((left, right) => right[1] - left[1] || left[0] - right[0])
    .slice(0, limit)

  const textScores = new Map(texts.words.map((one) => [one.rowid, one.score]))
  const similarities = new Map(
    similaritiesOf(
      search,
      best.map(([rowid]) => rowid),
    ).map((one) => [one.rowid, one.score]),
  )
  const find = database.prepare(`select rowid, id, text, metadata from items_${collection.id} where rowid = ?`)
  return best.map(([rowid, score]) => {
    const textScore = textScores.get(rowid)
    const similarity = similarities.get(rowid)
    return {
      ...toItem(find.get(rowid) as ItemRow),
      score,
      ...(textScore === undefined ? {} : { textScore }),
      ...(similarity === undefined ? {} : { similarity }),
    }
  })
}

function addRanks(fused: Map<number, number>, list: readonly Ranked[], weight: number): void {
  for (const [index, { rowid }] of list.entries()) {
    fused.set(rowid, (fused.get(rowid) ?? 0) + weight / (fusionConstant + index + 1))
  }
}

function filterOf(collection: Collection, where: VectorQuery['where']): Search['filter'] {
  const names = Object.keys(where ?? {})
  if (where === undefined || names.length === 0) return { sql: '', parameters: [] }
  const conditions = names.map(() => 'json_extract(metadata, ?) = ?').join(' and ')
  const parameters = names.flatMap((name) => {
    const value = where[name]
    return [`$.${JSON.stringify(name)}`, typeof value === 'boolean' ? Number(value) : value]
  })
  return { sql: ` and rowid in (select rowid from items_${collection.id} where ${conditions})`, parameters }
}

/** nothing to compare with: the newest items that fit. */
function listItems({ database, collection, filter }: Search, limit: number): VectorHit[] {
  const rows = database
    .prepare(
      `select rowid, id, text, metadata from items_${collection.id} where true${filter.sql} order by rowid desc limit ?`,
    )
    .all(...filter.parameters, limit) as ItemRow[]
  return rows.map((row) => ({ ...toItem(row), score: 0 }))
}

function searchText(
  search: Search,
  text: string,
  size: number,
  limit: number,
): { words: readonly Ranked[]; grams: readonly Ranked[] } {
  const all = wordsOf(text)
  const known = all.map((word) => ({ word, items: countMatches(search, 'words', word, size) }))
  const words = searchWords(search, known, size)
  const unknown = known.filter((one) => one.items === 0).map((one) => one.word)
  const misspelt = unknown.length > 0 ? unknown : words.length < limit ? all : []
  return { words, grams: searchTrigrams(search, misspelt, size) }
}

/** in how many items a term is, counted up to what makes it frequent. */
function countMatches({ database, collection }: Search, index: string, term: string, size: number): number {
  const table = `${index}_${collection.id}`
  return Number(
    database
      .prepare(`select count(*) from (select rowid from ${table} where ${table} match ? limit ?)`)
      .pluck()
      .get(quoted(term), frequentAt(size)),
  )
}

function frequentAt(size: number): number {
  return size <= largeCollection ? size + 1 : Math.max(250, Math.ceil(size * frequentPart))
}

function searchWords(search: Search, words: readonly { word: string; items: number }[], size: number): Ranked[] {
  const found = words.filter((one) => one.items > 0)
  if (found.length === 0) return []
  const rare = found.filter((one) => one.items < frequentAt(size))
  // only frequent words: all of them together may still be rare.
  if (rare.length === 0) return matchIndex(search, found.map((one) => quoted(one.word)).join(' AND '))
  return matchIndex(search, rare.map((one) => quoted(one.word)).join(' OR '))
}

function matchIndex(search: Search, expression: string): Ranked[] {
  const { database, collection, depth, filter } = search
  const table = `words_${collection.id}`
  return database
    .prepare(
      `select rowid, bm25(${table}) as score from ${table} where ${table} match ?${filter.sql} order by score limit ?`,
    )
    .all(expression, ...filter.parameters, depth) as Ranked[]
}

/** the index gives what shares some trigrams; only items with a word that is really similar stay. */
function searchTrigrams(search: Search, words: readonly string[], size: number): Ranked[] {
  const { database, collection, depth, filter } = search
  const trigrams = Array.from(new Set(words.flatMap(trigramsOf)))
    .map((trigram) => ({ trigram, items: countMatches(search, 'grams', trigram, size) }))
    .filter((one) => one.items > 0 && one.items < frequentAt(size))
    .toSorted((left, right) => left.items - right.items)
    .slice(0, maxTrigrams)
  if (trigrams.length === 0) return []
  const table = `grams_${collection.id}`
  const rows = database
    .prepare(
      `select ${table}.rowid, bm25(${table}) as score,
        (select text from items_${collection.id} as items where items.rowid = ${table}.rowid) as text
       from ${table} where ${table} match ?${filter.sql} order by score limit ?`,
    )
    .all(trigrams.map((one) => quoted(one.trigram)).join(' OR '), ...filter.parameters, depth) as (Ranked & {
    text: string
  })[]
  return rows.filter((row) => {
    const inText = wordsOf(row.text, 2_000)
    return words.some((word) => inText.some((other) => isSimilarWord(word, other)))
  })
}

/** @throws VECTORS_DIMENSIONS */
function searchVectors(search: Search, embedding: readonly number[], size: number): Ranked[] {
  const { database, collection, depth, filter } = search
  const { dimensions, id } = collection
  if (dimensions === null) return []
  if (dimensions !== embedding.length) {
    throw infrastructureErrors.VECTORS_DIMENSIONS({
      value: collection.name,
      detail: `${embedding.length} instead of ${dimensions}`,
    })
  }
  if (size > smallCollection && hasBits(dimensions)) {
    // the bits are the embedding's signs: a quick first look, before the nearest are compared exactly.
    const near = database
      .prepare(`select rowid from bits_${id} where bits match vec_quantize_binary(?) and k = ?${filter.sql}`)
      .pluck()
      .all(Float32Array.from(embedding), Math.max(bitCandidates, depth), ...filter.parameters) as number[]
    return similaritiesOf(search, near).slice(0, depth)
  }
  const rows = database
    .prepare(
      `select rowid, 1 - vec_distance_cosine(embedding, ?) as score from embeddings_${id}
       where true${filter.sql} order by score desc limit ?`,
    )
    .all(Float32Array.from(embedding), ...filter.parameters, depth) as Unranked[]
  return rows.filter(isRanked)
}

/** nearest first. */
function similaritiesOf(search: Search, rowids: readonly number[]): Ranked[] {
  const { database, collection, query } = search
  if (query.embedding === undefined || collection.dimensions === null) return []
  const rows = database
    .prepare(
      `select rowid, 1 - vec_distance_cosine(embedding, ?) as score from embeddings_${collection.id}
       where rowid in (select value from json_each(?))`,
    )
    .all(Float32Array.from(query.embedding), JSON.stringify(rowids)) as Unranked[]
  return rows.filter(isRanked).toSorted((left, right) => right.score - left.score)
}

interface Unranked {
  readonly rowid: number
  readonly score: number | null
}

/** an embedding of zeros has no direction, and so no similarity. */
function isRanked(row: Unranked): row is Ranked {
  return row.score !== null
}

/** a term for FTS5, so that nothing in it is taken for the query language. */
function quoted(term: string): string {
  return `"${term.replaceAll('"', '""')}"`
}
