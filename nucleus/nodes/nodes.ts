// the nuclei of one system: this one tells of itself at intervals, and lists what all have told.
import { availableParallelism, hostname, loadavg } from 'node:os'
import { performance } from 'node:perf_hooks'
import type { Logger } from 'pino'
import type { JournalStatistics } from '../contract.ts'
import type { HealthReport } from '../health/health.ts'
import type { Place } from '../modules/places.ts'
import { nodeReport, type NodeBook, type NodeReport, type NodeState } from './node.ts'

export interface NodesOptions {
  /** absent: the journal is not shared, and this nucleus is the only one. */
  readonly book: NodeBook | undefined
  readonly place: Place
  readonly startedAtMs: number
  readonly health: () => HealthReport
  readonly url: () => string | undefined
  readonly journal: () => Promise<JournalStatistics>
  readonly log: Logger
}

export interface Nodes {
  /** this nucleus first, then the others by id. @throws REDIS_UNREACHABLE where the book can't be read */
  list(): Promise<NodeState[]>
  /** takes this nucleus out; never throws. */
  close(): Promise<void>
}

const tellEveryMs = 5_000
/** who is silent for so long misses three reports. */
const lostAfterMs = 3 * tellEveryMs + 2_000

export function createNodes(options: NodesOptions): Nodes {
  const { book, log } = options
  let busyBefore = performance.eventLoopUtilization()
  let eventLoop = 0
  let closed = false

  const report = (): NodeReport => {
    const { status, version, modules } = options.health()
    const { groups, inHand } = book?.takes() ?? { groups: [], inHand: 0 }
    const url = options.url()
    return {
      machine: hostname(),
      pid: process.pid,
      role: options.place.role,
      labels: [...options.place.labels],
      version,
      ...(url === undefined ? {} : { url }),
      startedAt: new Date(options.startedAtMs).toISOString(),
      status,
      modules: Object.fromEntries(Object.values(modules).map((module) => [module.name, module.status])),
      load: {
        machine: round((loadavg()[0] ?? 0) / availableParallelism()),
        eventLoop,
        memoryBytes: process.memoryUsage.rss(),
      },
      groups: [...groups],
      inHand,
    }
  }

  const tell = (): void => {
    const busy = performance.eventLoopUtilization()
    eventLoop = round(performance.eventLoopUtilization(busy, busyBefore).utilization)
    busyBefore = busy
    if (book === undefined || closed) return
    // the next report comes in a moment, and health says what is wrong with Redis
    book.tell(JSON.stringify(report())).catch((error: unknown) => {
      log.debug({ err: error }, 'this nucleus could not tell that it is there')
    })
  }
  // who is alone tells nobody, and looks when he is asked
  const timer = book === undefined ? undefined : setInterval(tell, tellEveryMs).unref()
  tell()

  const lagOf = (groups: readonly string[], { lag }: JournalStatistics): number =>
    groups.reduce((sum, group) => sum + (lag[group] ?? 0), 0)

  return Object.freeze({
    list: async () => {
      if (book === undefined) tell()
      const own = report()
      const [told, statistics] = await Promise.all([book?.list() ?? [], options.journal()])
      const groups = book === undefined ? Object.keys(statistics.lag) : own.groups
      const states: NodeState[] = [
        { ...own, id: book?.id ?? hostname(), state: 'this', silentMs: 0, lag: lagOf(groups, statistics) },
      ]
      for (const { id, text, silentMs } of told) {
        if (id === book?.id) continue
        const read = nodeReport.safeParse(parse(text))
        // one of another version that tells it in another way
        if (!read.success) log.debug({ node: id }, 'what a nucleus tells of itself can’t be read')
        else {
          const state = silentMs > lostAfterMs ? 'lost' : 'there'
          states.push({ ...read.data, id, state, silentMs, lag: lagOf(read.data.groups, statistics) })
        }
      }
      return states
    },
    close: async () => {
      closed = true
      clearInterval(timer)
      await book?.leave().catch((error: unknown) => log.debug({ err: error }, 'this nucleus will be taken for lost'))
    },
  })
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
