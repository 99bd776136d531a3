// starts the gateway for a test as the kernel does, between services in memory, and stops it in the end.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import gateway from '../../../modules/gateway/module.ts'
import { settings as schema } from '../../../modules/gateway/settings.ts'
import type { EventDefinition, EventEnvelope } from '../../../nucleus/events/event.ts'
import type { Infrastructure } from '../../../nucleus/infrastructure/ports.ts'
import { createIdentifier, createTraceparent } from '../../../nucleus/identifiers.ts'
import { startInstance, type Instance } from '../../../nucleus/modules/instance.ts'
import { parseManifest, type Manifest } from '../../../nucleus/modules/manifest.ts'
import type { EventBus } from '../../../nucleus/modules/ports.ts'
import { createServiceRegistry } from '../../../nucleus/services/registry.ts'
import type { SettingsOf } from '../../../nucleus/settings/schema.ts'
import { createFakes, type Fakes } from './fakes.ts'

export type Settings = SettingsOf<typeof schema>

const folder = join(import.meta.dirname, '../../../modules/gateway')

async function readManifest(): Promise<Manifest> {
  const parsed = parseManifest(await readFile(join(folder, 'manifest.json'), 'utf8'), 'manifest.json', 'gateway')
  if (Array.isArray(parsed)) throw new Error(JSON.stringify(parsed))
  return parsed as Manifest
}

/** a bus that delivers live and remembers who listens. */
function createBus() {
  const open = new Set<{ type: string; handle: (event: EventEnvelope) => unknown }>()
  const bus: EventBus = {
    emit: async () => createIdentifier(),
    subscribe: ({ definition, handler }) => {
      const one = {
        type: definition.type,
        handle: (event: EventEnvelope) => handler(event.data as never, event as never),
      }
      open.add(one)
      return { ready: Promise.resolve(), pending: 0, close: async () => void open.delete(one) }
    },
  }
  return {
    bus,
    listeners: () => open.size,
    async publish<Data>(definition: EventDefinition<Data>, data: Data, traceId: string): Promise<void> {
      const event = {
        specversion: '1.0',
        id: createIdentifier(),
        source: 'test',
        type: definition.type,
        time: new Date().toISOString(),
        traceparent: createTraceparent(traceId),
        data: definition.schema.parse(data),
      } as const
      for (const one of open) if (one.type === definition.type) await one.handle(event)
    },
  }
}

export interface House extends Fakes {
  readonly home: string
  readonly url: string
  readonly port: number
  readonly token: string
  readonly instance: Instance
  readonly lines: string[]
  readonly failures: string[]
  listeners(): number
  publish: ReturnType<typeof createBus>['publish']
  /** with the token, unless headers say otherwise. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  /** starts another generation beside this one, as a reload does. */
  next(previous: unknown): Promise<Instance>
}

export interface HouseOptions {
  readonly settings?: Partial<Settings>
  readonly fakes?: Fakes
  /** services that are not there. */
  readonly without?: readonly string[]
}

/** the values that the gateway has where nothing is set, with short times and any port. */
export function settingsFor(home: string, settings: Partial<Settings> = {}): Settings {
  const defaults = Object.fromEntries(Object.entries(schema).map(([name, setting]) => [name, setting.default]))
  return { ...(defaults as unknown as Settings), home, httpPort: 0, ...settings }
}

/** a folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'lotus-gateway-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** starts one; it ends with the test. */
export async function startHouse(options: HouseOptions = {}): Promise<House> {
  const fakes = options.fakes ?? createFakes()
  const home = options.settings?.home ?? (await temporaryFolder())
  const values = settingsFor(home, options.settings)
  const lines: string[] = []
  const failures: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  const { bus, listeners, publish } = createBus()
  const registry = createServiceRegistry({ isMany: () => false, waitMs: 200 })
  const services = Object.entries(fakes.services).filter(([name]) => options.without?.includes(name) !== true)
  registry.provide('fakes', 1, Object.fromEntries(services))
  const manifest = await readManifest()

  const start = async (generation: number, previous: unknown): Promise<Instance> => {
    const instance = await startInstance({
      manifest,
      definition: gateway,
      generation,
      registry,
      bus,
      infrastructure: {} as Infrastructure,
      settings: values,
      log,
      previous,
      reportFailure: (during, error) => void failures.push(`${during}: ${String(error)}`),
    })
    onTestFinished(async () => void (await instance.stop()))
    return instance
  }
  const instance = await start(1, undefined)
  await instance.serve()
  const url = instance.announce['url'] ?? ''
  const token = values.httpToken || (await readFile(join(home, 'token'), 'utf8')).trim()
  fakes.state.token = token

  const authorized = (headers: RequestInit['headers'] = {}): Headers => {
    const all = new Headers(headers)
    if (!all.has('authorization')) all.set('authorization', `Bearer ${token}`)
    return all
  }
  return {
    ...fakes,
    home,
    url,
    port: Number(new URL(url).port),
    token,
    instance,
    lines,
    failures,
    listeners,
    publish,
    fetch: (path, init = {}) => fetch(`${url}${path}`, { ...init, headers: authorized(init.headers) }),
    post: (path, body, headers = {}) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: authorized({ 'content-type': 'application/json', ...headers }),
        body: JSON.stringify(body),
      }),
    next: (previous) => start(2, previous),
  }
}
