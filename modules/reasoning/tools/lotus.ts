// what LOTUS says about itself: health, modules, runs, spend, models, abilities, version.
import type { HealthReport, ModuleStatus } from '../../../nucleus/health/health.ts'
import type { AuditRow, ToolResult } from '../../operator/contract.ts'
import type { ProviderStatus } from '../../providers/contract.ts'
import type { Run } from '../contract.ts'
import type { Trace } from '../traces/library.ts'

export function tellHealth(report: HealthReport): ToolResult {
  const modules = Object.values(report.modules)
  const troubled = modules.filter((module) => module.status !== 'healthy')
  const resources = Object.entries(report.infrastructure).filter(([, resource]) => resource.status !== 'healthy')
  const lines = [
    `LOTUS is ${report.status}: ${modules.length - troubled.length} of ${modules.length} modules healthy, up for ${tellDuration(report.uptimeMs)}.`,
  ]
  for (const { message, fix } of report.notices) lines.push(`  ${message}. To do: ${fix}`)
  for (const module of troubled)
    lines.push(`  ${module.name}: ${module.status}${module.reason === undefined ? '' : ` (${module.reason})`}`)
  for (const [name, resource] of resources)
    lines.push(`  ${name}: ${resource.status} (${resource.reason ?? resource.backend})`)
  return {
    text: lines.join('\n'),
    data: { status: report.status, uptime_ms: report.uptimeMs, modules: modules.length },
  }
}

export function tellModules(modules: readonly ModuleStatus[]): ToolResult {
  const width = Math.max(...modules.map((module) => module.name.length), 4)
  const lines = [...modules]
    .sort((left, right) => left.name.localeCompare(right.name))
    .map((module) => `${module.name.padEnd(width)}  ${module.status.padEnd(9)}  ${module.description}`)
  return {
    text: [`${modules.length} modules are loaded:`, ...lines].join('\n'),
    data: { count: modules.length, modules: modules.map((module) => module.name) },
  }
}

/** what was done last, without the questions about what was done. */
export function tellRuns(runs: readonly Run[], limit: number): ToolResult {
  const told = runs
    .filter((run) => run.endedAt !== undefined && !(run.traceName ?? '').startsWith('lotus.runs'))
    .slice(0, limit)
  if (told.length === 0) return { text: 'Nothing yet: this is the first goal.', data: { count: 0 } }
  const lines = told.map(
    (run) =>
      `${run.startedAt.slice(0, 16).replace('T', ' ')}  ${run.status.padEnd(9)}  ${run.goal}${firstLine(run.answer)}`,
  )
  const text =
    told.length === 1
      ? `The last thing: ${told[0]!.goal} (${told[0]!.status})${firstLine(told[0]!.answer)}`
      : lines.join('\n')
  return { text, data: { count: told.length, runs: told.map((run) => run.traceId) } }
}

function firstLine(answer: string): string {
  const line = answer.split('\n')[0]!.trim()
  return line === '' ? '' : ` → ${line.length > 80 ? `${line.slice(0, 79)}…` : line}`
}

export function tellSpend(spend: { costMicroUsd: number; calls: number }): ToolResult {
  const dollars = `$${(spend.costMicroUsd / 1e6).toFixed(2)}`
  const text =
    spend.calls === 0
      ? `${dollars}: no model has been called, everything so far was done for nothing.`
      : `${dollars} in ${spend.calls} model calls.`
  return { text, data: { cost_usd: spend.costMicroUsd / 1e6, calls: spend.calls } }
}

export function tellModels(providers: readonly ProviderStatus[]): ToolResult {
  const there = providers.filter((provider) => provider.status === 'available')
  const data = { available: there.length, models: there.flatMap((provider) => [...provider.models]) }
  if (there.length > 0) {
    const lines = there.map((provider) => `${provider.name}: ${provider.models.join(', ') || 'no model pulled yet'}`)
    return { text: ['Yes, a language model is available.', ...lines].join('\n'), data }
  }
  const configured = providers.filter((provider) => provider.status === 'configured').map((provider) => provider.name)
  const keys =
    configured.length === 0 ? '' : ` A key for ${configured.join(' and ')} is set, but not used in this version.`
  return {
    text: `No, no language model is available.${keys} Install Ollama and run \`ollama pull llama3.2\` to get one; until then I work with my innate skills.`,
    data,
  }
}

const titles: Readonly<Record<string, string>> = {
  files: 'files and folders',
  find: 'find files',
  text: 'text in files',
  archives: 'archives',
  disk: 'disk space',
  system: 'this machine',
  clock: 'date and time',
  calculate: 'sums and units',
  git: 'git repositories (reading)',
  memory: 'notes to memory',
  reminders: 'reminders and timers',
  lotus: 'LOTUS itself',
}

export function tellAbilities(traces: readonly Trace[]): ToolResult {
  const categories = [...new Set(traces.map((trace) => trace.category))]
  const order = Object.keys(titles)
  categories.sort((left, right) => order.indexOf(left) - order.indexOf(right))
  const lines = [`Without any model I can do ${traces.length} kinds of things. Say it in your own words, for example:`]
  for (const category of categories) {
    const examples = traces.filter((trace) => trace.category === category).map((trace) => trace.examples[0]!)
    lines.push(`${titles[category] ?? category}:`, ...examples.slice(0, 3).map((example) => `  ${example}`))
  }
  lines.push('`lotus help` lists the commands.')
  return { text: lines.join('\n'), data: { count: traces.length, categories } }
}

export function tellUptime(uptimeMs: number): ToolResult {
  const since = new Date(Date.now() - uptimeMs).toISOString().slice(0, 19).replace('T', ' ')
  return {
    text: `LOTUS has been running for ${tellDuration(uptimeMs)}, since ${since} UTC.`,
    data: { uptime_ms: uptimeMs },
  }
}

export function tellAudit(rows: readonly AuditRow[]): ToolResult {
  const lines = rows.map((row) => `${row.sequence}  ${row.time.slice(0, 19).replace('T', ' ')}  ${row.kind}`)
  return { text: lines.length === 0 ? 'The audit chain is empty.' : lines.join('\n'), data: { count: rows.length } }
}

/** milliseconds as `3 h 5 min`. */
export function tellDuration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor((seconds % 86_400) / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ] as const
  const shown = parts.filter(([value]) => value > 0).slice(0, 2)
  return shown.length === 0 ? '0 s' : shown.map(([value, unit]) => `${value} ${unit}`).join(' ')
}
