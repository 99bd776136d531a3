// every module that ships with LOTUS, inline and in a process of its own: the same start, services, events, health,
// reload, errors and stop, because isolation is a line in the manifest.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { GoalCompleted } from '../../../modules/reasoning/contract.ts'
import { ModuleLoaded, ModuleUnloaded } from '../../../nucleus/contract.ts'
import type { EventDefinition } from '../../../nucleus/events/event.ts'
import type { Manifest } from '../../../nucleus/modules/manifest.ts'
import { parseServiceReference } from '../../../nucleus/modules/service-reference.ts'
import type { ServiceDefinition } from '../../../nucleus/services/service.ts'
import { openModules, type OpenModules } from '../../support/open-modules.ts'

const folder = join(import.meta.dirname, '../../../modules')
const manifests = readdirSync(folder).map(
  (name) =>
    JSON.parse(readFileSync(join(folder, name, 'manifest.json'), 'utf8')) as Partial<Manifest> & { name: string },
)
const limitMs = 150_000

/** modules that a module can't do without, itself first. */
function neededFor(name: string, known: string[] = []): string[] {
  if (known.includes(name)) return known
  known.push(name)
  const { requires = [] } = manifests.find((one) => one.name === name)!
  for (const { service } of requires.map(parseServiceReference)) {
    for (const one of manifests)
      if (one.provides?.includes(service) === true && service !== 'tools') neededFor(one.name, known)
  }
  return known
}

interface Contract {
  readonly services: readonly ServiceDefinition[]
  readonly events: ReadonlyMap<string, EventDefinition>
}
/** what the contracts of all modules define. */
async function readContracts(): Promise<Contract> {
  const exported = await Promise.all(
    manifests.map(async ({ name }) => Object.values((await import(join(folder, name, 'contract.ts'))) as object)),
  )
  const values = exported.flat().filter((one): one is object => typeof one === 'object' && one !== null)
  return {
    services: values.filter((one): one is ServiceDefinition => 'methods' in one && 'many' in one),
    events: new Map(
      values
        .filter((one): one is EventDefinition => 'durability' in one && 'schema' in one)
        .map((one) => [one.type, one]),
    ),
  }
}

const settings = { gateway: { httpPort: 0 }, providers: { probeEvery: 3_600_000 } }

async function open(name: string, isolation: 'inline' | 'process'): Promise<OpenModules> {
  return await openModules({
    folder,
    names: neededFor(name),
    inProcess: isolation === 'process' ? [name] : [],
    settings,
  })
}

const traceId = '0af7651916cd43dd8448eb211c80319c'
const client = { channel: 'cli', timeZone: 'UTC', locale: 'en-GB', width: 80 }
const listener = { person: 'somebody', timeZone: 'UTC', locale: 'en-GB' }
const intent = {
  text: 'frobnicate the quux',
  normalised: 'frobnicate quux',
  segmentations: [],
  risk: 'none',
  language: 'en',
  confidence: 0,
}

interface Failure {
  readonly code: string
}
const isFailure = (expected: unknown): expected is Failure =>
  typeof expected === 'object' && expected !== null && Object.keys(expected).join() === 'code'

/** some calls of each service, with what they give: the same on either side of the wall. */
const calls: Readonly<Record<string, readonly (readonly [string, readonly unknown[], unknown])[]>> = {
  memory: [
    ['remember', [{ text: 'the spare key is with Kim', source: 'test' }], expect.objectContaining({ source: 'test' })],
    ['recall', [{ text: 'where is the spare key?' }], [expect.objectContaining({ text: 'the spare key is with Kim' })]],
    ['setWorking', ['a', { b: [1, undefined, null] }, 60_000], undefined],
    ['getWorking', ['a'], { b: [1, null, null] }],
    ['getWorking', ['nothing'], undefined],
    ['session', ['nobody'], []],
  ],
  providers: [
    ['spend', [], expect.anything()],
    ['complete', [{ prompt: 'hello' }], { code: 'MODEL_MISSING' }],
  ],
  perception: [
    ['interpret', [{ text: 'list the files', client }], expect.objectContaining({ text: 'list the files' })],
    ['reminders', [], []],
    ['openReminders', [listener], []],
    ['reminderDone', ['nothing'], { code: 'REMINDER_UNKNOWN' }],
    ['takeIntent', ['nothing'], undefined],
  ],
  reasoning: [
    ['run', ['nothing'], undefined],
    ['runs', [], []],
    ['abilities', [], expect.arrayContaining([expect.anything()])],
    ['cancel', ['nothing'], false],
  ],
  operator: [
    ['actions', [], expect.arrayContaining([expect.objectContaining({ name: 'files.read' })])],
    ['verifyAudit', [], expect.objectContaining({ ok: true })],
    ['survey', ['no ticket'], { code: 'TICKET_UNKNOWN' }],
  ],
  governance: [
    ['rules', [], expect.arrayContaining([expect.anything()])],
    ['verifyAudit', [], expect.objectContaining({ ok: true })],
  ],
}

