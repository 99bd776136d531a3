// the four tiers on real resources, and that what is forgotten is in no file any more.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MemoryForgotten, MemoryRemembered } from '../../../modules/memory/contract.ts'
import { ActionCompleted, type AuditRow } from '../../../modules/operator/contract.ts'
import { createTraceId, createTraceparent } from '../../../nucleus/identifiers.ts'
import type { Vectors } from '../../../nucleus/infrastructure/ports.ts'
import { openMemory, type OpenMemory, type OpenMemoryOptions } from './open-memory.ts'

let home = ''
let opened: OpenMemory[] = []

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'lotus-memory-'))
})
afterEach(async () => {
  for (const one of opened) await one.close()
  opened = []
  await rm(home, { recursive: true, force: true })
})

const start = async (options: Omit<OpenMemoryOptions, 'home'> = {}): Promise<OpenMemory> => {
  const one = await openMemory({ home, ...options })
  opened.push(one)
  return one
}

/** files under LOTUS_HOME/data that have one of these texts, as they lie on the disk at this moment. */
const filesWith = async (texts: readonly string[]): Promise<string[]> => {
  const found: string[] = []
  for (const file of await readdir(join(home, 'data'))) {
    const bytes = (await readFile(join(home, 'data', file))).toString('latin1').toLowerCase()
    for (const text of texts) if (bytes.includes(text.toLowerCase())) found.push(`${text} in ${file}`)
  }
  return found
}

describe('forgetting', () => {
  it('leaves no trace in any file', async () => {
    const open = await start()
    const canary = (index: number) => `canary${index}walnut${(index * 7919) % 1000}x`
    const items = []
    for (let index = 0; index < 120; index += 1) {
      const text = `note ${index} about ${canary(index)} ${'filler '.repeat(index % 40)}`
      items.push(await open.memory.remember({ text, source: 'person' }))
      const answer = { role: 'lotus' as const, text: `You told me: ${text}`, traceId: 't' }
      if (index % 3 === 0) await open.memory.appendSession('s', answer)
    }
    await open.memory.setWorking('last', { said: items[1]!.text }, 60_000)
    await open.memory.appendSession('s', { role: 'person', text: 'how are you', traceId: 't' })
    const gone = items.filter((_, index) => index % 2 === 1)
    const canaries = gone.map((item) => /canary\w+/.exec(item.text)![0])
    expect((await filesWith(canaries)).length).toBeGreaterThan(0)

    expect(await open.memory.forget(gone.map((item) => item.id))).toBe(60)

    expect(await filesWith(canaries)).toEqual([])
    expect(await open.memory.getWorking('last')).toBeUndefined()
    const said = (await open.memory.session('s', 1000)).map((entry) => entry.text).join('\n')
    expect(said).toContain('how are you')
    expect(said).toContain('canary0walnut')
    expect(said).not.toContain(canaries[1])
    expect(await open.memory.statistics()).toMatchObject({ notes: 60 })
    expect(await open.memory.forget([gone[0]!.id, 'never'])).toBe(0)
  })

  it('tells that it happened, never what it was', async () => {
    const open = await start()
    const item = await open.memory.remember({ text: 'the safe is behind the mirror', source: 'person' })
    await open.memory.remember({ text: 'the safe is behind the mirror', source: 'person' })
    await open.memory.forget([item.id])
    const events = await open.house.bus.read()
    expect(events.map((event) => event.type)).toEqual([MemoryRemembered.type, MemoryForgotten.type])
    expect(JSON.stringify(events)).not.toContain('mirror')
  })

  it('is finished later where the index can not be reached', async () => {
    let broken = false
    const wrapVectors = (vectors: Vectors): Vectors => ({
      ...vectors,
      delete: async (...parameters) => {
        if (broken) throw new Error('the index is away')
        return await vectors.delete(...parameters)
      },
    })
    const open = await start({ wrapVectors })
    const item = await open.memory.remember({ text: 'canaryabc lives here', source: 'person' })
    broken = true
    expect(await open.memory.forget([item.id])).toBe(1)
    expect(await open.memory.recall({ text: 'canaryabc' })).toEqual([])
    expect((await filesWith(['canaryabc'])).some((one) => one.includes('vectors'))).toBe(true)
    broken = false
    await open.house.runTimer('settle what is owed')
    expect(await filesWith(['canaryabc'])).toEqual([])
  })
})

describe('an index that is away', () => {
  it('takes no note away: it is found by comparing, and indexed later', async () => {
    let broken = true
    const wrapVectors = (vectors: Vectors): Vectors => ({
      ...vectors,
      upsert: async (...parameters) => {
        if (broken) throw new Error('the index is away')
        await vectors.upsert(...parameters)
      },
    })
    const open = await start({ wrapVectors })
    for (let index = 0; index < 350; index += 1) {
      await open.memory.remember({ text: `shelf ${index} holds jar ${index}`, source: 'person' })
    }
    await open.memory.remember({ text: 'the zither is in the attic', source: 'person' })
    broken = false
    await open.house.runTimer('settle what is owed')
    await open.house.runTimer('settle what is owed')
    expect(await open.house.infrastructure.vectors.count('notes')).toBe(351)
    expect(await open.say('recall', 'where is the zither')).toBe('You told me: the zither is in the attic')
  })
})

