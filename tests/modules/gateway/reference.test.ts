// the references of endpoints and metrics say what the code says, no more and no less.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { addDocsRoutes } from '../../../modules/gateway/docs/routes.ts'
import { gatewayErrors } from '../../../modules/gateway/errors.ts'
import { catalogue } from '../../../modules/gateway/metrics/catalogue.ts'
import type { RouteParts } from '../../../modules/gateway/routes/parts.ts'
import { addRoutes } from '../../../modules/gateway/routes/routes.ts'
import { createApp } from '../../../modules/gateway/server/app.ts'
import { createRouteTable } from '../../../modules/gateway/server/route-table.ts'
import { statusOf } from '../../../modules/gateway/server/statuses.ts'
import { renderEndpoints } from '../../../scripts/generate-endpoints-reference.ts'
import { renderMetricsReference } from '../../../scripts/generate-metrics-reference.ts'
import { settingsFor } from './house.ts'

const read = (name: string): string => readFileSync(join(import.meta.dirname, '../../../docs/reference', name), 'utf8')

describe('docs/reference/endpoints.md', () => {
  it('is what the generator writes; run `node scripts/generate-endpoints-reference.ts` after a change', async () => {
    expect(read('endpoints.md')).toBe(await renderEndpoints())
  })

  it('names every endpoint, and no other', () => {
    const app = createApp(settingsFor('/nowhere'), pino({ level: 'silent' }))
    const table = createRouteTable(app)
    addRoutes(app, { services: {} } as RouteParts)
    addDocsRoutes(app, () => Promise.reject(new Error('not asked for')))
    const routes = table
      .list()
      .filter(({ method, path }) => method !== 'HEAD' && path !== '/docs/*')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    const named = [...read('endpoints.md').matchAll(/^### ([A-Z]+ \/\S*)$/gm)].map(([, name]) => name)
    expect(new Set(named)).toEqual(new Set(routes))
    expect(named).toHaveLength(routes.length)
  })
})

describe('docs/reference/metrics.md', () => {
  it('is what the generator writes; run `node scripts/generate-metrics-reference.ts` after a change', () => {
    expect(read('metrics.md')).toBe(renderMetricsReference())
  })

  it('names every metric, and no other', () => {
    const named = [...read('metrics.md').matchAll(/^\| `(lotus_\w+)`/gm)].map(([, name]) => name)
    expect(named).toEqual(Object.keys(catalogue))
    expect(named.length).toBeGreaterThanOrEqual(20)
  })
})

describe('the status of an error', () => {
  it('is a client’s fault or ours for each error that a request can meet, never an unexplained 500', () => {
    const atStart = [
      'PORT_TAKEN',
      'LISTEN_FAILED',
      'INSECURE_BIND',
      'TOKEN_INVALID',
      'TOKEN_UNAVAILABLE',
      'TOKENS_EQUAL',
      'TOKENS_DAMAGED',
    ]
    const { definitions, ...makers } = gatewayErrors
    expect(Object.keys(makers)).toEqual(Object.keys(definitions))
    const unexplained = Object.entries(makers).filter(
      ([code, make]) => !atStart.includes(code) && statusOf(make()) === 500,
    )
    expect(unexplained.map(([code]) => code)).toEqual([])
  })
})
