// the journal's port: an append-only log of events with consumer groups. SQLite is the embedded backend, Redis Streams the one
// that several nuclei share: both pass tests/nucleus/infrastructure/conformance/journal.ts.
import type { DeadLetter, JournalStatistics } from '../contract.ts'
import type { ResourceHealth } from '../infrastructure/ports.ts'
import type { NodeBook } from '../nodes/node.ts'
import type { EventEnvelope } from './event.ts'

/** `normal` survives the death of the process, `strict` the loss of power. */
export type JournalDurability = 'normal' | 'strict'

export interface ReadOptions {
  /** only events after the one with this id; the event itself may be gone by now. */
  readonly after?: string
  /** only events up to and including this id. */
  readonly until?: string
  readonly types?: readonly string[]
  readonly traceId?: string
  /** default 100, at most 1,000. */
  readonly limit?: number
}

/** one event on its way to a group; the group's owner settles it exactly once. */
export interface Delivery {
  readonly event: EventEnvelope
  /** tries that have failed already, also in an earlier life of the process. */
  readonly attempts: number
  /** milliseconds since the epoch before which it must not be tried; 0 for at once. */
  readonly notBeforeMs: number
}

export interface GroupOptions {
  /** durable: the same name goes on where it stopped. */
  readonly name: string
  readonly types: readonly string[]
  /** where a group that was never seen before begins. */
  readonly from: 'beginning' | 'now'
  /** handlers that run at once; what a crash may have killed. */
  readonly concurrency: number
  /** deliveries that may be unsettled at once; what comes beyond waits in the log, not in memory. */
  readonly credit: number
  /** waits for the group's present holder to close and goes on where it stopped. default false. */
  readonly takeOver?: boolean
}

/** a group that is joined by this process. */
export interface JournalGroup {
  readonly name: string
  /** resolves when the group is durable: from here on it misses nothing. */
  readonly ready: Promise<void>
  /** the event is done and is never delivered to this group again. durable with the journal's next commit. */
  acknowledge(delivery: Delivery): void
  /**
   * notes a failed try, so that a restart knows it. the delivery stays with its holder, who tries it again itself;
   * the group's position moves on without it.
   */
  noteFailure(delivery: Delivery, failure: { readonly error: string; readonly retryAtMs: number }): void
  /** the event failed its last try and moves to the dead letters. */
  park(delivery: Delivery, error: string): void
  /** what is not settled by now is delivered again to whoever joins next. resolves when the rest is durable. */
  close(): Promise<void>
}

export interface Journal {
  readonly backend: string
  readonly durability: JournalDurability
  /**
   * resolves with the event's id when it is committed at the journal's durability; it is delivered only then. ids must
   * increase. where several nuclei write, the id may be a later one than it came with: another was faster.
   * @throws JOURNAL_BUSY, JOURNAL_CLOSED, EVENT_TOO_LARGE, JOURNAL_ORDER, STATE_FULL and what else the backend says
   */
  append(event: EventEnvelope): Promise<string>
  /**
   * joins or makes a durable group; deliveries come while fewer than `credit` are unsettled, in the log's order.
   * Contract of `deliver`: returns at once and doesn't throw; it is never called before `join` has returned.
   * where several nuclei share the journal, those that join the same group share its events.
   * @throws GROUP_TAKEN when this process holds the group already and `takeOver` is not set
   */
  join(options: GroupOptions, deliver: (delivery: Delivery) => void): JournalGroup
  /** oldest first. @throws INVALID_POSITION */
  read(options?: ReadOptions): Promise<EventEnvelope[]>
  /** the id of the newest committed event that this process knows of, undefined in an empty journal. */
  position(): string | undefined
  /** hears every event after its commit, in order. Contract of `listener`: returns at once and doesn't throw. */
  listen(listener: (event: EventEnvelope) => void): () => void
  /** newest first, at most `limit` (default 100). */
  deadLetters(limit?: number): Promise<DeadLetter[]>
  /** delivers it to its group again, with all its tries. @throws DEAD_LETTER_UNKNOWN */
  replayDeadLetter(group: string, eventId: string): Promise<void>
  /** forgets it. @throws DEAD_LETTER_UNKNOWN */
  dropDeadLetter(group: string, eventId: string): Promise<void>
  /** delivers a range that the log still has to a group once more; gives their number. @throws GROUP_UNKNOWN */
  replay(group: string, range: { readonly after?: string; readonly until?: string }): Promise<number>
  /** forgets a group that nobody will join again; its events no longer wait for it. @throws GROUP_UNKNOWN, GROUP_TAKEN */
  dropGroup(group: string): Promise<void>
  /** drops what is older or more than the limits, but nothing that a group has not acknowledged; gives the number. */
  retain(limits: RetentionLimits): Promise<number>
  statistics(): Promise<JournalStatistics>
  health(): ResourceHealth
  /** where several nuclei share the journal: which they are. */
  readonly nodes?: NodeBook
  /** resolves when everything that was handed over is committed, or can't be at the moment (health says why). */
  flush(): Promise<void>
  close(): Promise<void>
}

export interface RetentionLimits {
  readonly maxAgeMs: number
  readonly maxBytes: number
  /** only counts what would be dropped. default false. */
  readonly dryRun?: boolean
}
