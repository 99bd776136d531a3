// one status for the system, by the rules of the design.
import { describe, expect, it } from 'vitest'
import type { ModuleState, ModuleStatus } from '../../../nucleus/health/health.ts'
import { assembleHealth, judgeSystem, type HealthParts } from '../../../nucleus/health/tree.ts'
import { createHealthWatch } from '../../../nucleus/health/watch.ts'

const module = (name: string, status: ModuleState, fields: Partial<ModuleStatus> = {}): ModuleStatus => ({
  name,
  version: '1.0.0',
  description: '',
  status,
  core: false,
  generation: 1,
  since: '2026-11-21T00:00:00.000Z',
  restarts: 0,
  open: [],
  ...fields,
})
const embedded = { backend: 'sqlite', status: 'healthy', reason: 'embedded: LOTUS_POSTGRES_URL is not set' } as const
const parts = (fields: Partial<HealthParts>): HealthParts => ({
  phase: 'running',
  version: '0.1.0',
  uptimeMs: 1,
  modules: [],
  infrastructure: { store: embedded },
  ...fields,
})

describe('the system', () => {
  it('is healthy with embedded parts and healthy modules', () => {
    expect(judgeSystem(parts({ modules: [module('memory', 'healthy', { core: true })] }))).toEqual({
      status: 'healthy',
    })
  })
  it('is degraded when an optional module fails', () => {
    expect(judgeSystem(parts({ modules: [module('gateway', 'parked', { reason: 'too many restarts' })] }))).toEqual({
      status: 'degraded',
      reason: 'gateway is parked: too many restarts',
    })
  })
  it('is not unhealthy where a person has disabled a core module, and says that it is', () => {
    const disabled = { core: true, isDisabled: true, reason: 'disabled' }
    expect(judgeSystem(parts({ modules: [module('memory', 'stopped', disabled)] }))).toEqual({
      status: 'degraded',
      reason: 'memory is stopped: disabled',
    })
    expect(judgeSystem(parts({ modules: [module('tally', 'stopped', { isDisabled: true })] })).status).toBe('healthy')
  })
  it('is degraded when a core module is', () => {
    expect(judgeSystem(parts({ modules: [module('memory', 'degraded', { core: true })] })).status).toBe('degraded')
  })
  it('is degraded when something configured is absent', () => {
    const store = { backend: 'sqlite', status: 'degraded', reason: 'no Postgres' } as const
    expect(judgeSystem(parts({ infrastructure: { store } }))).toEqual({
      status: 'degraded',
      reason: 'store is degraded: no Postgres',
    })
  })
  it('is degraded, not unhealthy, when a resource is down', () => {
    const store = { backend: 'postgres', status: 'unhealthy' } as const
    expect(judgeSystem(parts({ infrastructure: { store } })).status).toBe('degraded')
  })
  it('is unhealthy when a core module is down, restarting or stopped', () => {
    const down: ModuleState[] = ['unhealthy', 'parked', 'stopped', 'starting']
    expect(
      down.map((state) => judgeSystem(parts({ modules: [module('memory', state, { core: true })] })).status),
    ).toEqual(['unhealthy', 'unhealthy', 'unhealthy', 'unhealthy'])
  })
  it('is healthy when somebody stopped an optional module', () => {
    expect(judgeSystem(parts({ modules: [module('gateway', 'stopped')] })).status).toBe('healthy')
  })
  it('is starting or draining, whatever its modules are', () => {
    expect(judgeSystem(parts({ phase: 'starting', modules: [module('memory', 'starting', { core: true })] }))).toEqual({
      status: 'starting',
    })
    expect(judgeSystem(parts({ phase: 'draining' }))).toEqual({ status: 'draining' })
  })
})

describe('assembleHealth', () => {
  it('shows modules and resources by name', () => {
    const memory = module('memory', 'healthy')
    expect(assembleHealth(parts({ modules: [memory] }))).toEqual({
      status: 'healthy',
      version: '0.1.0',
      uptimeMs: 1,
      modules: { memory },
      infrastructure: { store: embedded },
      notices: [],
    })
  })

  it('is degraded, with the words of it, where there is something to know about the start', () => {
    const notice = { code: 'SAFE_MODE', message: 'only the core modules run', fix: 'restart' }
    expect(judgeSystem(parts({ notices: [notice] }))).toEqual({ status: 'degraded', reason: notice.message })
    expect(assembleHealth(parts({ notices: [notice] })).notices).toEqual([notice])
  })
})

describe('createHealthWatch', () => {
  it('tells each change once', () => {
    let now = parts({ phase: 'starting' })
    const told: string[] = []
    const watch = createHealthWatch(
      () => now,
      ({ subject, from, to }) => void told.push(`${subject}: ${from} → ${to}`),
    )
    watch.look()
    now = parts({})
    watch.look()
    watch.look()
    now = parts({ infrastructure: { store: { ...embedded, status: 'degraded' } } })
    watch.look()
    now = parts({})
    watch.look()
    expect(told).toEqual([
      'system: starting → healthy',
      'infrastructure/store: healthy → degraded',
      'system: healthy → degraded',
      'infrastructure/store: degraded → healthy',
      'system: degraded → healthy',
    ])
    expect(watch.status).toBe('healthy')
  })
})
