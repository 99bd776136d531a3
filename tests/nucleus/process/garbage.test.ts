// when memory is given back: in moments of rest, and only where it is worth it.
import { describe, expect, it } from 'vitest'
import { createIdleCollector } from '../../../nucleus/process/garbage.ts'

const mib = 1024 * 1024
const everyMs = 10_000

/** a process whose use of processor and memory is told. */
function createProcess() {
  const state = { processorMs: 1_000, heapBytes: 50 * mib, collected: 0 }
  const collector = createIdleCollector({
    processorMs: () => state.processorMs,
    heapBytes: () => state.heapBytes,
    collect: () => {
      state.collected += 1
      state.heapBytes = 52 * mib
      state.processorMs += 60
    },
    everyMs,
  })
  return { state, look: collector.look }
}

describe('a process that rests', () => {
  it('gives back what it has taken since the last collection', () => {
    const { state, look } = createProcess()
    state.heapBytes = 90 * mib
    look()
    expect(state).toMatchObject({ collected: 1, heapBytes: 52 * mib })
  })

  it('is left alone while its heap has hardly grown', () => {
    const { state, look } = createProcess()
    state.heapBytes = 57 * mib
    look()
    look()
    expect(state.collected).toBe(0)
  })

  it('compares with what the last collection left', () => {
    const { state, look } = createProcess()
    state.heapBytes = 90 * mib
    look()
    state.heapBytes = 59 * mib
    look()
    expect(state.collected).toBe(1)
    state.heapBytes = 60 * mib
    look()
    expect(state.collected).toBe(2)
  })
})

describe('a process that works', () => {
  it('is not held up, and collected when it rests', () => {
    const { state, look } = createProcess()
    state.heapBytes = 200 * mib
    for (let looks = 0; looks < 3; looks += 1) {
      state.processorMs += everyMs * 0.03
      look()
    }
    expect(state.collected).toBe(0)
    state.processorMs += everyMs * 0.01
    look()
    expect(state.collected).toBe(1)
  })
})
