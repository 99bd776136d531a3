// the dashboard of Grafana: its panels, and what they ask Prometheus.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { project } from '../private-lotus.ts'

const source = z.object({ type: z.literal('prometheus'), uid: z.string() })

// the parts that matter here, after Grafana's documentation of the dashboard's JSON model.
const panel = z.object({
  id: z.int().positive(),
  type: z.enum(['row', 'stat', 'timeseries']),
  title: z.string().min(1),
  description: z.string().optional(),
  datasource: source.optional(),
  gridPos: z.object({ h: z.int().positive(), w: z.int().max(24), x: z.int().min(0), y: z.int().min(0) }),
  targets: z
    .array(z.object({ refId: z.string(), datasource: source, expr: z.string(), legendFormat: z.string() }))
    .optional(),
})

const model = z.object({
  uid: z.string(),
  title: z.string(),
  schemaVersion: z.int(),
  templating: z.object({
    list: z.array(z.object({ name: z.string(), datasource: source, query: z.object({ query: z.string() }) })),
  }),
  annotations: z.object({ list: z.array(z.object({ datasource: source, expr: z.string() })) }),
  panels: z.array(panel),
})

export type Dashboard = z.infer<typeof model>

/** @throws where it is not of the form that Grafana documents */
export function readDashboard(): Dashboard {
  return model.parse(JSON.parse(readFileSync(join(project, 'config/grafana/dashboards/lotus.json'), 'utf8')))
}

/** every question to Prometheus, with Grafana's variables in place. */
export function queriesOf({ panels, annotations }: Dashboard): string[] {
  const expressions = [
    ...panels.flatMap(({ targets }) => targets ?? []).map(({ expr }) => expr),
    ...annotations.list.map(({ expr }) => expr),
  ]
  return expressions.map((expr) => expr.replaceAll('$instance', '.+').replaceAll('$__rate_interval', '1m'))
}

/** the names of metrics in a query or a file of rules; parts of a histogram by the name of the whole. */
export function metricNames(text: string): Set<string> {
  const names = [...text.matchAll(/\b(?:lotus|process|nodejs)_[a-z0-9_]+/g)].map(([name]) => name)
  return new Set(names.map((name) => name.replace(/_seconds_(?:bucket|sum|count)$/, '_seconds')))
}
