// the clock: a year that can be, and a time that is not before what was written already.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { millisecondsAt } from '../../../nucleus/infrastructure/sqlite/journal-schema.ts'
import { formatDuration } from '../format.ts'
import { bad, good, warning } from './check.ts'
import type { Check, Finding } from './check.ts'
import { lookInto } from '../../../nucleus/infrastructure/sqlite/look.ts'

/** this LOTUS was written later; positions in the journal are exact until then. */
const firstYear = 2025
const lastYear = 2092
/** what the clocks of a machine and of a file server may differ by. */
const slackMs = 120_000

const setClock = {
  fix: 'set the clock, best by the network: `sudo timedatectl set-ntp true`',
  command: 'sudo timedatectl set-ntp true',
}

export const checkClock: Check = async (place) => {
  const newest = [await newestRow(join(place.home, 'audit')), newestEvent(place.home)]
  return judgeClock(Date.now(), Math.max(0, ...newest.filter((at) => at !== undefined)))
}

/** @param newestMs when the newest record was written; 0 where there is none. */
export function judgeClock(nowMs: number, newestMs: number): Finding[] {
  const year = new Date(nowMs).getUTCFullYear()
  if (year < firstYear || year > lastYear) return [bad('clock.year', `the clock says that it is ${year}`, setClock)]
  if (newestMs > nowMs + slackMs) {
    const ahead = formatDuration(newestMs - nowMs)
    return [
      warning(
        'clock.backwards',
        `the newest record of LOTUS is from ${new Date(newestMs).toISOString()}, ${ahead} ahead of the clock`,
        {
          ...setClock,
          fix: `${setClock.fix}. where the clock is right now and was wrong before, nothing has to be done: records stay in their order, and ages are right again in ${ahead}`,
        },
      ),
    ]
  }
  return [good('clock.year', `${new Date(nowMs).toISOString().slice(0, 16)} UTC, after everything that was recorded`)]
}

async function newestRow(folder: string): Promise<number | undefined> {
  if (!existsSync(folder)) return undefined
  const { chainFiles, linesBackwards } = await import('../../../modules/operator/osd/audit/files.ts')
  for (const file of (await chainFiles(folder)).reverse()) {
    for await (const line of linesBackwards(file)) {
      const time = /"time":"([^"]{20,30})"/.exec(line)?.[1]
      // a line that is no row is told by the check of the chain
      if (time !== undefined) return Date.parse(time) || undefined
    }
  }
  return undefined
}

function newestEvent(home: string): number | undefined {
  const path = join(home, 'data', 'journal.db')
  try {
    return lookInto(path, (database) => {
      const position = database.prepare('select max(position) from events').pluck().get() as number | null
      return position === null ? undefined : millisecondsAt(position)
    })
  } catch {
    // a journal that is absent, locked or damaged is told by its own check
    return undefined
  }
}
