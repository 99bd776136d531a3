// finds the processes of one test: whatever was started with its private folder as HOME, and whatever that started.
import { readdirSync, readFileSync } from 'node:fs'
import { waitFor } from './wait-for.ts'

export interface OwnProcess {
  readonly pid: number
  /** its title or command line. */
  readonly command: string
}

/** @param home - the HOME that everything of this test was started with; must be a folder of its own */
export function findOwnProcesses(home: string): OwnProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      // the environment is that of the start: no change of the title hides a process
      if (!readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(`HOME=${home}`)) return []
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      // a zombie has no command line: it has ended, and only its parent has not looked yet
      return command === '' ? [] : [{ pid: Number(name), command }]
    } catch {
      // ended while we looked, or not ours to read
      return []
    }
  })
}

/** ends what is left of a test by force, and waits until it is gone. */
export async function endOwnProcesses(home: string): Promise<void> {
  await waitFor(
    () => {
      const left = findOwnProcesses(home)
      for (const { pid } of left) kill(pid)
      return left.length === 0
    },
    { timeoutMs: 20_000, what: () => `the end of ${JSON.stringify(findOwnProcesses(home))}` },
  )
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it ended by itself
  }
}
