// what a process holds at the moment, from /proc: memory of its own, open descriptors, threads.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export interface ProcessFacts {
  /** memory of its own, without what is mapped from files: RssAnon of proc_pid_status(5). */
  readonly memoryMiB: number
  /** what its descriptors are open on, sorted; sockets and pipes without their numbers. */
  readonly descriptors: readonly string[]
  readonly threads: number
}

/** @throws where the process has ended */
export function readProcessFacts(pid: number): ProcessFacts {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1])
  const folder = `/proc/${pid}/fd`
  const descriptors = readdirSync(folder).flatMap((name) => {
    try {
      return [readlinkSync(`${folder}/${name}`).replace(/:\[\d+\]$/, '')]
    } catch {
      // closed since the folder was read
      return []
    }
  })
  return { memoryMiB: field('RssAnon') / 1_024, descriptors: descriptors.toSorted(), threads: field('Threads') }
}

/** what is in `after` more often than in `before`. */
export function surplus(before: readonly string[], after: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const name of before) left.set(name, (left.get(name) ?? 0) + 1)
  return after.filter((name) => {
    const count = left.get(name) ?? 0
    left.set(name, count - 1)
    return count <= 0
  })
}
