// the vectors on ChromaDB: the server has every item and searches by meaning, an index on this machine searches by words.
import type { Logger } from 'pino'
import { isLotusError } from '../../errors.ts'
import { createIdentifier } from '../../identifiers.ts'
import { infrastructureErrors } from '../errors.ts'
import { createOutbox, type WaitingEntry } from '../outbox.ts'
import type { ResourceHealth, VectorHit, VectorItem, VectorQuery, Vectors } from '../ports.ts'
import { addressOf, createServerLink, messageOf } from '../server-link.ts'
import { openVectors } from '../sqlite/vectors.ts'
import { createChromaSpace, isChromaLoss, type ChromaRecord } from './client.ts'

export interface ChromaVectorsOptions {
  readonly url: string
  /** the index of words on this machine. */
  readonly indexPath: string
  /** changes that wait for the server. */
  readonly outboxPath: string
  readonly log: Logger
  /** a call that takes longer is given up, milliseconds. default 15,000. */
  readonly callTimeoutMs?: number
}

export interface ChromaVectors extends Vectors {
  health(): ResourceHealth
  close(): Promise<void>
}

type Change =
  | { readonly kind: 'upsert'; readonly collection: string; readonly records: readonly ChromaRecord[] }
  | { readonly kind: 'delete'; readonly collection: string; readonly ids: readonly string[] }

/** reciprocal rank fusion, as in the embedded vectors, so that scores mean the same. */
const fusionConstant = 60
/** how often a search looks for what other nuclei have written. */
const followEveryMs = 5_000
/** clocks of several machines are this far apart at most. */
const clockToleranceMs = 60_000
/** marks of the index's own, in a collection of its own and in the metadata of its items. */
const marks = 'lotus marks'
const deliverAtOnce = 200

/**
 * begins without the server where it is away: words are found, meaning is not, changes wait.
 * @throws STATE_READ_ONLY, STATE_DAMAGED, STATE_NEWER of the index
 */
