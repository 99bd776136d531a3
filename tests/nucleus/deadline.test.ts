// a limit of time: it ends what takes too long, and is gone with what does not.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openDeadline } from '../../nucleus/deadline.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a deadline', () => {
  it('aborts with a TimeoutError when its time is up', () => {
    using deadline = openDeadline(1_000)
    vi.advanceTimersByTime(999)
    expect(deadline.signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(deadline.signal.aborted).toBe(true)
    expect((deadline.signal.reason as Error).name).toBe('TimeoutError')
  })

  it('leaves no timer behind when the work is over', () => {
    let signal: AbortSignal
    {
      using deadline = openDeadline(1_000)
      signal = deadline.signal
    }
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(2_000)
    expect(signal.aborted).toBe(false)
  })
})
