// a journal for benches of transient events: whatever is asked of it is a mistake of the bench.
import type { Journal } from '../../nucleus/events/journal.ts'

export function unusedJournal(): Journal {
  const refuse = (): never => {
    throw new Error('this bench does not use the journal')
  }
  return {
    backend: 'none',
    durability: 'normal',
    append: refuse,
    join: refuse,
    read: refuse,
    position: () => undefined,
    listen: refuse,
    deadLetters: refuse,
    replayDeadLetter: refuse,
    dropDeadLetter: refuse,
    replay: refuse,
    dropGroup: refuse,
    retain: refuse,
    statistics: refuse,
    health: () => ({ backend: 'none', status: 'healthy' }),
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}
