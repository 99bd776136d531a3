// how often a module may be restarted, and how often its failures are told.
import { describe, expect, it } from 'vitest'
import { createFailureTeller } from '../../../nucleus/modules/failure-teller.ts'
import { createRestartBudget } from '../../../nucleus/modules/restart-budget.ts'

describe('createRestartBudget', () => {
  it('gives as many restarts as its intensity within its period, and more later', () => {
    let now = 0
    const budget = createRestartBudget({ intensity: 2, periodMs: 100 }, () => now)
    expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false])
    now = 99
    expect(budget.take()).toBe(false)
    now = 100
    expect(budget.take()).toBe(true)
    expect(budget.spent()).toBe(1)
  })
  it('gives none with an intensity of zero', () => {
    expect(createRestartBudget({ intensity: 0, periodMs: 100 }).take()).toBe(false)
  })
  it('lets each restart wait longer, within a limit', () => {
    const budget = createRestartBudget({ intensity: 100, periodMs: 100_000 }, () => 0)
    const delays = Array.from({ length: 10 }, () => {
      budget.take()
      return budget.delayMs()
    })
    expect(delays).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000])
  })
})

describe('createFailureTeller', () => {
  it('tells a kind of failure once a second, and every kind by itself', () => {
    let now = 0
    const told: string[] = []
    const tell = createFailureTeller<{ name: string }>(
      ({ name }, during) => void told.push(`${now} ${name} ${during}`),
      () => now,
    )
    const clock = { name: 'clock' }
    tell(clock, 'timer tick', 'a')
    tell(clock, 'timer tick', 'b')
    tell(clock, 'timer tock', 'c')
    now = 1_000
    tell(clock, 'timer tick', 'd')
    expect(told).toEqual(['0 clock timer tick', '0 clock timer tock', '1000 clock timer tick'])
  })
})
