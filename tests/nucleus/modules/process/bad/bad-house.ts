// a house with one module that goes wrong, in a process of its own, and one that serves calls meanwhile.
import { vi } from 'vitest'
import { defineService } from '../../../../../nucleus/services/service.ts'
import type { ModuleStatus } from '../../../../../nucleus/health/health.ts'
import { buildHouse, type House } from '../../house.ts'

export interface Bad {
  /** does the bad thing. */
  doIt(): Promise<unknown>
}
export const Bad = defineService<Bad>('bad', { doIt: 'call' })
export interface Good {
  answer(): Promise<number>
}
const Good = defineService<Good>('good', { answer: 'call' })

export interface BadHouse extends AsyncDisposable {
  readonly house: House
  readonly bad: Bad
  /** what the other module answers; rejects where it was hurt. */
  readonly good: Good
  status(name?: 'bad' | 'good'): ModuleStatus
  /** resolves when the bad module's state is one. */
  until(state: ModuleStatus['status'], restarts: number): Promise<ModuleStatus>
}

/** once restarted, then parked. */
const manifest = {
  isolation: 'process',
  provides: ['bad'],
  healthIntervalMs: 100,
  healthTimeoutMs: 1_000,
  restart: { intensity: 1, periodMs: 600_000 },
}

/** @param code - of the bad module; @param more - fields of its manifest */
export async function openBadHouse(code: string, more: Readonly<Record<string, unknown>> = {}): Promise<BadHouse> {
  const house = await buildHouse({
    bad: { manifest: { ...manifest, ...more }, code },
    good: {
      manifest: { isolation: 'process', provides: ['good'] },
      code: `export default defineModule({ start: () => ({ services: { good: { answer: async () => 42 } } }) })`,
    },
  })
  await house.manager.startAll()
  const status: BadHouse['status'] = (name = 'bad') => house.manager.statuses().find((one) => one.name === name)!
  return {
    house,
    bad: house.registry.handle(Bad),
    good: house.registry.handle(Good),
    status,
    until: (state, restarts) =>
      vi.waitFor(
        () => {
          const now = status()
          if (now.status !== state || now.restarts !== restarts) throw new Error(JSON.stringify(now))
          return now
        },
        { timeout: 60_000, interval: 20 },
      ),
    [Symbol.asyncDispose]: house.clear,
  }
}

/** the bad thing is done in each life of the module, until it is parked; the other one answers all the while. */
export async function untilParked(bad: BadHouse): Promise<ModuleStatus> {
  const over = new AbortController()
  const answers = (async () => {
    while (!over.signal.aborted) if ((await bad.good.answer()) !== 42) throw new Error('a wrong answer')
  })()
  try {
    await bad.bad.doIt().catch(() => undefined)
    await bad.until('healthy', 1)
    await bad.bad.doIt().catch(() => undefined)
    return await bad.until('parked', 1)
  } finally {
    over.abort()
    await answers
  }
}
