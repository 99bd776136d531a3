// looks at what a module's process takes of the machine, with all that it has started, and says when that is too much.
import { readdir, readFile } from 'node:fs/promises'
import type { Manifest } from '../manifest.ts'

export interface Consumption {
  /** resident memory of all its processes, bytes. */
  readonly memoryBytes: number
  /** without those of the sandbox. */
  readonly processes: number
  /** time on the processor since the start of those that still run, milliseconds. */
  readonly cpuMs: number
}

export interface ProcessWatch {
  /** the last look; undefined before the first. */
  readonly last: Consumption | undefined
  stop(): void
}

export interface WatchOptions {
  readonly limits: Manifest['limits']
  /** called once: it is over a limit, in words. */
  readonly onOver: (what: string) => void
  /** default 500. */
  readonly everyMs?: number
  /** time over which the use of the processor is taken. default 30,000. */
  readonly cpuWindowMs?: number
}

/** of the clock in /proc: the same on every Linux that Node runs on. */
const tickMs = 10
const mebibyte = 1024 * 1024
/** more than this is not looked at: it is too many anyway. */
const maxLooks = 1_000

/** watches until it is stopped. where there is no /proc, nothing is seen. */
export function watchProcess(pid: number, options: WatchOptions): ProcessWatch {
  const { limits } = options
  const windowMs = options.cpuWindowMs ?? 30_000
  let last: Consumption | undefined
  let looking = false
  const past: { readonly at: number; readonly cpuMs: number }[] = []

  const judge = (now: Consumption): string | undefined => {
    if (now.memoryBytes > limits.memory) {
      return `memory: ${Math.round(now.memoryBytes / mebibyte)} MiB of ${Math.round(limits.memory / mebibyte)}`
    }
    if (now.processes > limits.processes) return `processes: ${now.processes} of ${limits.processes}`
    const at = performance.now()
    past.push({ at, cpuMs: now.cpuMs })
    while (past.length > 1 && at - past[1]!.at >= windowMs) past.shift()
    const first = past[0]!
    if (at - first.at < windowMs) return undefined
    const percent = Math.round((100 * (now.cpuMs - first.cpuMs)) / (at - first.at))
    return percent > limits.cpu ? `processor: ${percent} % of a core, of ${limits.cpu}` : undefined
  }
  const look = async (): Promise<void> => {
    if (looking) return
    looking = true
    try {
      const now = await consumptionOf(pid)
      if (now === undefined) return
      last = now
      const over = judge(now)
      if (over === undefined) return
      clearInterval(timer)
      options.onOver(over)
    } finally {
      looking = false
    }
  }
  const timer = setInterval(() => void look(), options.everyMs ?? 500)
  timer.unref()
  return {
    get last() {
      return last
    },
    stop: () => clearInterval(timer),
  }
}

/** sums up a process and all that it has started; undefined where it has ended. */
export async function consumptionOf(pid: number): Promise<Consumption | undefined> {
  let memoryBytes = 0
  let processes = 0
  let cpuMs = 0
  const left = [pid]
  for (let looks = 0; left.length > 0 && looks < maxLooks; looks += 1) {
    const one = left.pop()!
    const [status, stat, children] = await Promise.all([readOf(one, 'status'), readOf(one, 'stat'), childrenOf(one)])
    if (stat === '') continue
    const name = /^Name:\t(.*)$/m.exec(status)?.[1] ?? ''
    if (name !== 'bwrap') processes += 1
    memoryBytes += Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024
    // fields after the name in brackets, which may hold anything (proc(5)): utime is the 14th of all, stime the 15th
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    cpuMs += (Number(fields[11]) + Number(fields[12])) * tickMs
    left.push(...children)
  }
  return processes === 0 ? undefined : { memoryBytes, processes, cpuMs }
}

/** each thread has children of its own. */
async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  const texts = await Promise.all(threads.map((thread) => readOf(pid, `task/${thread}/children`)))
  return texts.flatMap((text) => text.split(' ').filter((child) => child.trim() !== '')).map(Number)
}

async function readOf(pid: number, file: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    // it ended between two looks
    return ''
  }
}
