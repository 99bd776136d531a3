// lotus-osd and its socket: it answers, nobody else sits in its place, and nothing stale is in the way.
import { existsSync, lstatSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { isLotusError, toErrorData } from '../../../nucleus/errors.ts'
import { osdSocketPath } from '../../../modules/operator/socket-path.ts'
import { findHolder } from '../nucleus.ts'
import { connectOsd } from '../osd.ts'
import { readRecord } from '../place.ts'
import type { Place } from '../place.ts'
import { bad, good, run, shellWord, warning } from './check.ts'
import type { Check, Finding } from './check.ts'

export const checkOsd: Check = async (place) => {
  const socket =
    readRecord(place)?.osdSocket ||
    osdSocketPath(place.home, place.environment['XDG_RUNTIME_DIR'], process.getuid?.() ?? 0)
  if (findHolder(place) === undefined) return checkIdle(place, socket)
  try {
    const osd = await connectOsd(socket)
    try {
      const { status, problems } = await osd.call('osd.health', {})
      if (status === 'healthy') return [good('osd.running', `healthy at ${socket}`)]
      const told = Array.isArray(problems) ? problems.map(String).join('; ') : ''
      return [bad('osd.health', `${String(status)}: ${told}`, run('lotus restart', 'after what it names is mended'))]
    } finally {
      osd.close()
    }
  } catch (error) {
    if (!isLotusError(error)) throw error
    return [
      bad('osd.silent', toErrorData(error).message, run('lotus restart', '`lotus logs --module operator` says why')),
    ]
  }
}

function checkIdle(place: Place, socket: string): Finding[] {
  const folder = dirname(socket)
  const owner = lstatSync(folder, { throwIfNoEntry: false })?.uid
  if (owner !== undefined && owner !== process.getuid?.()) {
    return [
      bad(
        'osd.folder',
        `${folder}, where lotus-osd would listen, belongs to user ${owner}`,
        'point LOTUS_HOME at a folder with a shorter path, so that the socket lies in it',
      ),
    ]
  }
  if (!existsSync(socket)) return [good('osd.running', 'not running')]
  return [
    warning('osd.left', `its socket was left behind: ${socket}`, {
      ...run(`rm -f ${shellWord(socket)}`, 'or start LOTUS, which does the same'),
      mend: () => {
        if (findHolder(place) !== undefined) return 'left alone: LOTUS runs now'
        rmSync(socket, { force: true })
        return `removed ${socket}`
      },
    }),
  ]
}