export async function openChromaVectors(options: ChromaVectorsOptions): Promise<ChromaVectors> {
  const { url, log } = options
  const address = addressOf(url)
  const callTimeoutMs = options.callTimeoutMs ?? 15_000
  const space = createChromaSpace(url)
  const index = openVectors({ path: options.indexPath, log })
  const outbox = createOutbox(options.outboxPath)
  const followed = new Map<string, number>()
  let hasWaiting = true
  let delivering: Promise<void> | undefined
  let lastMoment = 0
  let closed = false

  const perform = async (change: Change): Promise<number> => {
    if (change.kind === 'delete') return await space.delete(change.collection, change.ids)
    await space.upsert(change.collection, change.records)
    return change.records.length
  }
  const deliver = (): Promise<void> => {
    delivering ??= deliverAll().finally(() => {
      delivering = undefined
    })
    return delivering
  }
  const deliverAll = async (): Promise<void> => {
    hasWaiting = false
    try {
      for (let batch = outbox.next(deliverAtOnce); batch.length > 0; batch = outbox.next(deliverAtOnce)) {
        await deliverBatch(batch)
      }
      outbox.tidy()
    } catch (error) {
      hasWaiting = true
      throw error
    }
  }
  /** together, or where something is refused one by one, so that only that is put aside. done twice is done once. */
  const deliverBatch = async (batch: readonly WaitingEntry[]): Promise<void> => {
    const changes = batch.map(({ id, payload }) => ({ id, change: JSON.parse(payload) as Change }))
    try {
      for (const one of netChanges(changes.map(({ change: each }) => each))) await perform(one)
      return outbox.remove(batch.map(({ id }) => id))
    } catch (error) {
      if (isChromaLoss(error)) throw error
    }
    for (const { id, change: one } of changes) {
      try {
        await perform(one)
        outbox.remove([id])
      } catch (error) {
        if (isChromaLoss(error)) throw error
        log.error({ err: error, change: id }, 'ChromaDB refuses a change that had waited for it')
        outbox.refuse(id, messageOf(error))
      }
    }
  }

  const begun = await within(2_000, space.heartbeat()).then(() => undefined, explainLoss)
  const link = createServerLink({
    name: 'ChromaDB',
    address,
    isUp: begun === undefined,
    ...(begun === undefined ? {} : { reason: begun }),
    probe: space.heartbeat,
    isLoss: isChromaLoss,
    explain: explainLoss,
    onBack: deliver,
    onLost: space.abort,
    log,
  })

  /** @throws SERVER_UNREACHABLE, VECTORS_DIMENSIONS, VECTORS_TIMEOUT, VECTORS_FAILED */
  const ask = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (closed) throw infrastructureErrors.INFRASTRUCTURE_CLOSED({ detail: 'vectors' })
    try {
      return await link.call(async () => {
        if (hasWaiting) await deliver()
        return await within(callTimeoutMs, work())
      })
    } catch (error) {
      if (isLotusError(error)) throw error
      if (isChromaLoss(error)) throw link.unreachable(error)
      throw infrastructureErrors.VECTORS_FAILED({ detail: messageOf(error), cause: error })
    }
  }
  const isAway = (error: unknown): boolean => isLotusError(error, 'SERVER_UNREACHABLE')

  /** done now, or kept for the server's return; undefined where it waits. */
  const change = async (one: Change): Promise<number | undefined> => {
    try {
      return await ask(() => perform(one))
    } catch (error) {
      if (!isAway(error)) throw error
      outbox.add({ id: createIdentifier(), payload: JSON.stringify(one) })
      hasWaiting = true
      return undefined
    }
  }

  /** greater than every moment before it in this process. */
  const nextMoment = (): number => {
    lastMoment = Math.max(Date.now(), lastMoment + 0.001)
    return lastMoment
  }

  const learn = async (collection: string, records: readonly ChromaRecord[]): Promise<void> => {
    const known = await index.get(
      collection,
      records.map(({ id }) => id),
    )
    const moments = new Map(known.map((item) => [item.id, item.metadata['lotus at']]))
    const news = records.filter(({ id, writtenAt }) => moments.get(id) !== writtenAt)
    if (news.length > 0) await index.upsert(collection, news.map(toIndexed))
  }
  /** takes into the index what other nuclei have written since the last look. */
  const follow = async (collection: string): Promise<void> => {
    const last = followed.get(collection)
    if (last !== undefined && Date.now() - last < followEveryMs) return
    followed.set(collection, Date.now())
    const [mark] = await index.get(marks, [collection])
    const before = Number(mark?.metadata['at'] ?? 0)
    let latest = before
    for await (const records of space.writtenAfter(collection, before - clockToleranceMs)) {
      await learn(collection, records)
      for (const { writtenAt } of records) latest = Math.max(latest, writtenAt)
    }
    if (latest > before) await index.upsert(marks, [{ id: collection, text: '', metadata: { at: latest } }])
  }

  const searchByWords = async (collection: string, query: VectorQuery, limit: number): Promise<VectorHit[]> => {
    const { text, where } = query
    const hits = await index.search(collection, {
      limit,
      ...(text === undefined ? {} : { text }),
      ...(where === undefined ? {} : { where }),
    })
    return hits.map(({ metadata, ...rest }) => ({ ...rest, metadata: ownMetadata(metadata) }))
  }

  const searchBoth = async (collection: string, query: VectorQuery): Promise<VectorHit[]> => {
    await follow(collection)
    const { embedding, limit, where } = query
    const depth = Math.max(50, limit * 4)
    const hasText = query.text !== undefined && query.text.trim() !== ''
    const [words, nearest] = await Promise.all([
      hasText || embedding === undefined ? searchByWords(collection, query, depth) : [],
      embedding === undefined ? [] : space.nearest(collection, embedding, { limit: depth, where }),
    ])
    const fused = new Map(words.map((hit) => [hit.id, hit.score]))
    // what points elsewhere is no match, and must not gain a rank from being among few.
    for (const [rank, { id }] of nearest.filter(({ similarity }) => similarity > 0).entries()) {
      fused.set(id, (fused.get(id) ?? 0) + 1 / (fusionConstant + rank + 1))
    }
    const best = Array.from(fused)
      .toSorted((left, right) => right[1] - left[1])
      .slice(0, depth)
    const texts = new Map(words.map((hit) => [hit.id, hit.textScore]))
    // the server says what exists: what another nucleus has deleted leaves the index here.
    const hits: VectorHit[] = []
    for (let at = 0; at < best.length && hits.length < limit; at += limit) {
      const part = best.slice(at, at + limit)
      const ids = part.map(([id]) => id)
      const records = new Map((await space.get(collection, ids)).map((record) => [record.id, record]))
      const gone = ids.filter((id) => !records.has(id))
      if (gone.length > 0) await index.delete(collection, gone)
      for (const [id, score] of part) {
        const record = records.get(id)
        if (record !== undefined && hits.length < limit) hits.push(toHit(record, score, texts.get(id), embedding))
      }
    }
    return hits
  }

  return Object.freeze({
    upsert: async (collection: string, items: readonly VectorItem[]) => {
      const records = items.map((item) => ({ ...item, writtenAt: nextMoment() }))
      await change({ kind: 'upsert', collection, records })
      await index.upsert(collection, records.map(toIndexed))
    },
    search: async (collection: string, query: VectorQuery) => {
      const limit = Math.max(0, Math.min(query.limit, 1_000))
      if (limit === 0) return []
      try {
        return await ask(() => searchBoth(collection, { ...query, limit }))
      } catch (error) {
        // meaning is with the server alone; words are here as well.
        const hasWords = query.embedding === undefined || (query.text !== undefined && query.text.trim() !== '')
        if (!isAway(error) || !hasWords) throw error
        return await searchByWords(collection, query, limit)
      }
    },
    get: async (collection: string, ids: readonly string[]) => {
      try {
        const records = await ask(() => space.get(collection, ids))
        return records.map(({ writtenAt: _, ...item }) => item)
      } catch (error) {
        if (!isAway(error)) throw error
        const items = await index.get(collection, ids)
        return items.map((item) => ({ ...item, metadata: ownMetadata(item.metadata) }))
      }
    },
    delete: async (collection: string, ids: readonly string[]) => {
      if (ids.length === 0) return 0
      const there = await change({ kind: 'delete', collection, ids })
      const here = await index.delete(collection, ids)
      return there ?? here
    },
    count: async (collection: string) => {
      try {
        return await ask(() => space.count(collection))
      } catch (error) {
        if (!isAway(error)) throw error
        return await index.count(collection)
      }
    },
    health: (): ResourceHealth => {
      const loss = link.fault()
      const waiting = outbox.waiting()
      if (loss !== undefined) {
        const kept = waiting === 0 ? '' : `, ${waiting} changes wait for it on this machine`
        return { backend: 'chroma', status: 'degraded', reason: `${loss}; words are found, meaning is not${kept}` }
      }
      const { status, reason } = index.health()
      if (status !== 'healthy') return { backend: 'chroma', status, ...(reason === undefined ? {} : { reason }) }
      const refused = outbox.refused()
      if (refused === 0) return { backend: 'chroma', status: 'healthy' }
      const where = `they are kept in ${options.outboxPath}, table refused`
      return { backend: 'chroma', status: 'degraded', reason: `${refused} changes were refused by ChromaDB; ${where}` }
    },
    close: async () => {
      if (closed) return
      closed = true
      if (!link.isUp()) space.abort()
      await link.close()
      space.abort()
      await index.close()
      outbox.close()
    },
  })
}

