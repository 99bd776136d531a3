// hybrid search in the embedded vectors, through the worker thread as modules use it, against an exact scan.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { openVectors, type EmbeddedVectors } from '../../../nucleus/infrastructure/sqlite/vectors.ts'
import { defineBench, type BenchResult } from '../bench.ts'
import { median, percentile } from '../measure.ts'

const dimensions = 384
const limit = 10

export default defineBench({
  name: 'search',
  kind: 'bench',
  description: 'hybrid search in the embedded vectors: time, and recall@10 of the meaning part against an exact scan',
  run: async ({ seconds }) => [
    ...(await measure(10_000, 15, seconds / 2)),
    // a hundred thousand take a minute to put in: only where there is time for it.
    ...(seconds >= 60 ? await measure(100_000, 60, seconds / 2) : []),
  ],
})

async function measure(count: number, targetMs: number, seconds: number): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lotus-bench-search-'))
  const vectors = openVectors({
    path: join(folder, 'vectors.db'),
    log: pino({ level: 'silent' }),
    callTimeoutMs: 120_000,
  })
  try {
    const world = createWorld(count)
    const embeddings = await put(vectors, world, count)
    const times: number[] = []
    let found = 0
    let asked = 0
    const endAt = performance.now() + seconds * 1_000
    while (times.length < 40 || (performance.now() < endAt && times.length < 1_000)) {
      const embedding = world.embedding()
      const startedAt = performance.now()
      await vectors.search('bench', { text: world.text(3), embedding, limit })
      times.push(performance.now() - startedAt)
      if (times.length % 4 !== 0) continue
      const hits = await vectors.search('bench', { embedding, limit })
      const exact = nearest(embeddings, embedding)
      found += hits.filter((hit) => exact.has(hit.id)).length
      asked += limit
    }
    const p95 = percentile(times, 0.95)
    const recall = found / asked
    const items = count.toLocaleString('en-US')
    return [
      { metric: `${items} items, p50`, value: median(times), unit: 'ms' },
      { metric: `${items} items, p95`, value: p95, unit: 'ms', target: `at most ${targetMs} ms`, ok: p95 <= targetMs },
      {
        metric: `${items} items, recall@10`,
        value: recall,
        unit: 'of exact',
        target: 'at least 0.99',
        ok: recall >= 0.99,
      },
    ]
  } finally {
    await vectors.close()
    rmSync(folder, { recursive: true })
  }
}

/** texts with few frequent and many rare words, embeddings in clusters, as real ones are; the same in each run. */
function createWorld(count: number) {
  let seed = 1
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const centres = Array.from({ length: Math.ceil(count / 50) }, () =>
    Array.from({ length: dimensions }, () => random() - 0.5),
  )
  return {
    text: (words: number): string =>
      Array.from({ length: words }, () => `w${Math.floor(5_000 * random() ** 3).toString(36)}x`).join(' '),
    embedding: (): number[] => {
      const centre = centres[Math.floor(random() * centres.length)]!
      return centre.map((value) => value + (random() - 0.5) * 0.6)
    },
  }
}

async function put(
  vectors: EmbeddedVectors,
  world: ReturnType<typeof createWorld>,
  count: number,
): Promise<Float32Array[]> {
  const embeddings: Float32Array[] = []
  for (let at = 0; at < count; at += 500) {
    const items = Array.from({ length: Math.min(500, count - at) }, (_, index) => ({
      id: `${at + index}`,
      text: world.text(20),
      metadata: {},
      embedding: world.embedding(),
    }))
    for (const item of items) embeddings.push(Float32Array.from(item.embedding))
    await vectors.upsert('bench', items)
  }
  return embeddings
}

/** ids of the nearest by cosine, by looking at all. */
function nearest(embeddings: readonly Float32Array[], query: readonly number[]): Set<string> {
  const best = embeddings
    .map((embedding, index) => {
      let dot = 0
      let square = 0
      for (let at = 0; at < dimensions; at += 1) {
        dot += embedding[at]! * query[at]!
        square += embedding[at]! * embedding[at]!
      }
      return { id: `${index}`, similarity: dot / Math.sqrt(square) }
    })
    .toSorted((left, right) => right.similarity - left.similarity)
  return new Set(best.slice(0, limit).map(({ id }) => id))
}
