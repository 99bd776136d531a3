// a bus on a journal of its own, in a folder that is gone after the test.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach } from 'vitest'
import { z } from 'zod'
import { createBus, type Bus, type BusOptions } from '../../../nucleus/events/bus.ts'
import { defineEvent } from '../../../nucleus/events/event.ts'
import type { Journal } from '../../../nucleus/events/journal.ts'
import { openSqliteJournal } from '../../../nucleus/infrastructure/sqlite/journal.ts'

export const Kept = defineEvent({
  type: 'test.kept',
  durability: 'journaled',
  description: 'a durable number.',
  data: z.object({ number: z.number(), list: z.array(z.number()).optional() }),
})
export const Passing = defineEvent({
  type: 'test.passed',
  durability: 'transient',
  description: 'a number that is gone at once.',
  data: z.object({ number: z.number(), list: z.array(z.number()).optional() }),
})

export const silent = pino({ level: 'silent' })
export const quickBackoff = { baseMs: 1, maxMs: 4 }

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close()
})

export interface TestBus {
  readonly bus: Bus
  readonly journal: Journal
  readonly path: string
  /** closes both and opens them again on the same file. */
  reopen(options?: Partial<BusOptions>): Promise<TestBus>
}

export function openBus(options: Partial<BusOptions> = {}, path?: string): TestBus {
  const folder = path === undefined ? mkdtempSync(join(tmpdir(), 'lotus-bus-')) : undefined
  const file = path ?? join(folder!, 'journal.db')
  const journal = openSqliteJournal({ path: file, log: silent })
  const bus = createBus({ journal, log: silent, backoff: quickBackoff, ...options })
  let closed = false
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    await bus.close()
    await journal.close()
  }
  opened.push(async () => {
    await close()
    if (folder !== undefined) rmSync(folder, { recursive: true })
  })
  return {
    bus,
    journal,
    path: file,
    reopen: async (changed = {}) => {
      await close()
      return openBus({ ...options, ...changed }, file)
    },
  }
}

/** resolves when `condition` holds; looks each time the event loop turns. the test's own limit bounds it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}
