// the way to one ChromaDB server: its collections, two for each of ours, with errors that say what happened.
import { randomUUID } from 'node:crypto'
import { ChromaClient, type Collection, type Metadata, type Where } from 'chromadb'
import { infrastructureErrors } from '../errors.ts'
import type { VectorItem, VectorQuery } from '../ports.ts'

/** an item as the server has it. */
export interface ChromaRecord extends VectorItem {
  /** when it was written, milliseconds; fractions keep writes of one moment apart. */
  readonly writtenAt: number
}

export interface ChromaSpace {
  heartbeat(): Promise<void>
  /** @throws VECTORS_DIMENSIONS, and what the way to the server throws */
  upsert(name: string, records: readonly ChromaRecord[]): Promise<void>
  get(name: string, ids: readonly string[]): Promise<ChromaRecord[]>
  /** ids with their cosine similarity, the nearest first. @throws VECTORS_DIMENSIONS */
  nearest(
    name: string,
    embedding: readonly number[],
    options: { readonly limit: number; readonly where: VectorQuery['where'] },
  ): Promise<{ id: string; similarity: number }[]>
  delete(name: string, ids: readonly string[]): Promise<number>
  count(name: string): Promise<number>
  /** records that others have written after a moment, in pages; without their embeddings. */
  writtenAfter(name: string, moment: number): AsyncIterable<ChromaRecord[]>
  /** the names of our collections. */
  names(): Promise<string[]>
  /** removes a collection with all that is in it. */
  drop(name: string): Promise<void>
  /** the server's. */
  version(): Promise<string>
  /** lets go of every request that waits for an answer. */
  abort(): void
}

/** records of one request. */
const batch = 500
const page = 1_000
/** candidates that the index looks at: at 100 it finds fewer than 99 of 100 nearest. */
const searchWidth = 200

/** with embeddings, and without: Chroma wants one for every record, of one length in a collection. */
type Half = 'vectors' | 'texts'
const halves: readonly Half[] = ['vectors', 'texts']

