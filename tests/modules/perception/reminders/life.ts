// reminders of a test: on a real store and journal in a folder of their own, which several lives share one after another.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { ToolCall } from '../../../../modules/operator/contract.ts'
import { TimerFired, type Perception } from '../../../../modules/perception/contract.ts'
import { createReminders, type DueNow, type Reminders } from '../../../../modules/perception/reminders/reminders.ts'
import { createTelling } from '../../../../modules/perception/reminders/telling.ts'
import { openTestContext, type TestContext } from '../../memory/test-context.ts'

export interface Life {
  readonly house: TestContext
  readonly reminders: Reminders
  readonly telling: ReturnType<typeof createTelling>
  /** what was shown on the desktop, in order. */
  readonly shown: DueNow[]
  fired(): Promise<{ text: string; dueAt: string; late: boolean }[]>
  end(): Promise<void>
}

let home = ''
let lives: Life[] = []
let calls = 0

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'lotus-reminders-'))
})
afterEach(async () => {
  for (const life of lives) await life.end()
  lives = []
  await rm(home, { recursive: true, force: true })
})

export interface LifeOptions {
  readonly now?: () => number
  readonly lookEveryMs?: number
  readonly onEmit?: () => void
  readonly onAdvance?: () => void
}

/** starts them; they end with the test. */
export async function live(options: LifeOptions = {}): Promise<Life> {
  const house = openTestContext({ home, manifest: { emits: ['timer.fired'], infrastructure: ['store'] } })
  const { context } = house
  const shown: DueNow[] = []
  const store = context.infra.store
  const reminders = createReminders(
    {
      ...context,
      emit: async (event, data) => {
        options.onEmit?.()
        return await context.emit(event, data)
      },
      infra: {
        store: {
          ...store,
          query: async (statement) => {
            if (statement.sql.includes("state = 'done'") || statement.sql.includes('set due_at')) options.onAdvance?.()
            return await store.query(statement)
          },
        },
      },
    },
    {
      nucleus: { events: (range) => house.bus.read(range) },
      show: async (due) => void shown.push(...due),
      ...(options.now === undefined ? {} : { now: options.now }),
      ...(options.lookEveryMs === undefined ? {} : { lookEveryMs: options.lookEveryMs }),
    },
  )
  await reminders.start()
  await house.activate()
  let ended = false
  const life: Life = {
    house,
    reminders,
    shown,
    telling: createTelling(reminders, options.now),
    fired: async () => {
      const events = await house.bus.read({ types: [TimerFired.type] })
      return events.map((event) => event.data as { text: string; dueAt: string; late: boolean })
    },
    end: async () => {
      if (ended) return
      ended = true
      await house.close()
    },
  }
  lives.push(life)
  return life
}

export function call(changes: Partial<ToolCall> = {}): ToolCall {
  calls += 1
  return {
    traceId: 't',
    uid: 1000,
    receipt: `goal/s1/${calls}`,
    timeZone: 'Europe/Berlin',
    locale: 'en-GB',
    ...changes,
  }
}

export const run = async (
  life: Life,
  name: string,
  args: Parameters<Reminders['tools']['run']>[1],
  changes?: Partial<ToolCall>,
) => (await life.reminders.tools.run(name, args, call(changes))).text

/** what a person in Berlin is told. */
export const listener = { person: 'ada', timeZone: 'Europe/Berlin', locale: 'en-GB' } satisfies Parameters<
  Perception['openReminders']
>[0]
