// the connection between processes: calls both ways, limits, and an end that nobody waits for in vain.
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineErrors } from '../../../nucleus/errors.ts'
import { createLineReader } from '../../../nucleus/wire/lines.ts'
import { connectPeer, createPeer } from '../../../nucleus/wire/peer.ts'
import type { Peer, PeerOptions } from '../../../nucleus/wire/peer.ts'

const errors = defineErrors({ TEST_BROKEN: { title: 'it is broken', fix: 'mend it', retryable: true } })

let folder: string
const open: (() => void)[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lotus-wire-'))
})
afterEach(() => {
  for (const close of open.splice(0)) close()
  rmSync(folder, { recursive: true, force: true })
})

/** two connected ends. */
async function pair(
  one: PeerOptions = {},
  other: PeerOptions = {},
): Promise<{ here: Peer; there: Peer; socket: Socket }> {
  const path = join(folder, `${open.length}.sock`)
  const accepted = Promise.withResolvers<Socket>()
  const server = createServer((socket) => accepted.resolve(socket))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  const here = await connectPeer(path, one)
  const socket = await accepted.promise
  const there = createPeer(socket, other)
  open.push(() => {
    here.close()
    there.close()
    server.close()
  })
  return { here, there, socket }
}

describe('a call', () => {
  it('is answered, both ways at once', async () => {
    const double = { onCall: (_: string, params: unknown) => (params as number) * 2 }
    const { here, there } = await pair(double, double)
    const counts = Array.from({ length: 100 }, (_, count) => count)
    const answers = await Promise.all(
      counts.flatMap((count) => [here.call('double', count), there.call('double', count)]),
    )
    expect(answers).toEqual(counts.flatMap((count) => [count * 2, count * 2]))
  })

  it('that fails keeps the code, fix and retryable of the error', async () => {
    const { here } = await pair(
      {},
      {
        onCall: () => {
          throw errors.TEST_BROKEN({ value: 7 })
        },
      },
    )
    await expect(here.call('x')).rejects.toMatchObject({
      code: 'TEST_BROKEN',
      fix: 'mend it',
      retryable: true,
      message: "it is broken: '7'",
    })
  })

  it('to nobody is refused', async () => {
    const { here } = await pair()
    await expect(here.call('x')).rejects.toMatchObject({ code: 'WIRE_METHOD_UNKNOWN' })
  })

  it('rejects at once when the connection ends, and later calls do, too', async () => {
    const { here, there } = await pair({}, { onCall: () => new Promise(() => undefined) })
    const waiting = here.call('x')
    setTimeout(there.close, 5)
    await expect(waiting).rejects.toMatchObject({ code: 'WIRE_CLOSED', retryable: true })
    await expect(here.call('x')).rejects.toMatchObject({ code: 'WIRE_CLOSED' })
  })

  it('has a time limit, at which the other side is told to stop', async () => {
    const stopped = Promise.withResolvers<boolean>()
    const { here } = await pair(
      {},
      {
        onCall: (_, __, { signal }) => new Promise(() => signal.addEventListener('abort', () => stopped.resolve(true))),
      },
    )
    await expect(here.call('x', {}, { timeoutMs: 20 })).rejects.toMatchObject({ code: 'WIRE_TIMED_OUT' })
    expect(await stopped.promise).toBe(true)
  })

  it('that is cancelled still brings what came of it', async () => {
    const { here } = await pair(
      {},
      {
        onCall: (_, __, { signal }) =>
          new Promise((resolve) => signal.addEventListener('abort', () => resolve('taken back'))),
      },
    )
    const controller = new AbortController()
    const call = here.call('x', {}, { signal: controller.signal })
    controller.abort()
    expect(await call).toBe('taken back')
  })

  it('that is cancelled and not answered ends all the same', async () => {
    const { here } = await pair({}, { onCall: () => new Promise(() => undefined) })
    const controller = new AbortController()
    const call = here.call('x', {}, { signal: controller.signal, cancelGraceMs: 20 })
    controller.abort()
    await expect(call).rejects.toMatchObject({ code: 'WIRE_CANCELLED' })
  })

  it('beyond the number that may be open is refused', async () => {
    const { here } = await pair({ maxInFlight: 2 }, { onCall: () => new Promise(() => undefined) })
    const waiting = [here.call('x'), here.call('x')]
    await expect(here.call('x')).rejects.toMatchObject({ code: 'WIRE_BUSY', retryable: true })
    here.close()
    await Promise.allSettled(waiting)
  })

  it('from a caller that asks for too much at once is refused on this side, too', async () => {
    const { here } = await pair({}, { maxInFlight: 1, onCall: () => new Promise((resolve) => setTimeout(resolve, 30)) })
    const results = await Promise.allSettled([here.call('x'), here.call('x')])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  })
})

