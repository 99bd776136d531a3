// /nodes: the nuclei of this system, with load and lag.
import { z } from 'zod'
import type { NodeState } from '../../../nucleus/nodes/node.ts'
import type { App } from '../server/app.ts'
import { problems } from './documented.ts'
import type { RouteParts } from './parts.ts'

const NodeBody = z
  .object({
    id: z.string().meta({ description: 'machine and home; the same after a restart' }),
    state: z
      .enum(['this', 'there', 'lost'])
      .meta({ description: 'lost: it has said nothing for longer than a living one would' }),
    role: z.enum(['nucleus', 'worker']),
    labels: z.array(z.string()),
    status: z
      .enum(['healthy', 'degraded', 'unhealthy', 'starting', 'draining'])
      .meta({ description: 'when it was last heard of' }),
    machine: z.string(),
    pid: z.number(),
    version: z.string(),
    url: z.string().optional(),
    started_at: z.string(),
    silent_ms: z.number().meta({ description: 'when it was last heard of' }),
    modules: z.record(z.string(), z.string()).meta({ description: 'each module that it runs, with its state' }),
    load: z.object({
      machine: z.number().meta({ description: 'load of the last minute for each processor; 1: all are busy' }),
      event_loop: z.number().meta({ description: 'part of the last seconds in which its event loop was busy, 0 to 1' }),
      memory_bytes: z.number().meta({ description: 'resident memory of its process' }),
    }),
    groups: z.array(z.string()).meta({ description: 'durable subscriptions that it takes events of' }),
    in_hand: z.number().meta({ description: 'events of these that it works on or holds' }),
    lag: z.number().meta({ description: 'events of these that nobody has acknowledged yet' }),
  })
  .meta({ id: 'Node' })

function presentNode(node: NodeState): z.output<typeof NodeBody> {
  const { startedAt, silentMs, load, inHand, url, ...rest } = node
  return {
    ...rest,
    ...(url === undefined ? {} : { url }),
    started_at: startedAt,
    silent_ms: silentMs,
    load: { machine: load.machine, event_loop: load.eventLoop, memory_bytes: load.memoryBytes },
    in_hand: inHand,
  }
}

export function addNodeRoutes(app: App, { services }: RouteParts): void {
  app.get(
    '/nodes',
    {
      schema: {
        tags: ['nodes'],
        summary: 'The nuclei of this system, the one that is asked first.',
        response: { 200: z.object({ nodes: z.array(NodeBody) }), ...problems },
      },
    },
    async () => ({ nodes: (await services.nucleus.nodes()).map(presentNode) }),
  )
}