/** @param url - `http://[user:password@]host:port[?tenant=…&database=…]`; a password alone is sent as Chroma's token */
export function createChromaSpace(url: string): ChromaSpace {
  const writer = randomUUID()
  let abort = new AbortController()
  let client = connect(url, abort.signal)
  const collections = new Map<string, Promise<Collection>>()

  const forget = (key: string): void => {
    collections.delete(key)
  }
  const open = (name: string, half: Half): Promise<Collection> => {
    const key = keyOf(name, half)
    const known = collections.get(key)
    if (known !== undefined) return known
    const opening = client.getOrCreateCollection({
      name: key,
      embeddingFunction: null,
      configuration: { hnsw: { space: 'cosine', ef_search: searchWidth, ef_construction: searchWidth } },
    })
    collections.set(key, opening)
    opening.catch(() => forget(key))
    return opening
  }
  /** another nucleus may have made a collection anew: its handle is asked for once more. */
  const using = async <Result>(
    name: string,
    half: Half,
    work: (collection: Collection) => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await work(await open(name, half))
    } catch (error) {
      if (!isNotFound(error)) throw asDimensions(error, name)
      forget(keyOf(name, half))
      return await work(await open(name, half))
    }
  }
  const getFrom = async (name: string, half: Half, ids: readonly string[]): Promise<ChromaRecord[]> => {
    const found = await using(name, half, (collection) =>
      collection.get({ ids: [...ids], include: ['documents', 'metadatas', 'embeddings'] }),
    )
    return toRecords(found, half)
  }
  const put = async (name: string, half: Half, records: readonly ChromaRecord[]): Promise<void> => {
    for (let at = 0; at < records.length; at += batch) {
      const part = records.slice(at, at + batch)
      await using(name, half, (collection) =>
        collection.upsert({
          ids: part.map(({ id }) => id),
          // a direction is needed even where there is none.
          embeddings: part.map(({ embedding }) => (embedding === undefined ? [0] : [...embedding])),
          documents: part.map(({ text }) => text),
          metadatas: part.map((record) => ({ ...toMetadata(record), lotus_by: writer })),
        }),
      )
    }
  }
  const remove = async (name: string, half: Half, ids: readonly string[]): Promise<number> => {
    let removed = 0
    for (let at = 0; at < ids.length; at += batch) {
      const part = ids.slice(at, at + batch)
      removed += await using(name, half, async (collection) => {
        const { ids: there } = await collection.get({ ids: part, include: [] })
        if (there.length > 0) await collection.delete({ ids: there })
        return there.length
      })
    }
    return removed
  }
  /** the last embedding took the length of all with it. */
  const dropEmpty = async (name: string): Promise<boolean> => {
    const key = keyOf(name, 'vectors')
    const left = await using(name, 'vectors', (collection) => collection.count())
    if (left > 0) return false
    await client.deleteCollection({ name: key })
    forget(key)
    return true
  }

  return Object.freeze({
    heartbeat: async () => {
      await client.heartbeat()
    },
    upsert: async (name: string, records: readonly ChromaRecord[]) => {
      const vectors = records.filter(({ embedding }) => embedding !== undefined)
      const texts = records.filter(({ embedding }) => embedding === undefined)
      if (vectors.length > 0) {
        sameLength(name, vectors)
        try {
          await put(name, 'vectors', vectors)
        } catch (error) {
          if (!isDimensions(error) || !(await dropEmpty(name))) throw error
          await put(name, 'vectors', vectors)
        }
        await remove(
          name,
          'texts',
          vectors.map(({ id }) => id),
        )
      }
      if (texts.length > 0) {
        await put(name, 'texts', texts)
        await remove(
          name,
          'vectors',
          texts.map(({ id }) => id),
        )
      }
    },
    get: async (name: string, ids: readonly string[]) => {
      if (ids.length === 0) return []
      const found = new Map((await getFrom(name, 'vectors', ids)).map((record) => [record.id, record]))
      const others = ids.filter((id) => !found.has(id))
      // mostly there are none.
      for (const record of others.length === 0 ? [] : await getFrom(name, 'texts', others)) found.set(record.id, record)
      return ids.flatMap((id) => found.get(id) ?? [])
    },
    nearest: async (
      name: string,
      embedding: readonly number[],
      { limit, where }: { readonly limit: number; readonly where: VectorQuery['where'] },
    ) => {
      const filter = toWhere(where)
      const answer = await using(name, 'vectors', (collection) =>
        collection.query({
          queryEmbeddings: [[...embedding]],
          nResults: limit,
          include: ['distances'],
          ...(filter === undefined ? {} : { where: filter }),
        }),
      )
      const distances = answer.distances[0] ?? []
      return (answer.ids[0] ?? []).map((id, index) => ({ id, similarity: 1 - (distances[index] ?? 1) }))
    },
    delete: async (name: string, ids: readonly string[]) => {
      const texts = await remove(name, 'texts', ids)
      const vectors = await remove(name, 'vectors', ids)
      if (vectors > 0) await dropEmpty(name)
      return texts + vectors
    },
    count: async (name: string) => {
      const counts = await Promise.all(halves.map((half) => using(name, half, (collection) => collection.count())))
      return counts.reduce((sum, one) => sum + one, 0)
    },
    writtenAfter: async function* (name: string, moment: number) {
      for (const half of halves) {
        for (let offset = 0; ; offset += page) {
          const found = await using(name, half, (collection) =>
            collection.get({
              where: { $and: [{ lotus_at: { $gt: moment } }, { lotus_by: { $ne: writer } }] },
              limit: page,
              offset,
              include: ['documents', 'metadatas'],
            }),
          )
          const records = toRecords(found, 'texts')
          if (records.length > 0) yield records
          if (records.length < page) break
        }
      }
    },
    names: async () => {
      const found = new Set<string>()
      for (let offset = 0; ; offset += 100) {
        const list = await client.listCollections({ limit: 100, offset })
        for (const { name } of list) {
          const ours = nameOf(name)
          if (ours !== undefined) found.add(ours)
        }
        if (list.length < 100) return Array.from(found)
      }
    },
    drop: async (name: string) => {
      for (const half of halves) {
        const key = keyOf(name, half)
        forget(key)
        try {
          await client.deleteCollection({ name: key })
        } catch (error) {
          if (!isNotFound(error)) throw error
        }
      }
    },
    version: () => client.version(),
    abort: () => {
      abort.abort()
      abort = new AbortController()
      client = connect(url, abort.signal)
      collections.clear()
    },
  })
}

