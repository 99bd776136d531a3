import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openVectors } from '../../../nucleus/infrastructure/sqlite/vectors.ts'
import { silent } from '../events/support.ts'
import { vectorsConformance } from './conformance/vectors.ts'
import { temporaryFolder } from './folders.ts'

vectorsConformance('sqlite-vec', () => {
  const folder = temporaryFolder()
  const vectors = openVectors({ path: join(folder, 'vectors.db'), log: silent })
  return {
    vectors,
    files: () =>
      readdirSync(folder)
        .map((file) => readFileSync(join(folder, file), 'latin1'))
        .join('\n'),
    dispose: () => vectors.close(),
  }
})

describe('the embedded vectors', () => {
  const item = { id: '1', text: 'one', metadata: {} }

  it('keep what they have over a close', async () => {
    const path = join(temporaryFolder(), 'vectors.db')
    const before = openVectors({ path, log: silent })
    await before.upsert('notes', [{ ...item, embedding: [1, 0, 0] }])
    await before.close()
    const after = openVectors({ path, log: silent })
    expect(await after.get('notes', ['1'])).toEqual([{ ...item, embedding: [1, 0, 0] }])
    await after.close()
  })

  it('end their thread when nobody calls, and start it again', async () => {
    const vectors = openVectors({ path: join(temporaryFolder(), 'vectors.db'), log: silent, idleMs: 1 })
    await vectors.upsert('notes', [item])
    await new Promise((resolve) => {
      setTimeout(resolve, 5)
    })
    expect(await vectors.count('notes')).toBe(1)
    await vectors.close()
  })

  it('refuse calls beyond their limit and after close', async () => {
    const vectors = openVectors({ path: join(temporaryFolder(), 'vectors.db'), log: silent, maxWaiting: 2 })
    const calls = [vectors.count('a'), vectors.count('b')]
    await expect(vectors.count('c')).rejects.toMatchObject({ code: 'VECTORS_BUSY', retryable: true })
    await Promise.all(calls)
    await vectors.close()
    await expect(vectors.count('a')).rejects.toMatchObject({ code: 'INFRASTRUCTURE_CLOSED' })
  })

  it('give up a call that takes too long and say so in health', async () => {
    const vectors = openVectors({ path: join(temporaryFolder(), 'vectors.db'), log: silent, callTimeoutMs: 0 })
    await expect(vectors.count('a')).rejects.toMatchObject({ code: 'VECTORS_TIMEOUT' })
    expect(vectors.health()).toMatchObject({ status: 'unhealthy', reason: expect.stringContaining('count') })
    await vectors.close()
  })

  it('find the nearest in a large collection although only bits are looked at first', async () => {
    const vectors = openVectors({ path: join(temporaryFolder(), 'vectors.db'), log: silent })
    let seed = 1
    const random = (): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647 - 0.5
    }
    const items = Array.from({ length: 6_000 }, (_, index) => ({
      id: `${index}`,
      text: `word${index % 700} filler`,
      metadata: {},
      embedding: Array.from({ length: 64 }, random),
    }))
    for (let at = 0; at < items.length; at += 1_000) await vectors.upsert('notes', items.slice(at, at + 1_000))
    const target = items[4_321]!
    const near = target.embedding.map((value) => value + random() * 0.1)
    const [hit] = await vectors.search('notes', { embedding: near, limit: 3 })
    expect(hit?.id).toBe('4321')
    const hits = await vectors.search('notes', { text: 'word5 filler', limit: 20 })
    expect(hits.slice(0, 8).every((one) => one.text.startsWith('word5 '))).toBe(true)
    await vectors.close()
  }, 60_000)
})
