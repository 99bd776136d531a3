// who works on a flow: a process, told by its machine, its number and its start, so that its death can be seen at once
// on the same machine and by its silence from another.
import { hostname } from 'node:os'
import { createIdentifier } from '../identifiers.ts'
import { isAlive, processStart } from '../process/process-start.ts'

/** a name for this process that no other has: `MACHINE/NUMBER/START/IDENTIFIER`. */
export function nameOfThisLife(): string {
  return [hostname(), process.pid, processStart(process.pid) ?? '', createIdentifier()].join('/')
}

/** whether a process is known to be dead; false where that can't be seen from here. */
export function isKnownDead(life: string): boolean {
  const [machine, number, start] = life.split('/')
  const pid = Number(number)
  if (machine !== hostname() || !Number.isInteger(pid) || pid <= 0) return false
  return !isAlive(pid, start === '' ? undefined : start)
}