function connect(url: string, signal: AbortSignal): ChromaClient {
  const { hostname, port, protocol, username, password, searchParams } = new URL(url)
  const ssl = protocol === 'https:'
  const user = decodeURIComponent(username)
  const secret = decodeURIComponent(password)
  const headers: Record<string, string> =
    user !== ''
      ? { authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}` }
      : secret === ''
        ? {}
        : { 'x-chroma-token': secret }
  return new ChromaClient({
    host: hostname,
    port: Number(port === '' ? (ssl ? 443 : 80) : port),
    ssl,
    tenant: searchParams.get('tenant') ?? 'default_tenant',
    database: searchParams.get('database') ?? 'default_database',
    headers,
    fetchOptions: { signal },
  })
}

/** Chroma's names are short and plain: others are written in hexadecimal digits. */
function keyOf(name: string, half: Half): string {
  const isPlain = /^[a-z0-9][a-z0-9_.-]{0,100}$/.test(name) && !name.includes('..') && !name.startsWith('x-')
  return `lotus-${half}-${isPlain ? name : `x-${Buffer.from(name).toString('hex')}`}-1`
}

function nameOf(key: string): string | undefined {
  const found = /^lotus-(?:vectors|texts)-(.+)-1$/.exec(key)?.[1]
  return found?.startsWith('x-') === true ? Buffer.from(found.slice(2), 'hex').toString() : found
}

/** what is filtered by lies beside the whole, each value under its name; Chroma keeps no null. */
function toMetadata(record: ChromaRecord): Metadata {
  const flat = Object.entries(record.metadata).filter(([, value]) => value !== null)
  return {
    ...Object.fromEntries(flat.map(([name, value]) => [`m:${name}`, value])),
    lotus_metadata: JSON.stringify(record.metadata),
    lotus_at: record.writtenAt,
  }
}

function toWhere(where: VectorQuery['where']): Where | undefined {
  const conditions = Object.entries(where ?? {}).map(([name, value]) => ({ [`m:${name}`]: { $eq: value } }))
  if (conditions.length === 0) return undefined
  return conditions.length === 1 ? conditions[0] : { $and: conditions }
}

interface Found {
  readonly ids: string[]
  readonly documents: (string | null)[]
  readonly metadatas: (Metadata | null)[]
  readonly embeddings: number[][]
}

function toRecords(found: Found, half: Half): ChromaRecord[] {
  return found.ids.map((id, index) => {
    const metadata = found.metadatas[index] ?? {}
    const embedding = half === 'vectors' ? found.embeddings[index] : undefined
    return {
      id,
      text: found.documents[index] ?? '',
      metadata: JSON.parse(
        typeof metadata['lotus_metadata'] === 'string' ? metadata['lotus_metadata'] : '{}',
      ) as VectorItem['metadata'],
      writtenAt: Number(metadata['lotus_at'] ?? 0),
      ...(embedding === undefined ? {} : { embedding }),
    }
  })
}

function sameLength(name: string, records: readonly ChromaRecord[]): void {
  const length = records[0]?.embedding?.length
  const other = records.find(({ embedding }) => embedding?.length !== length)
  if (other === undefined) return
  const detail = `${other.embedding?.length} instead of ${length}`
  throw infrastructureErrors.VECTORS_DIMENSIONS({ value: name, detail })
}

const dimensionMessage = /dimension of (\d+), got (\d+)/

function isDimensions(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'VECTORS_DIMENSIONS'
}

function asDimensions(error: unknown, name: string): unknown {
  const match = error instanceof Error ? dimensionMessage.exec(error.message) : null
  if (match === null) return error
  return infrastructureErrors.VECTORS_DIMENSIONS({
    value: name,
    detail: `${match[2]} instead of ${match[1]}`,
    cause: error,
  })
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && error.name === 'ChromaNotFoundError'
}

/** whether the server is gone, and not merely unwilling. */
export function isChromaLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (['ChromaConnectionError', 'AbortError', 'TimeoutError'].includes(error.name)) return true
  return error.name === 'ChromaServerError' || /fetch failed|terminated|other side closed/.test(error.message)
}
