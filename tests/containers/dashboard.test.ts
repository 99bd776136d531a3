// what Prometheus and Grafana are given: rules and dashboard speak of metrics that LOTUS has, and of all of them.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { catalogue } from '../../modules/gateway/metrics/catalogue.ts'
import { readCompose } from '../support/containers/compose-file.ts'
import { metricNames, queriesOf, readDashboard } from '../support/containers/dashboard.ts'
import { project } from '../support/private-lotus.ts'

const read = (file: string): string => readFileSync(join(project, 'config', file), 'utf8')
const dashboard = readDashboard()
const grafana = readCompose().services['grafana']!

/** where a file of config/ is in Grafana's container. */
function inGrafana(path: string): string | undefined {
  for (const volume of grafana.volumes) {
    const [from = '', to = ''] = volume.split(':')
    if (from.startsWith('./') && `./${path}`.startsWith(`${from}/`)) return `./${path}`.replace(from, to)
  }
  return undefined
}

describe('the dashboard', () => {
  it('has a panel for each metric of LOTUS, and asks for no metric that LOTUS does not have', () => {
    const used = [...metricNames(queriesOf(dashboard).join('\n'))].filter((name) => name.startsWith('lotus_'))
    // a metric that is new belongs into config/grafana/dashboards/lotus.json.
    expect(used.toSorted()).toEqual(Object.keys(catalogue).toSorted())
  })

  it('asks for labels that the metrics have', () => {
    const added = ['instance', 'job', 'le', 'alertname', 'alertstate']
    for (const query of queriesOf(dashboard)) {
      const metrics = [...metricNames(query)].filter((name) => name in catalogue) as (keyof typeof catalogue)[]
      const labels: readonly string[] = metrics.flatMap((name) => [...catalogue[name].labels])
      const asked = [
        ...[...query.matchAll(/[{,] *(\w+)(?:=~|!=|=)"/g)].map(([, label]) => label!),
        ...[...query.matchAll(/(?:by|on) \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(', ')),
      ]
      expect([query, asked.filter((label) => !labels.includes(label) && !added.includes(label))]).toEqual([query, []])
    }
  })

  it('shows in a legend what the query keeps', () => {
    for (const { title, targets = [] } of dashboard.panels) {
      for (const { expr, legendFormat } of targets) {
        const by = /\bby \(([^)]*)\)/.exec(expr)?.[1]?.split(', ')
        const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!)
        if (by !== undefined) expect([title, shown.filter((label) => !by.includes(label))]).toEqual([title, []])
      }
    }
  })

  it('has panels that do not lie over each other, each with an id, a title and a description', () => {
    const { panels } = dashboard
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = new Set<string>()
    for (const { title, type, description, gridPos } of panels) {
      if (type !== 'row') expect([title, description ?? '']).toEqual([title, expect.stringMatching(/\.$/)])
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(cells.has(`${x} ${y}`), `${title} at ${x} ${y}`).toBe(false)
          expect(x).toBeLessThan(24)
          cells.add(`${x} ${y}`)
        }
      }
    }
  })

  it('asks the data source that is provisioned, at Prometheus of the compose file', () => {
    const { datasources } = parse(read('grafana/provisioning/datasources/prometheus.yml')) as {
      datasources: readonly { readonly uid: string; readonly url: string }[]
    }
    const asked = [
      ...dashboard.panels.flatMap(({ datasource, targets = [] }) => [
        ...(datasource === undefined ? [] : [datasource.uid]),
        ...targets.map((target) => target.datasource.uid),
      ]),
      ...dashboard.templating.list.map(({ datasource }) => datasource.uid),
      ...dashboard.annotations.list.map(({ datasource }) => datasource.uid),
    ]
    expect([...new Set(asked)]).toEqual(datasources.map(({ uid }) => uid))
    expect(new URL(datasources[0]!.url).hostname).toBe('prometheus')
    expect(readCompose().services['prometheus']!.networks.some((network) => grafana.networks.includes(network))).toBe(
      true,
    )
  })

  it('lies where Grafana looks for it', () => {
    const { providers } = parse(read('grafana/provisioning/dashboards/lotus.yml')) as {
      providers: readonly { readonly options: { readonly path: string } }[]
    }
    const path = inGrafana('grafana/dashboards/lotus.json')
    expect(path).toBe(`${providers[0]!.options.path}/lotus.json`)
    expect(grafana.environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']).toBe(path)
    for (const folder of readdirSync(join(project, 'config/grafana/provisioning'))) {
      expect(inGrafana(`grafana/provisioning/${folder}/x`)).toBe(`/etc/grafana/provisioning/${folder}/x`)
    }
  })
})

describe('the alerts', () => {
  it('are on metrics that LOTUS has', () => {
    const used = [...metricNames(read('prometheus/alerts.yml'))].filter((name) => name.startsWith('lotus_'))
    expect(used.filter((name) => !(name in catalogue))).toEqual([])
    expect(used.length).toBeGreaterThan(4)
  })

  it('look at the job under which containers are scraped', () => {
    const { scrape_configs } = parse(read('prometheus/containers.yml')) as {
      scrape_configs: readonly { readonly job_name: string }[]
    }
    const jobs = [...read('prometheus/alerts.yml').matchAll(/job="([^"]*)"/g)].map(([, job]) => job!)
    expect([...new Set(jobs)]).toEqual(scrape_configs.map(({ job_name }) => job_name))
  })

  it('look at the services of the compose file', () => {
    const services = Object.keys(readCompose().services)
    const text = read('prometheus/containers.yml')
    expect(services).toContain(/targets: \['(\w+):8000'\]/.exec(text)![1])
    expect(services).toContain(/names: \[(\w+)\]/.exec(text)![1])
  })
})