describe('a notice that is in no hurry', () => {
  const heard: string[] = []
  const listening: PeerOptions = { onNotice: (method) => heard.push(method) }
  beforeEach(() => {
    heard.length = 0
  })

  it('comes before the frame that it has waited for', async () => {
    const { here, there } = await pair({}, { ...listening, onCall: () => [...heard] })
    here.notify('first', {}, { unhurried: true })
    here.notify('second', {}, { unhurried: true })
    expect(await here.call('what was heard')).toEqual(['first', 'second'])
    there.close()
  })

  it('goes out by itself where nothing else does', async () => {
    const told = Promise.withResolvers<string>()
    const { here } = await pair({}, { onNotice: (method) => told.resolve(method) })
    here.notify('alone', {}, { unhurried: true })
    expect(await told.promise).toBe('alone')
  })

  it('is sent when the connection is closed behind it', async () => {
    const told = Promise.withResolvers<string>()
    const { here } = await pair({}, { onNotice: (method) => told.resolve(method) })
    here.notify('last', {}, { unhurried: true })
    here.close()
    expect(await told.promise).toBe('last')
  })
})

describe('a frame', () => {
  it('that is too large is refused before it is sent, also as an answer', async () => {
    const limits = { maxFrameBytes: 10_000 }
    const { here } = await pair(limits, { ...limits, onCall: () => 'x'.repeat(20_000) })
    await expect(here.call('x', 'y'.repeat(20_000))).rejects.toMatchObject({ code: 'WIRE_FRAME_TOO_LARGE' })
    await expect(here.call('x')).rejects.toMatchObject({ code: 'WIRE_FRAME_TOO_LARGE' })
    expect(here.closed).toBe(false)
  })

  it('that is sent too large ends the connection', async () => {
    const { here } = await pair({}, { maxFrameBytes: 10_000 })
    await expect(here.call('x', 'y'.repeat(20_000))).rejects.toMatchObject({ code: 'WIRE_CLOSED' })
  })

  it.each(['nonsense\n', '[1,2\n', '42\n', '{"hello":1}\n', '\u0000\n'])(
    'that is none (%j) ends the connection',
    async (text) => {
      const { here, socket } = await pair()
      const waiting = here.call('x')
      socket.write(text)
      await expect(waiting).rejects.toMatchObject({ code: expect.stringMatching(/WIRE_(MALFORMED|CLOSED)/) as string })
    },
  )

  it('of an answer that nobody waits for is passed over', async () => {
    const { here, socket } = await pair({}, { onCall: () => 'fine' })
    socket.write('{"id":999,"result":1}\n')
    expect(await here.call('x')).toBe('fine')
  })
})

describe('lines', () => {
  it('come out as they went in, however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }).filter((line) => !line.includes('\n'))),
        fc.integer({ min: 1, max: 7 }),
        (lines, step) => {
          const reader = createLineReader(1_000_000)
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
          const out: string[] = []
          for (let at = 0; at < bytes.length; at += step)
            for (const line of reader.push(bytes.subarray(at, at + step))) out.push(line.toString())
          expect(out).toEqual(lines)
        },
      ),
    )
  })
})

describe('an address', () => {
  it('where nobody listens is told within its time', async () => {
    await expect(connectPeer(join(folder, 'nobody.sock'))).rejects.toMatchObject({
      code: 'WIRE_UNREACHABLE',
      retryable: true,
    })
  })
})
