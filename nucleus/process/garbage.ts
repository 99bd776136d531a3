// memory that nobody needs any more goes back to the machine. V8 collects where memory is wanted: a process that has nothing to
// do would keep what hundreds of files that were loaded, or an hour of work, have left behind.
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (options: { readonly type: 'major'; readonly execution: 'sync'; readonly flavor: 'last-resort' }) => void

let known: Collect | undefined

function takeCollector(): Collect {
  // the function is there for new contexts only where this option is set; nobody else shall have it
  setFlagsFromString('--expose-gc')
  try {
    return runInNewContext('gc') as Collect
  } finally {
    setFlagsFromString('--no-expose-gc')
  }
}

/** lets the space of new objects grow at once to what the boot fills: copying them out of smaller ones takes 8 ms. */
export function expectGarbageOfBoot(): void {
  setFlagsFromString('--semi-space-growth-factor=16')
}

/** the boot is over: what it left behind goes, some 35 of 100 MiB, in about 40 ms. */
export function collectGarbageOfBoot(): void {
  // V8's own factor
  setFlagsFromString('--semi-space-growth-factor=2')
  collectGarbage()
}

/** collects all garbage, and gives memory back to the machine. */
export function collectGarbage(): void {
  known ??= takeCollector()
  // as where memory runs out: the spaces that grew shrink, too
  known({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}

export interface IdleCollector {
  /** to be called at even intervals: collects where the process did next to nothing since the last look, and it is worth it. */
  look(): void
}

export interface IdleCollectorParts {
  /** processor time that the process has used so far, milliseconds. */
  processorMs(): number
  /** what the heap takes of the machine's memory. */
  heapBytes(): number
  collect(): void
  readonly everyMs: number
}

/** share of a processor; with more than that somebody is being served, who would have to wait. */
const idleShare = 0.02
/** so much the heap must have grown since it was last collected. */
const worthBytes = 8 * 1024 * 1024

export function createIdleCollector({ processorMs, heapBytes, collect, everyMs }: IdleCollectorParts): IdleCollector {
  let usedMs = processorMs()
  let keptBytes = heapBytes()
  return {
    look() {
      const nowMs = processorMs()
      const isIdle = nowMs - usedMs < everyMs * idleShare
      usedMs = nowMs
      if (!isIdle || heapBytes() - keptBytes < worthBytes) return
      collect()
      keptBytes = heapBytes()
      // what the collection took is no work of anybody
      usedMs = processorMs()
    },
  }
}

const everyMs = 15_000

/** from now on garbage is collected in moments of rest; gives how that ends. to be begun when the heap has just been collected. */
export function collectWhenIdle(): () => void {
  const collector = createIdleCollector({
    processorMs: () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1_000
    },
    heapBytes: () => getHeapStatistics().total_physical_size,
    collect: collectGarbage,
    everyMs,
  })
  const timer = setInterval(collector.look, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
