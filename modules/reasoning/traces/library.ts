// the traces that LOTUS knows, loaded from their files and compiled for matching.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { reasoningErrors } from '../errors.ts'
import { compilePattern, namesIn } from './pattern.ts'
import type { PatternNode } from './pattern.ts'
import { TraceFile } from './schema.ts'
import type { TraceAsk } from './schema.ts'
import { slotTypes } from './slot-types.ts'

export interface CompiledGoal {
  readonly pattern: PatternNode
  readonly source: string
  readonly implied: Readonly<Record<string, unknown>>
}

export interface Trace extends TraceFile {
  /** the folder it lies in: files, find, text … */
  readonly category: string
  readonly compiled: readonly CompiledGoal[]
  readonly compiledAsks: readonly CompiledAsk[]
}

export interface CompiledAsk extends TraceAsk {
  readonly patterns: readonly PatternNode[]
}

/** compiles one trace. @throws TRACE_INVALID, PATTERN_INVALID */
export function compileTrace(file: TraceFile, category: string): Trace {
  const compiled = file.goals.flatMap((goal) => {
    const sayings = typeof goal === 'string' ? [goal] : [goal.say].flat()
    const implied = typeof goal === 'string' ? {} : goal.with
    return sayings.map((source) => ({ pattern: compilePattern(source), source, implied }))
  })
  const compiledAsks = (file.asks ?? []).map((ask) => ({ ...ask, patterns: [ask.say].flat().map(compilePattern) }))
  for (const pattern of [...compiled.map((goal) => goal.pattern), ...compiledAsks.flatMap((ask) => ask.patterns)]) {
    for (const slot of namesIn(pattern).slots) {
      if (!(slot.type in slotTypes))
        throw reasoningErrors.TRACE_INVALID({
          value: file.trace,
          detail: `slot type '${slot.type}' of '${slot.name}' is unknown; known are ${Object.keys(slotTypes).join(', ')}`,
        })
    }
  }
  return { ...file, category, compiled, compiledAsks }
}

/** reads every trace below a folder, `<category>/<name>.yaml`. @throws TRACE_INVALID, TRACE_DUPLICATE with the file */
export async function loadTraces(folder: string): Promise<Trace[]> {
  const { parse } = await import('yaml')
  const categories = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
  const traces: Trace[] = []
  for (const category of categories.sort()) {
    const names = (await readdir(join(folder, category))).filter((name) => name.endsWith('.yaml')).sort()
    const texts = await Promise.all(names.map((name) => readFile(join(folder, category, name), 'utf8')))
    for (const [index, text] of texts.entries())
      traces.push(parseTrace(text, parse, `${category}/${names[index]!}`, category))
  }
  const seen = new Set<string>()
  for (const trace of traces) {
    if (seen.has(trace.trace)) throw reasoningErrors.TRACE_DUPLICATE({ value: trace.trace })
    seen.add(trace.trace)
  }
  return traces
}

function parseTrace(text: string, parse: (text: string) => unknown, place: string, category: string): Trace {
  let content: unknown
  try {
    content = parse(text)
  } catch (error) {
    throw reasoningErrors.TRACE_INVALID({
      value: place,
      detail: error instanceof Error ? error.message : String(error),
      cause: error,
    })
  }
  const file = TraceFile.safeParse(content)
  if (!file.success)
    throw reasoningErrors.TRACE_INVALID({
      value: place,
      detail: file.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    })
  return compileTrace(file.data, category)
}
