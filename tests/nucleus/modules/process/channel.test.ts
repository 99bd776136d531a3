// the connection between the nucleus and a module's process: calls, errors, cancelling, streams, bounds, and its end.
import { createServer, connect, type Socket } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineErrors } from '../../../../nucleus/errors.ts'
import { createChannel, type Channel, type ChannelOptions } from '../../../../nucleus/modules/process/channel.ts'

const errors = defineErrors({ KETTLE_EMPTY: { title: 'no water', fix: 'fill it', retryable: true } })
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function socketPair(): Promise<[Socket, Socket]> {
  const folder = mkdtempSync(join(tmpdir(), 'lotus-channel-'))
  const path = join(folder, 's')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(path, resolve))
  const far = new Promise<Socket>((resolve) => server.once('connection', resolve))
  const near = connect(path)
  const pair: [Socket, Socket] = [near, await far]
  closing.push(() => {
    server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return pair
}

async function openPair(far: Partial<ChannelOptions>, near: Partial<ChannelOptions> = {}) {
  const [one, other] = await socketPair()
  const ends: Error[] = []
  const make = (socket: Socket, options: Partial<ChannelOptions>): Channel => {
    const channel = createChannel(socket, {
      functions: {},
      sources: {},
      whenFull: 'refuse',
      onClose: (reason) => void ends.push(reason),
      ...options,
    })
    closing.push(() => channel.close(new Error('the test is over')))
    return channel
  }
  return { near: make(one, near), far: make(other, far), ends }
}

describe('a call', () => {
  it('gives what the other side gives, also nothing', async () => {
    const { near } = await openPair({ functions: { echo: (value: unknown) => value } })
    expect(await near.call('echo', { a: [1, new Date(5)] })).toEqual({ a: [1, new Date(5)] })
    expect(await near.call('echo', undefined)).toBeUndefined()
  })

  it('keeps code, remedy and whether to try again of an error, and the code of another', async () => {
    const { near } = await openPair({
      functions: {
        lotus: () => {
          throw errors.KETTLE_EMPTY({ value: 'tea' })
        },
        system: () => Promise.reject(Object.assign(new Error('gone'), { code: 'ENOENT' })),
        nothing: () => {
          // oxlint-disable-next-line only-throw-error, no-throw-literal -- foreign code does
          throw undefined
        },
      },
    })
    await expect(near.call('lotus')).rejects.toMatchObject({ code: 'KETTLE_EMPTY', fix: 'fill it', retryable: true })
    await expect(near.call('system')).rejects.toMatchObject({ code: 'ENOENT', message: 'gone' })
    await expect(near.call('nothing')).rejects.toThrow('undefined')
  })

  it('finds no function that was not offered', async () => {
    const { near } = await openPair({ functions: {} })
    for (const name of ['missing', 'constructor', '__proto__', 'toString']) {
      await expect(near.call(name)).rejects.toThrow('not found')
    }
  })

  it('is cancelled by the signal among its parameters', async () => {
    const { near } = await openPair({
      functions: {
        wait: ({ signal }: { signal: AbortSignal }) =>
          new Promise((resolve) => signal.addEventListener('abort', () => resolve('cancelled'))),
      },
    })
    const cancel = new AbortController()
    const call = near.call('wait', { signal: cancel.signal })
    cancel.abort()
    expect(await call).toBe('cancelled')
    expect(await near.call('wait', { signal: AbortSignal.abort() })).toBe('cancelled')
  })

  it('too large for a message is its caller’s error, and the connection goes on', async () => {
    const { near } = await openPair({
      functions: { echo: (value: unknown) => value, large: () => 'x'.repeat(9_000_000) },
    })
    await expect(near.call('echo', 'x'.repeat(9_000_000))).rejects.toMatchObject({ code: 'MODULE_MESSAGE_TOO_LARGE' })
    await expect(near.call('large')).rejects.toMatchObject({ code: 'MODULE_MESSAGE_TOO_LARGE' })
    expect(await near.call('echo', 1)).toBe(1)
  })

  it('beyond those that may be open is refused, or waits', async () => {
    const release = Promise.withResolvers<void>()
    const functions = { wait: () => release.promise }
    const refusing = await openPair({ functions })
    const open = Array.from({ length: 512 }, () => refusing.near.call('wait'))
    await expect(refusing.near.call('wait')).rejects.toMatchObject({ code: 'MODULE_BUSY_CALLS', retryable: true })
    const waiting = await openPair({ functions }, { whenFull: 'wait' })
    const all = Array.from({ length: 600 }, () => waiting.near.call('wait'))
    release.resolve()
    await Promise.all([...open, ...all])
  })
})

describe('a stream', () => {
  async function* numbers(count: number): AsyncGenerator<number> {
    for (let index = 0; index < count; index += 1) yield index
  }

  it('gives every item in order, and ends', async () => {
    const { near } = await openPair({ sources: { numbers } })
    expect(await Array.fromAsync(near.stream('numbers', 1_000))).toEqual(
      Array.from({ length: 1_000 }, (_, index) => index),
    )
  })

  it('lets its source wait for its reader', async () => {
    let made = 0
    const { near } = await openPair({
      sources: {
        endless: async function* () {
          for (;;) yield (made += 1)
        },
      },
    })
    const iterator = near.stream('endless')[Symbol.asyncIterator]()
    expect((await iterator.next()).value).toBe(1)
    await pause(50)
    expect(made).toBeLessThanOrEqual(65)
    for (let index = 0; index < 200; index += 1) await iterator.next()
    expect(made).toBeGreaterThan(200)
    await iterator.return?.()
  })

  it('ends its source when its reader leaves', async () => {
    const left = vi.fn()
    const { near } = await openPair({
      sources: {
        endless: async function* () {
          try {
            for (let index = 0; ; index += 1) yield index
          } finally {
            left()
          }
        },
      },
    })
    for await (const item of near.stream('endless')) if (item === 10) break
    await vi.waitFor(() => expect(left).toHaveBeenCalledOnce())
  })

  it('passes on what its source throws', async () => {
    const { near } = await openPair({
      sources: {
        broken: async function* () {
          yield 1
          throw errors.KETTLE_EMPTY()
        },
      },
    })
    const iterator = near.stream('broken')[Symbol.asyncIterator]()
    expect((await iterator.next()).value).toBe(1)
    await expect(iterator.next()).rejects.toMatchObject({ code: 'KETTLE_EMPTY' })
    expect(await iterator.next()).toMatchObject({ done: true })
  })
})

describe('the end of the other side', () => {
  it('rejects calls and streams at once, by a code that says to try again', async () => {
    const aborted = vi.fn()
    const { near, far, ends } = await openPair({
      functions: {
        wait: ({ signal }: { signal: AbortSignal }) => {
          signal.addEventListener('abort', aborted)
          return new Promise(() => undefined)
        },
      },
      sources: {
        silent: async function* () {
          await new Promise(() => undefined)
          yield 1
        },
      },
    })
    const call = near.call('wait', { signal: new AbortController().signal })
    const item = near.stream('silent')[Symbol.asyncIterator]().next()
    await pause(20)
    far.close(new Error('gone'))
    await expect(call).rejects.toMatchObject({ code: 'MODULE_PROCESS_ENDED', retryable: true })
    await expect(item).rejects.toMatchObject({ code: 'MODULE_PROCESS_ENDED' })
    await expect(near.call('wait')).rejects.toMatchObject({ code: 'MODULE_PROCESS_ENDED' })
    expect(aborted).toHaveBeenCalledOnce()
    expect(ends).toHaveLength(2)
  })

  it('is what follows from anything but a line of JSON', async () => {
    for (const said of ['nonsense\n', '7\n', 'x'.repeat(9_000_000)]) {
      const [one, other] = await socketPair()
      const ended = Promise.withResolvers<Error>()
      createChannel(one, { functions: {}, sources: {}, whenFull: 'refuse', onClose: ended.resolve })
      other.on('error', () => undefined)
      other.write(said)
      expect(await ended.promise).toMatchObject({ code: 'MODULE_PROTOCOL' })
      other.destroy()
    }
  })
})
