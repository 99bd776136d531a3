// finds the nucleus that runs, if one does, and says what is known about it without asking it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from '../../nucleus/process/process-start.ts'
import { readRecord } from './place.ts'
import type { NucleusRecord, Place } from './place.ts'

/** the process that holds LOTUS_HOME: its pid file is there from the first moment of the boot, the record comes later. */
export function findHolder(place: Place): number | undefined {
  let holder: { pid?: unknown; start?: unknown }
  try {
    holder = JSON.parse(readFileSync(join(place.home, 'run', 'nucleus.pid'), 'utf8')) as typeof holder
  } catch {
    // absent, or torn by a lost power: nobody holds it.
    return undefined
  }
  if (typeof holder.pid !== 'number') return undefined
  return isAlive(holder.pid, typeof holder.start === 'string' ? holder.start : undefined) ? holder.pid : undefined
}

/** what the living nucleus wrote about itself; undefined when none lives, or it is not that far yet. */
export function findNucleus(place: Place): NucleusRecord | undefined {
  const record = readRecord(place)
  return record !== undefined && record.pid === findHolder(place) ? record : undefined
}
