// where the values come from: each part of LOTUS counts for itself and is asked when somebody scrapes.
import type { GatewayServices } from '../routes/parts.ts'
import { sample, samplesOf, type Sample } from './sample.ts'

export interface Source {
  readonly name: string
  collect(): Promise<readonly Sample[]>
}

const seconds = (milliseconds: number): number => milliseconds / 1_000

/** the parts that are asked; one that does not answer leaves only its own metrics out. */
export function metricSources(services: GatewayServices): readonly Source[] {
  const { nucleus, reasoning, operator, providers, memory } = services
  return [
    {
      name: 'health',
      collect: async () => {
        const report = await nucleus.health()
        return [
          sample('lotus_info', 1, { version: report.version }),
          sample('lotus_uptime_seconds', seconds(report.uptimeMs)),
          sample('lotus_health_status', 1, { status: report.status }),
          ...Object.entries(report.infrastructure).map(([resource, { backend, status }]) =>
            sample('lotus_infrastructure_status', 1, { resource, backend, status }),
          ),
          ...Object.values(report.modules).flatMap((one) => [
            sample('lotus_module_status', 1, { module: one.name, status: one.status }),
            sample('lotus_module_restarts_total', one.restarts, { module: one.name }),
            sample('lotus_module_generation', one.generation, { module: one.name }),
            sample('lotus_module_open_resources', one.open.length, { module: one.name }),
          ]),
        ]
      },
    },
    {
      name: 'nucleus',
      collect: async () => {
        const statistics = await nucleus.statistics()
        return [
          ...samplesOf('lotus_events_total', 'type', statistics.eventsByType),
          sample('lotus_event_handler_failures_total', statistics.handlerFailures),
          sample('lotus_store_calls_total', statistics.storeCalls),
          sample('lotus_store_seconds_total', seconds(statistics.storeTimeMs)),
          sample('lotus_disk_free_bytes', statistics.diskFreeBytes),
          sample('lotus_queue_wait_seconds_total', seconds(statistics.queueWaitMs)),
        ]
      },
    },
    {
      name: 'journal',
      collect: async () => {
        const { events, bytes, deadLetters, lag } = await nucleus.journal()
        return [
          sample('lotus_journal_events', events),
          sample('lotus_journal_bytes', bytes),
          sample('lotus_journal_dead_letters', deadLetters),
          ...samplesOf('lotus_journal_lag_events', 'group', lag),
        ]
      },
    },
    {
      name: 'nodes',
      collect: async () => {
        const nodes = await nucleus.nodes()
        const lost = nodes.filter(({ state }) => state === 'lost').length
        return [
          sample('lotus_nodes', nodes.length - lost, { state: 'there' }),
          sample('lotus_nodes', lost, { state: 'lost' }),
        ]
      },
    },
    {
      name: 'reasoning',
      collect: async () => {
        const { runs } = await reasoning.statistics()
        return Object.entries(runs).map(([key, count]) => {
          const [mode = '', status = ''] = key.split('/')
          return sample('lotus_goals_total', count, { mode, status })
        })
      },
    },
    {
      name: 'operator',
      collect: async () => {
        const { actions, decisions, failures, actionTimeMs } = await operator.statistics()
        return [
          ...samplesOf('lotus_actions_total', 'action', actions),
          ...samplesOf('lotus_policy_decisions_total', 'decision', decisions),
          sample('lotus_action_failures_total', failures),
          sample('lotus_action_seconds_total', seconds(actionTimeMs)),
        ]
      },
    },
    {
      name: 'providers',
      collect: async () => {
        const [all, spend] = await Promise.all([providers.status(), providers.spend()])
        return [
          sample('lotus_model_calls_total', spend.calls),
          sample('lotus_model_tokens_total', spend.inputTokens, { direction: 'input' }),
          sample('lotus_model_tokens_total', spend.outputTokens, { direction: 'output' }),
          sample('lotus_model_cost_usd_total', spend.costMicroUsd / 1_000_000),
          ...all.map(({ name, status }) => sample('lotus_provider_status', 1, { provider: name, status })),
        ]
      },
    },
    {
      name: 'memory',
      collect: async () => {
        const { notes, sessions, auditRows } = await memory.statistics()
        return [
          sample('lotus_memory_notes', notes),
          sample('lotus_memory_sessions', sessions),
          sample('lotus_memory_audit_rows', auditRows),
        ]
      },
    },
  ]
}
