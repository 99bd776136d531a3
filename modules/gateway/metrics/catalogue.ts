// every metric of LOTUS with its sentence; docs/reference/metrics.md is made of this and compared with it.

export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
}

const metric = (type: MetricDefinition['type'], help: string, ...labels: string[]): MetricDefinition => ({
  type,
  help,
  labels,
})

/** by name, in the order of the documentation. */
export const catalogue = {
  lotus_info: metric('gauge', 'Always 1; its label is the version.', 'version'),
  lotus_uptime_seconds: metric('gauge', 'Time since the nucleus started.'),
  lotus_health_status: metric('gauge', '1 for the status that the system has now.', 'status'),
  lotus_module_status: metric('gauge', '1 for the status that a module has now.', 'module', 'status'),
  lotus_module_restarts_total: metric('counter', 'Restarts of a module by its supervisor.', 'module'),
  lotus_module_generation: metric('gauge', 'How often a module was loaded in this process.', 'module'),
  lotus_module_open_resources: metric(
    'gauge',
    'What a module holds: subscriptions, timers, sockets, children.',
    'module',
  ),
  lotus_infrastructure_status: metric(
    'gauge',
    '1 for the status that a resource has now.',
    'resource',
    'backend',
    'status',
  ),
  lotus_events_total: metric('counter', 'Events emitted.', 'type'),
  lotus_event_handler_failures_total: metric('counter', 'Tries of an event’s handler that failed.'),
  lotus_journal_events: metric('gauge', 'Events in the journal.'),
  lotus_journal_bytes: metric('gauge', 'Size of the journal.'),
  lotus_journal_dead_letters: metric('gauge', 'Events that failed their last try and wait for a person.'),
  lotus_journal_lag_events: metric('gauge', 'Events that a durable group has not acknowledged yet.', 'group'),
  lotus_nodes: metric('gauge', 'Nuclei of this system that are there, and that are lost.', 'state'),
  lotus_store_calls_total: metric('counter', 'Calls to the store.'),
  lotus_store_seconds_total: metric('counter', 'Time spent in calls to the store.'),
  lotus_disk_free_bytes: metric('gauge', 'Room that is left on the disk of LOTUS_HOME.'),
  lotus_queue_wait_seconds_total: metric('counter', 'Time that events waited for their handlers.'),
  lotus_goals_total: metric(
    'counter',
    'Goals that ended, by how they were served and how they ended.',
    'mode',
    'status',
  ),
  lotus_goal_duration_seconds: metric('histogram', 'Time from a goal’s acceptance to its end.', 'mode', 'status'),
  lotus_goals_waiting: metric('gauge', 'Goals whose outcome a client waits for.'),
  lotus_actions_total: metric('counter', 'Actions that were run.', 'action'),
  lotus_action_failures_total: metric('counter', 'Actions that failed.'),
  lotus_action_seconds_total: metric('counter', 'Time spent in actions.'),
  lotus_policy_decisions_total: metric('counter', 'Decisions of the policy.', 'decision'),
  lotus_model_calls_total: metric('counter', 'Calls to models.'),
  lotus_model_tokens_total: metric('counter', 'Tokens sent to and received from models.', 'direction'),
  lotus_model_cost_usd_total: metric('counter', 'Money spent on models, US dollars.'),
  lotus_provider_status: metric('gauge', '1 for the status that a model provider has now.', 'provider', 'status'),
  lotus_memory_notes: metric('gauge', 'Notes in the long-term memory.'),
  lotus_memory_sessions: metric('gauge', 'Sessions that are remembered.'),
  lotus_memory_audit_rows: metric('gauge', 'Rows in the searchable copy of the audit chain.'),
  lotus_http_requests_total: metric('counter', 'HTTP requests answered.', 'method', 'route', 'status'),
  lotus_http_request_duration_seconds: metric(
    'histogram',
    'Time to answer an HTTP request, streams left out.',
    'route',
  ),
  lotus_http_connections: metric('gauge', 'HTTP connections that are open.'),
  lotus_http_streams: metric('gauge', 'Live streams of events that are open.'),
  lotus_metrics_source_up: metric('gauge', '1 where a part of LOTUS answered this scrape, else 0.', 'source'),
} as const satisfies Readonly<Record<string, MetricDefinition>>

export type MetricName = keyof typeof catalogue
