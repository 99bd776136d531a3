// a scope gives back what it owns, in reverse, whatever happens on the way.
import { describe, expect, it } from 'vitest'
import { createScope } from '../../nucleus/scope.ts'

const never = (): Promise<void> => new Promise(() => {})
const later = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms))

describe('createScope', () => {
  it('releases in reverse order, one at a time', async () => {
    const order: string[] = []
    const scope = createScope({ name: 'test' })
    scope.defer('first', async () => {
      order.push('first begins')
      await later(1)
      order.push('first ends')
    })
    scope.defer('second', async () => {
      order.push('second begins')
      await later(5)
      order.push('second ends')
    })
    const report = await scope.close()
    expect(order).toEqual(['second begins', 'second ends', 'first begins', 'first ends'])
    expect(report).toEqual({ released: ['second', 'first'], left: [], errors: [] })
  })

  it('goes on after an error and after what hangs, and reports both by label', async () => {
    const scope = createScope({ name: 'test', releaseTimeoutMs: 10 })
    let closed = false
    scope.defer('file', () => {
      closed = true
    })
    scope.defer('socket', never)
    scope.defer('child', () => {
      throw new Error('it bites')
    })
    expect(await scope.close()).toEqual({
      released: ['file'],
      left: ['socket'],
      errors: [{ label: 'child', message: 'it bites' }],
    })
    expect(closed).toBe(true)
    expect(scope.open()).toEqual(['socket'])
  })

  it('shows what is open, and forgets what was released early', async () => {
    const scope = createScope({ name: 'test' })
    let releases = 0
    const release = scope.defer('timer', () => {
      releases += 1
    })
    scope.defer('socket', () => {})
    expect(scope.open()).toEqual(['timer', 'socket'])
    await release()
    await release()
    expect(scope.open()).toEqual(['socket'])
    await scope.close()
    expect(releases).toBe(1)
    expect(scope.open()).toEqual([])
  })

  it('aborts its signal before the first release', async () => {
    const order: string[] = []
    const scope = createScope({ name: 'test' })
    scope.signal.addEventListener('abort', () => order.push('abort'))
    scope.defer('one', () => void order.push('release'))
    await scope.close()
    expect(order).toEqual(['abort', 'release'])
    expect(scope.signal.reason).toMatchObject({ code: 'SCOPE_CLOSED' })
  })

  it('refuses a late addition, and releases it at once', async () => {
    const scope = createScope({ name: 'clock#1' })
    await scope.close()
    let released = false
    expect(() =>
      scope.defer('late', () => {
        released = true
      }),
    ).toThrow(/opens nothing any more: 'late' \(clock#1\)/)
    expect(released).toBe(true)
    expect(scope.open()).toEqual([])
  })

  it('refuses additions also while it closes, from an abort listener on', async () => {
    const scope = createScope({ name: 'test' })
    let code: unknown
    scope.signal.addEventListener('abort', () => {
      try {
        scope.defer('late', () => {})
      } catch (error) {
        code = (error as { code: string }).code
      }
    })
    await scope.close()
    expect(code).toBe('SCOPE_CLOSED')
    expect(scope.open()).toEqual([])
  })

  it('tells of a late release that fails', async () => {
    const told: string[] = []
    const scope = createScope({ name: 'test', onLateError: (label, error) => told.push(`${label}: ${String(error)}`) })
    await scope.close()
    expect(() => scope.defer('late', () => Promise.reject(new Error('no')))).toThrow(/opens nothing/)
    await later(1)
    expect(told).toEqual(['late: Error: no'])
  })

  it('closes once, however often it is asked', async () => {
    const scope = createScope({ name: 'test' })
    let releases = 0
    scope.defer('one', () => {
      releases += 1
    })
    const [first, second] = await Promise.all([scope.close(), scope.close()])
    expect(first).toBe(second)
    expect(releases).toBe(1)
  })

  it('keeps to a limit for all releases together', async () => {
    const scope = createScope({ name: 'test', releaseTimeoutMs: 20, closeTimeoutMs: 30 })
    for (const label of ['a', 'b', 'c', 'd', 'e', 'f']) scope.defer(label, never)
    const begun = Date.now()
    expect((await scope.close()).left).toEqual(['f', 'e', 'd', 'c', 'b', 'a'])
    expect(Date.now() - begun).toBeLessThan(100)
  })
})
