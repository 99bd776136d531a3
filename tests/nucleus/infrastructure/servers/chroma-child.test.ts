import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startChromaChild } from '../../../../nucleus/infrastructure/chroma/child.ts'
import { openChromaPart } from '../../../../nucleus/infrastructure/chroma/open.ts'
import { chromaLibrary, hasChroma } from '../../../support/servers/chroma.ts'
import { waitFor } from '../../../support/wait-for.ts'
import { silent } from '../../events/support.ts'
import { temporaryFolder } from '../folders.ts'

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}/stat`)

describe.skipIf(!hasChroma())('a ChromaDB of our own', () => {
  const options = () => ({ folder: temporaryFolder(), log: silent, library: chromaLibrary()! })

  it('is started with the vectors, is taken up again when it dies, and ends with them', async () => {
    const part = await openChromaPart({ url: 'local://chroma', ...options() })
    await part.resource.upsert('notes', [{ id: '1', text: 'one', metadata: {}, embedding: [1, 0] }])
    expect(part.health()).toMatchObject({ backend: 'chroma', status: 'healthy' })
    await part.close()
  }, 30_000)

  it('is started again when it was killed, with what it had', async () => {
    const child = await startChromaChild(options())
    const before = child.pid()!
    process.kill(before, 'SIGKILL')
    await waitFor(() => child.pid() !== undefined && child.pid() !== before, {
      timeoutMs: 10_000,
      what: 'another process',
    })
    await waitFor(async () => (await fetch(`${child.url}/api/v2/heartbeat`)).ok, {
      timeoutMs: 15_000,
      what: 'an answer',
    })
    const pid = child.pid()!
    await child.close()
    expect(isAlive(pid)).toBe(false)
  }, 30_000)

  it('does not outlive the process that started it, however that ends', async () => {
    const folder = temporaryFolder()
    const script = join(folder, 'parent.ts')
    const file = join(import.meta.dirname, '../../../../nucleus/infrastructure/chroma/child.ts')
    writeFileSync(
      script,
      `import { startChromaChild } from ${JSON.stringify(file)}
       const log = { warn: () => undefined } as never
       const child = await startChromaChild({ folder: ${JSON.stringify(folder)}, log, library: ${JSON.stringify(chromaLibrary())} })
       process.stdout.write(String(child.pid()))
       setInterval(() => undefined, 1_000)`,
    )
    const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const pid = await new Promise<number>((resolve) => {
      parent.stdout.setEncoding('utf8').once('data', (text: string) => resolve(Number(text)))
    })
    expect(isAlive(pid)).toBe(true)
    parent.kill('SIGKILL')
    await waitFor(() => !isAlive(pid), { timeoutMs: 10_000, what: 'the end of the server' })
  }, 30_000)
})

describe('a ChromaDB of our own that does not load', () => {
  it('is done without: this start searches in SQLite and says why', async () => {
    const part = await openChromaPart({
      url: 'local://chroma',
      folder: temporaryFolder(),
      log: silent,
      library: join(temporaryFolder(), 'missing.node'),
    })
    await part.resource.upsert('notes', [{ id: '1', text: 'one', metadata: {} }])
    expect(part.health()).toMatchObject({
      backend: 'sqlite-vec',
      status: 'degraded',
      reason: expect.stringContaining('missing.node'),
    })
    await part.close()
  }, 30_000)
})
