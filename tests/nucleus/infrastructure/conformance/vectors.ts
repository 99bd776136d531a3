// what every vector store must do; a backend's test calls it with a factory.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { VectorHit, VectorItem, Vectors } from '../../../../nucleus/infrastructure/ports.ts'

export interface VectorsFixture {
  readonly vectors: Vectors
  /** everything that the backend has on disk at this moment, as one text; absent where the test can't see it. */
  readonly files?: () => string
  dispose(): Promise<void>
}

function item(id: string, text: string, rest: Partial<VectorItem> = {}): VectorItem {
  return { id, text, metadata: {}, ...rest }
}

function idsOf(hits: readonly VectorHit[]): string[] {
  return hits.map((hit) => hit.id)
}

const east = [1, 0, 0, 0, 0, 0, 0, 0]
const north = [0, 1, 0, 0, 0, 0, 0, 0]
const northEast = [0.9, 0.4, 0, 0, 0, 0, 0, 0]

export function vectorsConformance(name: string, make: () => Promise<VectorsFixture> | VectorsFixture): void {
  describe(`vectors: ${name}`, () => {
    let fixture: VectorsFixture
    let vectors: Vectors

    beforeEach(async () => {
      fixture = await make()
      vectors = fixture.vectors
    })
    afterEach(() => fixture.dispose())

    it('gives back what was put, counts it, and replaces by id', async () => {
      const one = item('1', 'the door is blue', { metadata: { room: 'hall', count: 2, old: true, note: null } })
      await vectors.upsert('notes', [one, item('2', 'the window is open')])
      await vectors.upsert('notes', [item('2', 'the window is shut')])
      expect(await vectors.get('notes', ['1', '2', '3'])).toEqual([one, item('2', 'the window is shut')])
      expect(await vectors.count('notes')).toBe(2)
      expect(idsOf(await vectors.search('notes', { text: 'open', limit: 5 }))).toEqual([])
    })

    it('is empty where nothing was put', async () => {
      expect(await vectors.search('nothing', { text: 'x', limit: 5 })).toEqual([])
      expect(await vectors.get('nothing', ['1'])).toEqual([])
      expect(await vectors.delete('nothing', ['1'])).toBe(0)
      expect(await vectors.count('nothing')).toBe(0)
    })

    it('keeps collections apart', async () => {
      await vectors.upsert('notes', [item('1', 'a red apple')])
      await vectors.upsert('skills', [item('1', 'a green apple')])
      expect((await vectors.search('skills', { text: 'apple', limit: 5 })).map((hit) => hit.text)).toEqual([
        'a green apple',
      ])
    })

    it('finds words in other forms, the better match first, with its bm25', async () => {
      await vectors.upsert('notes', [
        item('1', 'we painted the old garden fence in spring'),
        item('2', 'painting'),
        item('3', 'nothing of the kind'),
      ])
      const hits = await vectors.search('notes', { text: 'paint', limit: 5 })
      expect(idsOf(hits)).toEqual(['2', '1'])
      expect(hits[0]!.score).toBeGreaterThan(hits[1]!.score)
      expect(hits[0]!.textScore).toBeLessThan(0)
    })

    it('finds misspelt words, and nothing by a word that is like none', async () => {
      await vectors.upsert('notes', [item('1', 'the elephant sleeps'), item('2', 'the telephone rings')])
      expect(idsOf(await vectors.search('notes', { text: 'elefant', limit: 5 }))).toEqual(['1'])
      expect(await vectors.search('notes', { text: 'xylophon', limit: 5 })).toEqual([])
    })

    it('finds by meaning, with the cosine similarity', async () => {
      await vectors.upsert('notes', [
        item('1', 'sunrise', { embedding: east }),
        item('2', 'pole star', { embedding: north }),
        item('3', 'without a direction'),
      ])
      const hits = await vectors.search('notes', { embedding: northEast, limit: 5 })
      expect(idsOf(hits)).toEqual(['1', '2'])
      expect(hits[0]!.similarity).toBeCloseTo(0.9 / Math.hypot(0.9, 0.4), 4)
    })

    it('puts what both word and meaning say above what only one of them says', async () => {
      await vectors.upsert('notes', [
        item('word', 'the harbour in winter', { embedding: north }),
        item('meaning', 'ships and water', { embedding: east }),
        item('both', 'the harbour in summer', { embedding: northEast }),
      ])
      const hits = await vectors.search('notes', { text: 'harbour', embedding: east, limit: 3 })
      expect(hits[0]!.id).toBe('both')
      expect(hits).toHaveLength(3)
    })

    it('filters by metadata, exactly and before the limit', async () => {
      const items = Array.from({ length: 60 }, (_, index) =>
        item(`${index}`, 'apple pie', {
          embedding: east,
          metadata: { 'the kind': index === 59 ? 'rare' : 'usual', even: index % 2 === 0 },
        }),
      )
      await vectors.upsert('notes', items)
      const rare = { 'the kind': 'rare', even: false }
      expect(idsOf(await vectors.search('notes', { text: 'apple', where: rare, limit: 1 }))).toEqual(['59'])
      expect(idsOf(await vectors.search('notes', { embedding: east, where: rare, limit: 1 }))).toEqual(['59'])
      expect(await vectors.search('notes', { text: 'apple', where: { ...rare, even: true }, limit: 1 })).toEqual([])
    })

    it('lists the newest where nothing is asked for', async () => {
      await vectors.upsert('notes', [item('1', 'one'), item('2', 'two'), item('3', 'three')])
      expect(idsOf(await vectors.search('notes', { limit: 2 }))).toEqual(['3', '2'])
    })

    it('takes whatever a person types for words, never for a query language', async () => {
      await vectors.upsert('notes', [item('1', 'he said "NOT" and (maybe) NEAR me*')])
      for (const text of ['"', '"NOT" AND', 'NEAR(x', 'text:*', '^maybe', "'; drop table items_1; --", '*', '\0']) {
        await expect(vectors.search('notes', { text, limit: 5 })).resolves.toBeInstanceOf(Array)
      }
      expect(idsOf(await vectors.search('notes', { text: '"not" (', limit: 5 }))).toEqual(['1'])
    })

    it('refuses an embedding of another length', async () => {
      await vectors.upsert('notes', [item('1', 'one', { embedding: east })])
      const other = [1, 2, 3]
      await expect(vectors.upsert('notes', [item('2', 'two', { embedding: other })])).rejects.toMatchObject({
        code: 'VECTORS_DIMENSIONS',
      })
      await expect(vectors.search('notes', { embedding: other, limit: 1 })).rejects.toMatchObject({
        code: 'VECTORS_DIMENSIONS',
      })
      expect(await vectors.count('notes')).toBe(1)
    })

    it('takes another length once the last embedding is gone', async () => {
      await vectors.upsert('notes', [item('1', 'one', { embedding: east })])
      await vectors.delete('notes', ['1'])
      await vectors.upsert('notes', [item('2', 'two', { embedding: [1, 0, 0] })])
      expect(idsOf(await vectors.search('notes', { embedding: [1, 0, 0], limit: 1 }))).toEqual(['2'])
    })

    it('removes items and every trace of their text and of what they replaced', async () => {
      const others = Array.from({ length: 50 }, (_, index) => item(`${index}`, `an ordinary sentence number ${index}`))
      await vectors.upsert('notes', others)
      await vectors.upsert('notes', [
        item('secret', 'the password is xyzzyplugh', { metadata: { hint: 'frobozz' }, embedding: east }),
      ])
      await vectors.upsert('notes', [item('changed', 'an early quuxword')])
      await vectors.upsert('notes', [item('changed', 'a later text')])
      expect(await vectors.delete('notes', ['secret', 'never'])).toBe(1)
      expect(await vectors.search('notes', { text: 'xyzzyplugh', limit: 5 })).toEqual([])
      expect(await vectors.count('notes')).toBe(51)
      const files = fixture.files?.().toLowerCase() ?? ''
      for (const canary of ['xyzzyplugh', 'xyzzy', 'frobozz']) expect(files).not.toContain(canary)
      expect(files).not.toContain('quuxword')
    })
  })
}
