// what a nucleus tells the others of its system about itself.
import { z } from 'zod'

export const nodeReport = z.object({
  machine: z.string(),
  pid: z.int(),
  role: z.enum(['nucleus', 'worker']),
  labels: z.array(z.string()),
  version: z.string(),
  /** the address of its HTTP interface, where it has one. */
  url: z.string().optional(),
  /** RFC 3339. */
  startedAt: z.string(),
  status: z.enum(['healthy', 'degraded', 'unhealthy', 'starting', 'draining']),
  /** each module with its state. */
  modules: z.record(z.string(), z.string()),
  load: z.object({
    /** the machine's load of the last minute for each of its processors; 1: all are busy. */
    machine: z.number(),
    /** the part of the time since the last report in which the event loop was busy, 0 to 1. */
    eventLoop: z.number(),
    /** resident memory of the process, bytes. */
    memoryBytes: z.number(),
  }),
  /** durable groups that it takes events of. */
  groups: z.array(z.string()),
  /** events of these that it is handling or holds. */
  inHand: z.int(),
})

export type NodeReport = z.output<typeof nodeReport>

/** a nucleus as the others see it. */
export interface NodeState extends NodeReport {
  /** the same in each of its lives. */
  readonly id: string
  /** this: the one that was asked; lost: it said nothing for longer than a living one would. */
  readonly state: 'this' | 'there' | 'lost'
  /** when it was last heard of, milliseconds ago. */
  readonly silentMs: number
  /** events that its groups have not acknowledged yet, on whichever nucleus. */
  readonly lag: number
}

/** where the nuclei that share a journal tell of themselves. */
export interface NodeBook {
  /** this one's id. */
  readonly id: string
  /** writes what is known of this one, in the place of what it wrote before. */
  tell(text: string): Promise<void>
  /** takes this one out. */
  leave(): Promise<void>
  /** at most 1,000; who was not heard of for ten minutes is forgotten. */
  list(): Promise<readonly { readonly id: string; readonly text: string; readonly silentMs: number }[]>
  /** what this one takes part in. */
  takes(): { readonly groups: readonly string[]; readonly inHand: number }
}
