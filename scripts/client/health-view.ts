// shows the health tree to a person: the system, its modules, and the parts that it stands on.
import { escapeLine, escapeText } from './escape.ts'
import { textOf } from './fields.ts'
import { columns } from './terminal.ts'
import type { Style } from './terminal.ts'

interface ModuleRow {
  readonly status?: string
  readonly reason?: string
  readonly last_error?: string
  readonly restarts?: number
}

interface ResourceRow {
  readonly backend?: string
  readonly status?: string
  readonly reason?: string
}

interface NoticeRow {
  readonly code: string
  readonly message: string
  readonly fix: string
}

/** what the nucleus wants a person to know about how it was started. */
export function noticesOf(health: Record<string, unknown>): readonly NoticeRow[] {
  const { notices } = health
  if (!Array.isArray(notices)) return []
  return notices.map((one: Record<string, unknown>) => ({
    code: textOf(one, 'code'),
    message: textOf(one, 'message'),
    fix: textOf(one, 'fix'),
  }))
}

function paint(status: string, style: Style): (text: string) => string {
  if (status === 'healthy') return style.green
  return status === 'degraded' || status === 'starting' || status === 'draining' ? style.yellow : style.red
}

/** the status in its colour. */
export function showStatus(status: string, style: Style): string {
  return paint(status, style)(escapeLine(status))
}

function showRows(rows: readonly (readonly string[])[], statusAt: number, style: Style): string {
  // colours come after the columns are laid out, so that their codes don't count as width.
  return columns(rows, '  ')
    .split('\n')
    .map((line, index) => {
      const status = rows[index]![statusAt]!
      return line.replace(` ${status}`, ` ${paint(status, style)(status)}`)
    })
    .join('\n')
}

function moduleReason({ reason, last_error: error, restarts = 0 }: ModuleRow): string {
  const parts = [reason ?? error ?? '', restarts === 0 ? '' : `restarted ${restarts} times`]
  return parts.filter((part) => part !== '').join(', ')
}

/** modules and parts as text; `health` is the answer of GET /health. */
export function renderHealth(health: Record<string, unknown>, style: Style): string {
  const modules = Object.entries((health['modules'] ?? {}) as Record<string, ModuleRow>)
  const parts = Object.entries((health['infrastructure'] ?? {}) as Record<string, ResourceRow>)
  const sections = noticesOf(health).map(({ code, message, fix }) => {
    const name = code === 'SAFE_MODE' ? 'safe mode' : 'notice'
    return `${style.yellow(style.bold(name))}  ${escapeText(message)}\n  to do: ${escapeText(fix)}`
  })
  if (modules.length > 0) {
    const rows = modules.map(([name, row]) => [name, row.status ?? 'unknown', moduleReason(row)])
    sections.push(`${style.bold('modules')}\n${showRows(rows, 1, style)}`)
  }
  if (parts.length > 0) {
    const rows = parts.map(([name, row]) => [name, row.backend ?? '', row.status ?? 'unknown', row.reason ?? ''])
    sections.push(`${style.bold('parts')}\n${showRows(rows, 2, style)}`)
  }
  return sections.join('\n\n')
}
