// the table that a person reads.
import type { BenchResult } from './bench.ts'

export interface BenchRun {
  readonly name: string
  readonly results: readonly BenchResult[]
  /** why it could not run. */
  readonly error?: string
}

export function printRun(run: BenchRun): void {
  if (run.error !== undefined) {
    console.log(`${run.name}: could not run: ${run.error}`)
    return
  }
  const rows = run.results.map((result) => [
    result.ok === undefined ? ' ' : result.ok ? '✓' : '✗',
    result.metric,
    `${readable(result.value)} ${result.unit}`,
    result.peer === undefined ? '' : `${result.peer.name} ${readable(result.peer.value)}`,
    result.ratio === undefined ? '' : `${result.ratio.toFixed(2)}×`,
    result.target ?? '',
  ])
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)))
  console.log(run.name)
  for (const row of rows)
    console.log(
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd()}`,
    )
}

function readable(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en-US')
  return value >= 10 ? value.toFixed(1) : value.toFixed(3)
}