describe('many notes', () => {
  it('the right one of thousands, in the same words and in others', async () => {
    const open = await start()
    for (let index = 0; index < 1_500; index += 1) {
      await open.memory.remember({ text: `invoice ${index} of supplier S${index % 40} is paid`, source: 'person' })
    }
    await open.memory.remember({ text: 'I am allergic to walnuts', source: 'person' })
    expect(await open.say('recall', 'what are my allergies?')).toBe('You told me: I am allergic to walnuts')
    expect(await open.say('recall', 'is invoice 1234 paid')).toBe('You told me: invoice 1234 of supplier S34 is paid')
    expect(await open.say('recall', 'zeppelin maintenance')).toBe('I know nothing about zeppelin maintenance.')
  })

  it('answers programs as strictly as people', async () => {
    const open = await start()
    await open.memory.remember({ text: 'the spare key is under the pot', source: 'person' })
    expect(await open.memory.answer({ text: 'where is the spare key?' })).toMatchObject([{ relevance: 1 }])
    expect(await open.memory.answer({ text: 'where is the garage key?' })).toEqual([])
    expect(await open.memory.recall({ text: 'where is the garage key?' })).toHaveLength(1)
  })

  it('what stands around a sentence of a conversation helps to find it', async () => {
    const open = await start()
    const talk = ['Did you get the kiln going?', 'Yes, last Sunday.', 'And how was the glaze?', 'Blue, with cracks.']
    for (const text of talk) await open.memory.remember({ text, source: 'import:talk-1' })
    await open.memory.remember({ text: 'unrelated chatter about boats', source: 'import:talk-2' })
    const found = await open.memory.recall({ text: 'when was the kiln going?', limit: 3 })
    expect(found.map((item) => item.text)).toContain('Yes, last Sunday.')
    expect(found.map((item) => item.text)).not.toContain('unrelated chatter about boats')
  })
})

describe('sessions', () => {
  it('keeps what was said in order, and only a while', async () => {
    const open = await start({ settings: { sessionMaxAge: 1 } })
    for (let index = 0; index < 5; index += 1) {
      await open.memory.appendSession('a', { role: 'person', text: `word ${index}`, traceId: `t${index}` })
    }
    await open.memory.appendSession('b', { role: 'lotus', text: 'x'.repeat(50_000), traceId: 't' })
    expect((await open.memory.session('a', 2)).map((entry) => entry.text)).toEqual(['word 3', 'word 4'])
    expect((await open.memory.session('b'))[0]!.text.length).toBeLessThan(20_000)
    expect(await open.memory.statistics()).toMatchObject({ sessions: 2 })
    await vi.waitFor(async () => {
      await open.house.runTimer('drop old sessions')
      expect(await open.memory.session('a')).toEqual([])
    })
  })
})

describe('working memory', () => {
  it('lives for its time', async () => {
    const open = await start()
    await open.memory.setWorking('k', { a: [1, 2] }, 30)
    expect(await open.memory.getWorking('k')).toEqual({ a: [1, 2] })
    await vi.waitFor(async () => expect(await open.memory.getWorking('k')).toBeUndefined())
    await expect(open.memory.setWorking('', 1, 10)).rejects.toMatchObject({ code: 'WORKING_KEY_INVALID' })
  })
})

describe('the audit copy', () => {
  const traceId = createTraceId()
  const row = (sequence: number, body: AuditRow['body']): AuditRow => ({
    sequence,
    time: '2026-11-20T12:00:00Z',
    kind: 'step.completed',
    traceId,
    uid: 1000,
    hash: 'h',
    previousHash: 'p',
    body,
  })
  const chain = [
    row(1, { action: 'files.copy', args: { from: 'a_1.txt', to: 'b.txt' } }),
    row(2, { action: 'memory.remember', args: { text: 'the pin is 9876' }, goal: 'remember the pin is 9876' }),
  ]

  it('follows what the operator does, and is searched by words', async () => {
    const open = await start({ audit: () => chain })
    const data = { planId: 'p', step: 's1', action: 'files.copy', status: 'completed' as const, durationMs: 1 }
    await open.house.bus.emit('operator', ActionCompleted, data, createTraceparent(traceId))
    const found = await open.memory.searchAudit({ text: 'copy a_1' })
    expect(found).toMatchObject([{ sequence: 1, kind: 'step.completed', traceId }])
    expect(found[0]?.text).toContain('to=b.txt')
    expect(await open.memory.searchAudit({ text: 'a%1' })).toEqual([])
    expect(await open.memory.searchAudit({ traceId })).toHaveLength(2)
    expect(await open.memory.statistics()).toMatchObject({ auditRows: 2 })
  })

  it('asks only for what has come since, however much that is', async () => {
    const asked: AuditRow[] = chain.slice(0, 1)
    const open = await start({ audit: () => asked, settings: { auditMaxRows: 10_000 } })
    const data = { planId: 'p', step: 's1', action: 'files.copy', status: 'completed' as const, durationMs: 1 }
    await open.memory.searchAudit({})
    for (let sequence = 2; sequence <= 1_300; sequence += 1) asked.push(row(sequence, { action: 'files.copy' }))
    await open.house.bus.emit('operator', ActionCompleted, data, createTraceparent(traceId))
    await open.memory.searchAudit({})
    expect(await open.memory.statistics()).toMatchObject({ auditRows: 1_300 })
  })

  it('never copies the words of a note', async () => {
    const open = await start({ audit: () => chain })
    expect(JSON.stringify(await open.memory.searchAudit({}))).not.toContain('9876')
    expect(await open.memory.searchAudit({ text: 'memory.remember' })).toHaveLength(1)
  })

  it('answers without an operator', async () => {
    const open = await start()
    expect(await open.memory.searchAudit({ text: 'x' })).toEqual([])
  })
})
