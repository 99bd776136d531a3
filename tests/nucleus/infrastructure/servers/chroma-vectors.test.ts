import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createChromaSpace } from '../../../../nucleus/infrastructure/chroma/client.ts'
import { openChromaVectors, type ChromaVectors } from '../../../../nucleus/infrastructure/chroma/vectors.ts'
import { hasChroma, startChroma } from '../../../support/servers/chroma.ts'
import type { PrivateServer } from '../../../support/servers/private-server.ts'
import { waitFor } from '../../../support/wait-for.ts'
import { silent } from '../../events/support.ts'
import { vectorsConformance } from '../conformance/vectors.ts'
import { temporaryFolder } from '../folders.ts'

describe.skipIf(!hasChroma())('on a private ChromaDB', () => {
  let server: PrivateServer
  beforeAll(async () => {
    server = await startChroma()
  }, 60_000)
  afterAll(() => server?.dispose(), 60_000)

  const open = (folder = temporaryFolder()): Promise<ChromaVectors> =>
    openChromaVectors({
      url: server.url,
      indexPath: join(folder, 'index.db'),
      outboxPath: join(folder, 'outbox.db'),
      log: silent,
    })
  const empty = async (): Promise<void> => {
    const space = createChromaSpace(server.url)
    for (const name of await space.names()) {
      const ids: string[] = []
      for await (const records of space.writtenAfter(name, 0)) ids.push(...records.map(({ id }) => id))
      await space.delete(name, ids)
    }
  }
  const untilHealthy = (vectors: ChromaVectors): Promise<boolean> =>
    waitFor(() => vectors.health().status === 'healthy', { timeoutMs: 10_000, what: 'the vectors to be healthy' })

  vectorsConformance('chroma', async () => {
    await empty()
    const folder = temporaryFolder()
    const vectors = await open(folder)
    return {
      vectors,
      files: () =>
        readdirSync(folder)
          .map((file) => readFileSync(join(folder, file), 'latin1'))
          .join('\n'),
      dispose: () => vectors.close(),
    }
  })

  describe('the vectors on ChromaDB', () => {
    const east = [1, 0, 0]

    it('find by word and by meaning what another nucleus has written, and not what it has deleted', async () => {
      await empty()
      const [one, other] = [await open(), await open()]
      await one.upsert('notes', [
        { id: '1', text: 'the boat has a red sail', metadata: {}, embedding: east },
        { id: '2', text: 'oars are in the shed', metadata: { kept: true } },
      ])
      const hits = await other.search('notes', { text: 'shed', limit: 5 })
      expect(hits).toMatchObject([{ id: '2', text: 'oars are in the shed', metadata: { kept: true } }])
      expect(await other.search('notes', { embedding: east, limit: 5 })).toMatchObject([{ id: '1', similarity: 1 }])
      await one.delete('notes', ['2'])
      expect(await other.search('notes', { text: 'shed', limit: 5 })).toEqual([])
      await one.close()
      await other.close()
    })

    it('find words while the server is away, say that meaning is not found, and deliver what changed meanwhile', async () => {
      await empty()
      const folder = temporaryFolder()
      const vectors = await open(folder)
      await vectors.upsert('notes', [{ id: '1', text: 'a green door', metadata: {}, embedding: east }])
      await vectors.upsert('notes', [{ id: '2', text: 'a blue door', metadata: {} }])
      await server.kill()
      await vectors.upsert('notes', [{ id: '3', text: 'a grey door', metadata: {}, embedding: [0, 1, 0] }])
      await vectors.delete('notes', ['2'])
      const away = await vectors.search('notes', { text: 'door', embedding: east, limit: 5 })
      expect(away.map(({ id }) => id).toSorted()).toEqual(['1', '3'])
      await expect(vectors.search('notes', { embedding: east, limit: 5 })).rejects.toMatchObject({
        code: 'SERVER_UNREACHABLE',
        retryable: true,
      })
      expect(vectors.health()).toMatchObject({ status: 'degraded', reason: expect.stringContaining('2 changes wait') })
      await server.restart()
      await untilHealthy(vectors)
      expect(await vectors.count('notes')).toBe(2)
      expect(await vectors.search('notes', { embedding: [0, 1, 0], limit: 1 })).toMatchObject([{ id: '3' }])
      expect(readdirSync(folder).filter((name) => name.startsWith('outbox'))).toEqual([])
      await vectors.close()
    }, 60_000)

    it('begin without the server, and deliver what an earlier process has kept', async () => {
      await empty()
      await server.kill()
      const folder = temporaryFolder()
      const before = await open(folder)
      await before.upsert('notes', [{ id: '1', text: 'kept over the end', metadata: {}, embedding: east }])
      await before.close()
      await server.restart()
      const after = await open(folder)
      expect(await after.search('notes', { embedding: east, limit: 1 })).toMatchObject([{ id: '1' }])
      await after.close()
    }, 60_000)
  })
})
