// a nucleus as a member of a consumer group: how it joins, takes over what others have left or died with, and leaves.
import type { GroupOptions } from '../../events/journal.ts'
import type { JournalKeys } from './keys.ts'
import type { RedisLink } from './link.ts'
import { claimScript, giveGroupScript, joinScript, leaveScript, takeGroupScript, takeOverScript } from './scripts.ts'

/** who holds what a consumer left behind when it closed. */
const leftBehind = '(left)'
/** entries of one stream that `claimScript` takes over in one step, of what was left and of what the dead hold. */
const claimLimit = 500

export interface Membership {
  /** makes the group, or finds it. @param first - a crash is noted at what this nucleus was handling when it died */
  join(first: boolean): Promise<void>
  /** takes what was left behind, and what those hold who were not heard of for so long; whether that was anything. */
  claim(idleMs: number): Promise<boolean>
  /** makes this nucleus the one that the group's events go to, or renews that; false where it is another. */
  hold(): Promise<boolean>
  /** takes everything that the others of the group have in hand: it goes to this nucleus alone now. */
  takeOver(): Promise<void>
  /** gives what is not settled to whoever joins next, and the group to whoever stands by. */
  leave(): Promise<void>
}

export function createMembership(parts: {
  readonly link: RedisLink
  readonly keys: JournalKeys
  readonly consumer: string
  readonly options: GroupOptions
  /** the group's own stream first. */
  readonly streams: readonly string[]
  readonly deadAfterMs: number
}): Membership {
  const { link, keys, consumer, options, streams } = parts
  const { name, types, concurrency } = options
  const withPending = [keys.pending(name), ...streams]

  const claim = async (idleMs: number): Promise<boolean> => {
    const reply = await link.run(claimScript, withPending, [name, consumer, leftBehind, idleMs, concurrency])
    // one step takes so many of a stream: the rest must not wait until the dead are looked for again
    if (Number(reply) >= claimLimit) await claim(idleMs)
    return Number(reply) > 0
  }

  return {
    join: async (first) => {
      // a group that was there before has lost its stream, and wants all that comes.
      const from = first ? options.from : 'beginning'
      const crashes = first ? '1' : '0'
      await link.run(
        joinScript,
        [keys.groups, keys.top, keys.pending(name)],
        [keys.prefix, name, consumer, from, crashes, concurrency, JSON.stringify(types), ...types],
      )
    },
    claim,
    hold: async () => (await link.run(takeGroupScript, [keys.holder(name)], [consumer, parts.deadAfterMs])) === 1,
    takeOver: async () => {
      await link.run(takeOverScript, withPending, [name, consumer, leftBehind, concurrency])
    },
    leave: async () => {
      await link.run(leaveScript, streams, [name, consumer, leftBehind])
      if (concurrency === 1) await link.run(giveGroupScript, [keys.holder(name)], [consumer, keys.bell, name])
    },
  }
}
