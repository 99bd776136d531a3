// processes that are remembered for as long as they live: their numbers are given to others after their end.
import { readFileSync } from 'node:fs'

export interface ProcessBook {
  add(pid: number): void
  /** whether this very process was added, and not an earlier one of the same number. */
  has(pid: number): boolean
}

/** @param startOf - when a process began, undefined where there is none; tests replace it. */
export function createProcessBook(startOf: (pid: number) => string | undefined = startOfProcess): ProcessBook {
  const known = new Map<number, string | undefined>()
  return Object.freeze({
    add: (pid: number) => {
      // an operator that is reloaded often must not leave a number for each of its processes
      for (const [one, start] of known) if (startOf(one) !== start) known.delete(one)
      known.set(pid, startOf(pid))
    },
    has: (pid: number) => known.has(pid) && known.get(pid) === startOf(pid),
  })
}

/** ticks from the start of the machine, from the kernel. */
function startOfProcess(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // after the name in brackets, which may hold anything (proc(5)): the 22nd of all fields
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    // it has ended
    return undefined
  }
}
