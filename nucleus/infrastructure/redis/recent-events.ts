// what this process has appended in the last seconds: a Redis that dies may not have written it to its disk yet.
import type { OutboxEvent } from './outbox.ts'
import { compareEntryIds, entryIdOf } from './positions.ts'

/**
 * with `appendfsync everysec` Redis answers, and while a sync of its disk takes long it puts writing off for two seconds at most
 * (redis.conf, appendfsync); a margin is added.
 */
const keptMs = 3_000
/** characters of bodies in one of both halves. */
const maxCharacters = 32 * 1024 * 1024

export type RecentEvents = ReturnType<typeof createRecentEvents>

/** two halves, of which the older one is forgotten when the newer one is old or large enough. */
export function createRecentEvents(now: () => number = performance.now.bind(performance)) {
  let older: OutboxEvent[] = []
  let newer: OutboxEvent[] = []
  let characters = 0
  let beganMs = now()

  return {
    add: (events: readonly OutboxEvent[]): void => {
      if (now() - beganMs > keptMs || characters > maxCharacters) {
        older = newer
        newer = []
        characters = 0
        beganMs = now()
      }
      for (const { producer, type, id, body } of events) {
        newer.push({ producer, type, id, body })
        characters += body.length
      }
    },
    producers: (): string[] => Array.from(new Set([...older, ...newer].map((event) => event.producer))),
    /** those of a producer that are newer than its newest one in Redis, in order. */
    missing: (producer: string, newestEntryId: string): OutboxEvent[] =>
      [...older, ...newer].filter(
        (event) => event.producer === producer && compareEntryIds(entryIdOf(event.id), newestEntryId) > 0,
      ),
  }
}
