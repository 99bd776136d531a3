// the process that killed-journal.ts kills; it writes down what it was told and what it handled, each with one write.
import { existsSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import { z } from 'zod'
import { createBus } from '../../../nucleus/events/bus.ts'
import { defineEvent } from '../../../nucleus/events/event.ts'
import type { JournalDurability } from '../../../nucleus/events/journal.ts'
import { openRedisJournal } from '../../../nucleus/infrastructure/redis/journal.ts'
import { openSqliteJournal } from '../../../nucleus/infrastructure/sqlite/journal.ts'

const [folder, durability, mode, redisUrl] = process.argv.slice(2) as [
  string,
  JournalDurability,
  'emit' | 'drain',
  string | undefined,
]
const Counted = defineEvent({
  type: 'test.counted',
  durability: 'journaled',
  description: 'carries a number.',
  data: z.object({ number: z.number() }),
})

const counterFile = join(folder, 'begun')
const begun = existsSync(counterFile) ? Number(readFileSync(counterFile, 'utf8').trim().split('\n').at(-1)) : 0
const counter = openSync(counterFile, 'a')
const acknowledged = openSync(join(folder, 'acknowledged'), 'a')
const handled = openSync(join(folder, 'handled'), 'a')

const log = pino({ level: 'error' })
const journal =
  redisUrl === undefined
    ? openSqliteJournal({ path: join(folder, 'journal.db'), durability, log })
    : await openRedisJournal({ url: redisUrl, folder, durability, log })
const bus = createBus({ journal, log })
const subscription = bus.subscribe({
  owner: 'child',
  definition: Counted,
  options: { from: 'beginning' },
  handler: async ({ number }) => {
    if (number % 3 === 0) await Promise.resolve()
    writeSync(handled, `${number}\n`)
  },
})
await subscription.ready
writeSync(1, 'ready\n')

if (mode === 'emit') {
  // numbers go up by a million a life, so that none is used twice even where the last life's are unknown.
  let number = begun + 1_000_000
  writeSync(counter, `${number}\n`)
  for (;;) {
    const batch: Promise<void>[] = []
    for (let index = 0; index < 1 + (number % 40); index += 1) {
      number += 1
      const current = number
      batch.push(
        bus.emit('child', Counted, { number: current }).then(() => {
          writeSync(acknowledged, `${current}\n`)
        }),
      )
    }
    await Promise.all(batch)
  }
}
await journal.flush()
for (;;) {
  const { lag } = await journal.statistics()
  if (lag['child/test.counted'] === 0) break
  await new Promise(setImmediate)
}
await bus.close()
await journal.close()
