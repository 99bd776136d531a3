// who shares a Redis: each nucleus writes what it tells of itself into one hash, with the server's time.
import type { NodeBook } from '../../nodes/node.ts'
import type { JournalKeys } from './keys.ts'
import type { RedisLink } from './link.ts'
import type { RedisGroup } from './group.ts'
import { listNodesScript, tellNodeScript } from './scripts.ts'

/** who was silent for so long is forgotten, milliseconds. */
const forgetAfterMs = 600_000
const maximum = 1_000

export function createNodeBook(parts: {
  readonly link: RedisLink
  readonly keys: JournalKeys
  /** this nucleus as a consumer. */
  readonly id: string
  readonly groups: ReadonlyMap<string, RedisGroup>
}): NodeBook {
  const { link, keys, id, groups } = parts
  return Object.freeze<NodeBook>({
    id,
    tell: async (text) => {
      await link.run(tellNodeScript, [keys.nodes], [id, text])
    },
    leave: async () => {
      await link.send('HDEL', keys.nodes, id)
    },
    list: async () => {
      const rows = (await link.run(listNodesScript, [keys.nodes], [forgetAfterMs, maximum])) as string[][]
      return rows
        .map(([one = '', text = '', silentMs = '0']) => ({ id: one, text, silentMs: Number(silentMs) }))
        .toSorted((left, right) => (left.id < right.id ? -1 : 1))
    },
    takes: () => ({
      groups: Array.from(groups.keys()),
      inHand: Array.from(groups.values(), (group) => group.inHand).reduce((sum, count) => sum + count, 0),
    }),
  })
}