/** an event of each type that a module consumes. */
const samples: Readonly<Record<string, unknown>> = {
  'goal.completed': {
    traceId,
    goal: 'x',
    status: 'completed',
    mode: 'innate',
    answer: 'y',
    costMicroUsd: 0,
    durationMs: 1,
    steps: [],
  },
  'goal.progressed': { traceId, text: 'on the way' },
  'goal.accepted': { traceId, intent, client, session: 's', ticket: 'none' },
  'confirmation.requested': { planId: 'p', planHash: 'h', expiresAt: '2026-01-01T00:00:00Z' },
  'action.completed': { planId: 'p', step: 's', action: 'file.read', status: 'completed', durationMs: 1 },
  'plan.decided': { planId: 'p', planHash: 'h', decision: 'allow', policies: [] },
  'module.loaded': { module: 'nobody', generation: 1 },
  'module.unloaded': { module: 'nobody', generation: 1 },
}

/** labels of what a module holds in both ways; a first look is over some time after the start. */
const held = (open: readonly string[] = []): string[] =>
  open.filter((label) => !/^process \d+$|^timer first look/.test(label)).toSorted()

const isolations = ['inline', 'process'] as const
const cases = manifests.flatMap(({ name }) => isolations.map((isolation) => [name, isolation] as const))

describe.each(cases)('%s, %s', (name, isolation) => {
  const manifest = manifests.find((one) => one.name === name)!

  it('starts healthy, and stops without leaving anything', { timeout: limitMs }, async () => {
    await using house = await open(name, isolation)
    const status = house.status(name)
    expect(status).toMatchObject({ status: 'healthy', generation: 1, restarts: 0 })
    expect(status?.open.some((label) => label.startsWith('process '))).toBe(isolation === 'process')
    const pid = status?.details?.['process']
    expect(typeof pid).toBe(isolation === 'process' ? 'number' : 'undefined')
    await house.manager.stopAll('the test')
    expect(house.status(name)).toMatchObject({ status: 'stopped', open: [] })
    if (isolation === 'process') await vi.waitFor(() => expect(isAlive(Number(pid))).toBe(false), 5_000)
  })

  it('answers calls with its results and errors, and handles events', { timeout: limitMs }, async () => {
    await using house = await open(name, isolation)
    await house.manager.loadParts()
    const { services, events } = await readContracts()
    for (const service of manifest.provides ?? []) {
      const definition = services.find((one) => one.name === service)!
      const wrong = { ...definition, methods: { ...definition.methods, noSuchMethod: 'call' } } as ServiceDefinition
      const handle = (definition.many ? house.useAll(wrong).get(name) : house.use(wrong)) as unknown as Readonly<
        Record<string, (...parameters: unknown[]) => Promise<unknown>>
      >
      await expect(handle['noSuchMethod']?.()).rejects.toMatchObject({
        code: 'SERVICE_METHOD_MISSING',
        fix: expect.stringContaining('contract'),
      })
      for (const [method, parameters, expected] of calls[service] ?? []) {
        const answer = handle[method]?.(...parameters)
        if (isFailure(expected)) await expect(answer).rejects.toMatchObject(expected)
        else expect(await answer).toEqual(expected)
      }
    }
    if (name === 'gateway') {
      const response = await fetch(new URL('/health', house.manager.announcements()['url']))
      expect([response.status, (await response.json()) as object]).toMatchObject([200, { status: 'healthy' }])
    }
    for (const type of manifest.consumes ?? []) {
      const event = events.get(type) ?? [ModuleLoaded, ModuleUnloaded].find((one) => one.type === type)
      await house.emit(event!, samples[type])
    }
    await house.handled(name)
    if (name === 'reasoning') {
      const [told] = await house.events(GoalCompleted, 1)
      expect(told).toMatchObject({ source: 'reasoning', data: { traceId } })
    }
    expect(house.status(name)).toMatchObject({ status: 'healthy' })
  })

  it('is reloaded, and holds what it held before', { timeout: limitMs }, async () => {
    await using house = await open(name, isolation)
    await house.manager.loadParts()
    const before = held(house.status(name)?.open)
    if (name === 'gateway' && isolation === 'process') {
      // two processes can't share a socket that one of them has opened for itself alone
      await expect(house.manager.reload(name)).rejects.toMatchObject({ code: 'LISTEN_FAILED' })
      expect(house.status(name)).toMatchObject({ status: 'healthy' })
      return
    }
    const healthy = (): void => {
      const { status, reason, lastError } = house.status(name)!
      expect({ status, reason, lastError }).toMatchObject({ status: 'healthy' })
    }
    for (const generation of [2, 3]) {
      await house.manager.reload(name)
      healthy()
      expect(house.status(name)?.generation).toBe(generation)
      expect(held(house.status(name)?.open)).toEqual(before)
    }
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