/** what many changes come to: of each item only the last one counts. */
function netChanges(changes: readonly Change[]): Change[] {
  const collections = new Map<string, Map<string, ChromaRecord | 'deleted'>>()
  for (const one of changes) {
    const items = collections.get(one.collection) ?? new Map<string, ChromaRecord | 'deleted'>()
    collections.set(one.collection, items)
    if (one.kind === 'delete') for (const id of one.ids) items.set(id, 'deleted')
    else for (const record of one.records) items.set(record.id, record)
  }
  return Array.from(collections).flatMap(([collection, items]): Change[] => {
    const records = Array.from(items.values()).filter((item) => item !== 'deleted')
    const ids = Array.from(items).flatMap(([id, item]) => (item === 'deleted' ? [id] : []))
    return [
      ...(records.length === 0 ? [] : [{ kind: 'upsert' as const, collection, records }]),
      ...(ids.length === 0 ? [] : [{ kind: 'delete' as const, collection, ids }]),
    ]
  })
}

function toIndexed({ id, text, metadata, writtenAt }: ChromaRecord): VectorItem {
  return { id, text, metadata: { ...metadata, 'lotus at': writtenAt } }
}

function ownMetadata(metadata: VectorItem['metadata']): VectorItem['metadata'] {
  const { 'lotus at': _, ...own } = metadata
  return own
}

function toHit(
  record: ChromaRecord,
  score: number,
  textScore: number | undefined,
  query: readonly number[] | undefined,
): VectorHit {
  const { writtenAt: _, embedding, ...item } = record
  const similarity = query === undefined || embedding === undefined ? undefined : cosine(query, embedding)
  return {
    ...item,
    score,
    ...(textScore === undefined ? {} : { textScore }),
    ...(similarity === undefined ? {} : { similarity }),
  }
}

/** undefined where one of them has no direction. */
function cosine(left: readonly number[], right: readonly number[]): number | undefined {
  let product = 0
  let lefts = 0
  let rights = 0
  for (const [at, value] of left.entries()) {
    const other = right[at] ?? 0
    product += value * other
    lefts += value * value
    rights += other * other
  }
  return lefts === 0 || rights === 0 ? undefined : product / Math.sqrt(lefts * rights)
}

/** the client's own words name a browser's settings. */
function explainLoss(error: unknown): string {
  const message = messageOf(error)
  return message.startsWith('Failed to connect to chromadb') ? 'nobody answers' : message
}

async function within<Result>(limitMs: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(infrastructureErrors.VECTORS_TIMEOUT({ detail: `${limitMs} ms` })), limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
