// the last lines of the log that are about one module.
import { readLastLines } from './log-lines.ts'

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

export interface ModuleLogQuery {
  readonly module: string
  /** at most 1,000. */
  readonly limit: number
  /** this level and the more severe ones. */
  readonly level?: string
}

export type LogLine = Readonly<Record<string, unknown>>

/** the newest lines of a module, oldest first. @throws what reading the files throws */
export async function readModuleLines(home: string, query: ModuleLogQuery): Promise<LogLine[]> {
  // a look at the text first: most lines are other modules', and to parse all of them would keep the process
  const marker = `"module":${JSON.stringify(query.module)}`
  const least = query.level === undefined ? 0 : levels.indexOf(query.level)
  const isWanted = (line: string): boolean => {
    if (!line.includes(marker)) return false
    const entry = parse(line)
    return entry?.['module'] === query.module && levels.indexOf(String(entry['level'])) >= least
  }
  const { lines } = await readLastLines(home, Math.min(query.limit, 1_000), isWanted)
  return lines.map(parse).filter((line) => line !== undefined)
}

/** undefined for a line that was torn by a crash or a full disk. */
function parse(line: string): LogLine | undefined {
  try {
    const data: unknown = JSON.parse(line)
    return typeof data === 'object' && data !== null ? (data as LogLine) : undefined
  } catch {
    return undefined
  }
}
