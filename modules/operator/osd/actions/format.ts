// how sizes, times, counts and long lists are worded, the same in every action.
import type { ActionContext } from '../action.ts'

/** characters of an answer at most; what is longer is cut at a line and says so. */
export const maxTextLength = 1024 * 1024
/** lines of a list at most. */
export const maxListLines = 1000

const decimalUnits = ['KB', 'MB', 'GB', 'TB', 'PB']
const binaryUnits = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB']

function inUnits(bytes: number, base: number, units: readonly string[]): string {
  let value = bytes
  let unit = -1
  // 999.96 KB would be shown as 1000.0 KB: go on to the next unit where rounding reaches it.
  while (value >= base - 0.05 && unit < units.length - 1) {
    value /= base
    unit += 1
  }
  return `${value.toFixed(1)} ${units[unit] ?? ''}`
}

/** a size in words: '11 bytes', '12.6 MB'; decimal units, as disks and size filters count. */
export function shortBytes(bytes: number): string {
  if (bytes === 1) return '1 byte'
  return bytes < 1000 ? `${bytes} bytes` : inUnits(bytes, 1000, decimalUnits)
}

/** a size with its exact number: '12.6 MB (12582912 bytes)'. */
export function formatBytes(bytes: number): string {
  return bytes < 1000 ? shortBytes(bytes) : `${shortBytes(bytes)} (${bytes} bytes)`
}

/** memory, which comes in powers of two: '15.5 GiB (16598237184 bytes)'. */
export function formatMemory(bytes: number): string {
  return bytes < 1024 ? shortBytes(bytes) : `${inUnits(bytes, 1024, binaryUnits)} (${bytes} bytes)`
}

/** memory without its exact number, for tables. */
export function shortMemory(bytes: number): string {
  return bytes < 1024 ? shortBytes(bytes) : inUnits(bytes, 1024, binaryUnits)
}

/** '1 file', '3 files'; `many` where an s is not enough. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** 'a', 'a and b', 'a, b and c'; after `limit` names the rest is counted. */
export function nameList(names: readonly string[], limit = 10): string {
  const shown = names.length > limit ? [...names.slice(0, limit), `${names.length - limit} more`] : [...names]
  const last = shown.pop() ?? ''
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`
}

/** a moment in the client's time zone: '2026-11-21 09:30:05'. an unknown time zone counts as UTC. */
export function formatTime(epochMs: number, timeZone: string, seconds = true): string {
  const parts = new Map<string, string>()
  for (const { type, value } of dateFormat(timeZone).formatToParts(epochMs)) parts.set(type, value)
  const part = (name: string) => parts.get(name) ?? ''
  const clock = `${part('hour')}:${part('minute')}${seconds ? `:${part('second')}` : ''}`
  return `${part('year')}-${part('month')}-${part('day')} ${clock}`
}

function dateFormat(timeZone: string): Intl.DateTimeFormat {
  const options: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }
  try {
    return new Intl.DateTimeFormat('en-CA', { ...options, timeZone })
  } catch (error) {
    if (error instanceof RangeError) return new Intl.DateTimeFormat('en-CA', { ...options, timeZone: 'UTC' })
    throw error
  }
}

/** a span of time: '3 days, 4 hours and 12 minutes'; `parts` units at most. */
export function formatDuration(durationMs: number, parts = 3): string {
  let rest = Math.max(0, Math.round(durationMs / 1000))
  const found: string[] = []
  for (const [seconds, unit] of [
    [86400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ] as const) {
    const count = Math.floor(rest / seconds)
    rest -= count * seconds
    if (count > 0) found.push(plural(count, unit))
  }
  return found.length === 0 ? '0 seconds' : nameList(found.slice(0, parts))
}

/** lines with a limit; what is left out is counted in a last line. */
export function limitLines(lines: readonly string[], limit = maxListLines): string {
  if (lines.length <= limit) return limitText(lines.join('\n'))
  return limitText([...lines.slice(0, limit), `… and ${lines.length - limit} more`].join('\n'))
}

/** a text cut at the end of a line where it is longer than the limit, with a line that says so. */
export function limitText(text: string, limit = maxTextLength): string {
  if (text.length <= limit) return text
  const end = text.lastIndexOf('\n', limit)
  const kept = text.slice(0, end > 0 ? end : limit)
  return `${kept}\n… cut here: the whole has ${text.length} characters`
}

/** columns padded to the same width; the last one is left as it is. */
export function alignColumns(rows: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
  }
  return rows.map((row) =>
    row
      .map((cell, column) => {
        if (right.has(column)) return cell.padStart(widths[column] ?? 0)
        return column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)
      })
      .join('  ')
      .trimEnd(),
  )
}

/** a collator for names and lines; a locale that Node does not know counts as English. */
export function collatorFor(locale: string, options: Intl.CollatorOptions): Intl.Collator {
  try {
    return new Intl.Collator(locale, options)
  } catch (error) {
    if (error instanceof RangeError) return new Intl.Collator('en', options)
    throw error
  }
}

/** the path for a person: folders end in a slash, the working folder is 'this folder'. */
export function showFolder(context: Pick<ActionContext, 'tree'>, absolute: string): string {
  const shown = context.tree.show(absolute)
  if (shown === '' || shown === '.') return 'this folder'
  return shown.endsWith('/') ? shown : `${shown}/`
}
