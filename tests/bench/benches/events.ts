// events and service calls inside the process: ours against what they are made of, and against Moleculer.
import { EventEmitter } from 'eventemitter3'
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import pino from 'pino'
import { z } from 'zod'
import { createBus } from '../../../nucleus/events/bus.ts'
import { defineEvent } from '../../../nucleus/events/event.ts'
import { createTraceId, createTraceparent } from '../../../nucleus/identifiers.ts'
import { defineService } from '../../../nucleus/services/service.ts'
import { createServiceRegistry } from '../../../nucleus/services/registry.ts'
import { runInTrace } from '../../../nucleus/trace.ts'
import { compared, defineBench } from '../bench.ts'
import { nanosecondsEach, type Contestant } from '../measure.ts'
import { unusedJournal } from '../unused-journal.ts'

const data = { goal: 'list the largest files', steps: 12, ok: true }
const schema = z.object({ goal: z.string(), steps: z.number().int(), ok: z.boolean() })
const Measured = defineEvent({
  type: 'goal.measured',
  durability: 'transient',
  description: 'emitted by this bench only.',
  data: schema,
})

interface Adder {
  add(left: number, right: number): Promise<number>
}
const Adder = defineService<Adder>('adder', { add: 'call' })

interface MoleculerBroker {
  createService(service: object): void
  start(): Promise<void>
  stop(): Promise<void>
  emit(event: string, data: unknown): Promise<unknown>
  call(action: string, parameters: unknown): Promise<number>
}

export default defineBench({
  name: 'events',
  kind: 'bench',
  description: 'a transient event to one listener and an inline service call: against their parts and Moleculer',
  packages: true,
  run: async ({ seconds }) => {
    let heard = 0
    const log = pino({ level: 'silent' })
    const bus = createBus({ journal: unusedJournal(), log })
    const subscription = bus.subscribe({
      owner: 'bench',
      definition: Measured,
      handler: (received) => {
        heard += received.steps
      },
    })
    const plain = new EventEmitter()
    plain.on('goal.measured', (event: { data: typeof data }) => {
      heard += event.data.steps
    })
    const { ServiceBroker } = createRequire(import.meta.url)('moleculer') as {
      ServiceBroker: new (options: object) => MoleculerBroker
    }
    const broker = new ServiceBroker({ logger: false })
    broker.createService({
      name: 'listener',
      actions: {
        add: (context: { params: { left: number; right: number } }) => context.params.left + context.params.right,
      },
      events: {
        'goal.measured': {
          params: { goal: 'string', steps: 'number|integer', ok: 'boolean' },
          handler: (context: { params: typeof data }) => {
            heard += context.params.steps
          },
        },
      },
    })
    await broker.start()

    const registry = createServiceRegistry({ isMany: () => false })
    registry.provide('provider', 1, { adder: { add: async (left: number, right: number) => left + right } })
    const adder = registry.handle(Adder)

    const traceparent = createTraceparent(createTraceId())
    const envelope = { data }
    const parts: Contestant[] = [
      {
        name: 'eventemitter3',
        run: async (count) => {
          for (let index = 0; index < count; index += 1) await Promise.resolve(plain.emit('goal.measured', envelope))
        },
      },
      {
        name: 'zod',
        run: (count) => {
          for (let index = 0; index < count; index += 1) if (schema.safeParse(data).success) heard += 1
        },
      },
      {
        name: 'envelope',
        run: (count) => {
          for (let index = 0; index < count; index += 1) {
            const made = {
              specversion: '1.0',
              id: randomUUID(),
              source: 'bench',
              type: 'goal.measured',
              // writing it as text would cost a plain floor more than all the rest.
              time: Date.now(),
              traceparent,
              data,
            }
            heard += made.id.length
          }
        },
      },
    ]
    const contestants: Contestant[] = [
      ...parts,
      {
        name: 'lotus',
        run: (count) =>
          runInTrace({ traceparent }, async () => {
            for (let index = 0; index < count; index += 1) await bus.emit('bench', Measured, data)
          }),
      },
      {
        name: 'moleculer',
        run: async (count) => {
          for (let index = 0; index < count; index += 1) await broker.emit('goal.measured', data)
        },
      },
      {
        name: 'lotus call',
        run: (count) =>
          runInTrace({ traceparent, module: 'caller' }, async () => {
            for (let index = 0; index < count; index += 1) heard += await adder.add(index, 1)
          }),
      },
      {
        name: 'moleculer call',
        run: async (count) => {
          for (let index = 0; index < count; index += 1) {
            heard += await broker.call('listener.add', { left: index, right: 1 })
          }
        },
      },
    ]
    const times = await nanosecondsEach(contestants, { seconds })
    await broker.stop()
    await subscription.close()
    await bus.close()
    if (heard === 0) throw new Error('nobody heard an event')

    const of = (name: string): number => times.get(name)!
    const floor = parts.reduce((sum, part) => sum + of(part.name), 0)
    return [
      ...parts.map((part) => ({ metric: `floor: ${part.name}`, value: of(part.name), unit: 'ns/event' })),
      compared({
        metric: 'emit to handler',
        unit: 'ns/event',
        value: of('lotus'),
        peer: { name: 'eventemitter3 + zod + envelope (randomUUID)', value: floor },
        atMost: 1.5,
      }),
      compared({
        metric: 'emit rate',
        unit: 'events/s',
        value: 1e9 / of('lotus'),
        peer: { name: 'moleculer emit', value: 1e9 / of('moleculer') },
        atLeast: 6,
      }),
      compared({
        metric: 'inline service call rate',
        unit: 'calls/s',
        value: 1e9 / of('lotus call'),
        peer: { name: 'moleculer call', value: 1e9 / of('moleculer call') },
        atLeast: 2,
      }),
    ]
  },
})
