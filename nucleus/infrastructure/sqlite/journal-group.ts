// one durable group of the SQLite journal: what it has been handed, what it has settled, and what must be written of it.
import type { EventEnvelope } from '../../events/event.ts'
import type { Delivery, GroupOptions } from '../../events/journal.ts'
import type { JournalLog } from './journal-log.ts'
import type { GroupRow, GroupTables } from './journal-tables.ts'

/** a delivery with what the group needs to settle it. */
export interface GroupDelivery extends Delivery {
  attempts: number
  readonly crashes: number
  readonly position: number
  /** it has, or will have with the next commit, a row among the pending events: the position does not wait for it. */
  pending: boolean
  settled: boolean
}

export interface GroupParts {
  readonly options: GroupOptions
  readonly row: GroupRow
  readonly log: JournalLog
  readonly tables: GroupTables
  readonly deliver: (delivery: Delivery) => void
  /** asks for a commit and for `refill` after it. */
  readonly schedule: () => void
  /** the newest position that may be handed out. */
  readonly visible: () => number
}

export type GroupRuntime = ReturnType<typeof createGroupRuntime>

/** first tries above the position that are open or already done: bounds the list that is written with the position. */
const windowLimit = 512

export function createGroupRuntime(parts: GroupParts) {
  const { options, row, log, tables } = parts
  /** done in an earlier life, above the position. */
  const doneBefore = new Set<number>(JSON.parse(row.acknowledged) as number[])
  const pendingInFlight = new Set<number>()
  let position = row.position
  // first tries in the log's order; those before `head` no longer hold the position up.
  let first: GroupDelivery[] = []
  let head = 0
  let cursor = row.position
  let inFlight = 0
  let pendingBacklog = true
  let behind = true
  let stopped = false
  let changes: (() => void)[] = []
  let writing = 0
  let moved = false

  const room = (): number => Math.min(options.credit - inFlight, windowLimit - (first.length - head))

  const hand = (delivery: GroupDelivery): void => {
    inFlight += 1
    parts.deliver(delivery)
  }

  const handFirst = (event: EventEnvelope, at: number): void => {
    cursor = at
    const delivery = { event, attempts: 0, crashes: 0, notBeforeMs: 0, position: at, pending: false, settled: false }
    first.push(delivery)
    hand(delivery)
  }

  const advance = (): void => {
    while (head < first.length && (first[head]!.settled || first[head]!.pending)) {
      position = first[head]!.position
      head += 1
    }
    if (head === first.length) {
      first.length = 0
      head = 0
    } else if (head > windowLimit) {
      first = first.slice(head)
      head = 0
    }
    if (doneBefore.size > 0) for (const done of doneBefore) if (done <= position) doneBefore.delete(done)
    moved = true
    parts.schedule()
  }

  const doneAbove = (): number[] => {
    const positions = Array.from(doneBefore)
    for (let index = head; index < first.length; index += 1) {
      const { settled, pending, position: at } = first[index]!
      if (settled || pending) positions.push(at)
    }
    return positions
  }

  /** ends a delivery for good; gives false when it has been settled before or nobody listens any more. */
  const settle = (delivery: GroupDelivery): boolean => {
    if (stopped || delivery.settled) return false
    delivery.settled = true
    inFlight -= 1
    pendingInFlight.delete(delivery.position)
    return true
  }

  /**
   * an event whose handler takes long, such as a goal that waits for its person, must not hold up all behind it: where the
   * window is full of what came after it and is done, it becomes a pending event that is in hand already.
   */
  const setAsideOldest = (): void => {
    while (first.length - head >= windowLimit && inFlight < options.credit) {
      const oldest = first[head]!
      oldest.pending = true
      pendingInFlight.add(oldest.position)
      const { attempts, crashes, position: at, notBeforeMs } = oldest
      changes.push(() =>
        tables.setPending(row.id, { position: at, attempts, crashes, retry_at: notBeforeMs }, 'it takes long'),
      )
      advance()
    }
  }

  const refillPending = (): void => {
    const limit = room() + pendingInFlight.size
    const rows = tables.pendingOf(row.id, limit)
    for (const stored of rows) {
      if (pendingInFlight.has(stored.position)) continue
      if (room() <= 0) return
      const event = log.at(stored.position)?.event
      // retention keeps what is pending, so this is a file that was repaired by hand.
      if (event === undefined) {
        tables.removePending(row.id, stored.position)
        continue
      }
      pendingInFlight.add(stored.position)
      hand({
        event,
        attempts: stored.attempts,
        crashes: stored.crashes,
        notBeforeMs: stored.retry_at,
        position: stored.position,
        pending: true,
        settled: false,
      })
    }
    if (rows.length < limit) pendingBacklog = false
  }

  const refillFirst = (): void => {
    const limit = room()
    const rows = log.after(options.types, cursor, parts.visible(), limit)
    for (const stored of rows) {
      if (doneBefore.has(stored.position)) cursor = stored.position
      else handFirst(stored.event, stored.position)
    }
    if (rows.length < limit) behind = false
  }

  return {
    id: row.id,
    name: options.name,
    types: options.types,
    /** an event was committed just now; without room it is read from the log later. */
    offer: (event: EventEnvelope, at: number): void => {
      if (stopped || behind || at <= cursor) return
      if (pendingBacklog || room() <= 0) behind = true
      else handFirst(event, at)
    },
    /** reads from the log what there is room for; half the credit must be free, so that it pays. */
    refill: (): void => {
      if (stopped || inFlight > options.credit / 2) return
      setAsideOldest()
      // pending events are older: they go first, or a group that keeps order would not.
      if (pendingBacklog && room() > 0) refillPending()
      if (behind && !pendingBacklog && room() > 0) refillFirst()
      if ((pendingBacklog || behind) && room() > 0) parts.schedule()
    },
    acknowledge: (delivery: GroupDelivery): void => {
      if (!settle(delivery)) return
      if (delivery.pending) changes.push(() => tables.removePending(row.id, delivery.position))
      advance()
    },
    noteFailure: (delivery: GroupDelivery, error: string, retryAtMs: number): void => {
      if (stopped || delivery.settled) return
      delivery.attempts += 1
      delivery.pending = true
      pendingInFlight.add(delivery.position)
      const { attempts, crashes, position: at } = delivery
      changes.push(() => tables.setPending(row.id, { position: at, attempts, crashes, retry_at: retryAtMs }, error))
      advance()
    },
    park: (delivery: GroupDelivery, error: string): void => {
      if (!settle(delivery)) return
      changes.push(() => tables.addLetter(row.id, delivery, delivery.attempts + 1, error))
      advance()
    },
    /** rows were added to the pending events from outside. */
    pendingAdded: (): void => {
      pendingBacklog = true
      parts.schedule()
    },
    /** writes what has changed; inside a transaction, maybe again when that one fails. */
    write: (): void => {
      writing = changes.length
      for (const change of changes) change()
      tables.move(row.id, position, JSON.stringify(doneAbove()))
    },
    /** the transaction of `write` has been committed. */
    written: (): void => {
      changes = changes.slice(writing)
      moved = changes.length > 0
    },
    get dirty() {
      return moved
    },
    get hungry() {
      return !stopped && (behind || pendingBacklog)
    },
    get position() {
      return position
    },
    get doneAbove() {
      return doneBefore.size + first.slice(head).filter((delivery) => delivery.settled || delivery.pending).length
    },
    stop: (): void => {
      stopped = true
    },
  }
}
