// removes what its person named: each kind by who owns it, told before and counted after.
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { removeOlder, rotatedFiles } from '../../../nucleus/logs/old-files.ts'
import { numberOf } from '../fields.ts'
import { createClient } from '../http.ts'
import { connectOsd } from '../osd.ts'
import { readToken } from '../place.ts'
import type { Place } from '../place.ts'
import { findOrStart } from '../session.ts'
import type { Terminal } from '../terminal.ts'
import { sizeOfTree } from './tree-size.ts'

export interface Purged {
  readonly count: number
  readonly unit: string
  /** undefined where the room stays in the file and is used again. */
  readonly bytes: number | undefined
}

export interface Purge {
  readonly olderThanMs: number
  readonly dryRun: boolean
}

type Purger = (place: Place, terminal: Terminal, purge: Purge) => Promise<Purged>

/** what can be removed, with what that means for its person. */
export const purgeable: Readonly<Record<string, { readonly meaning: string; readonly run: Purger }>> = {
  trash: { meaning: 'what was deleted is gone for good, and its deletion can’t be undone', run: purgeKept('trash') },
  undo: {
    meaning: 'changes can’t be undone any more; what was deleted in them is gone for good',
    run: purgeKept('undo'),
  },
  runs: { meaning: '`lotus runs` no longer tells of them; the audit chain still does', run: purgeOverHttp('runs') },
  journal: { meaning: 'handled events are forgotten', run: purgeOverHttp('journal') },
  logs: { meaning: 'rotated log files are gone; the current one stays', run: purgeLogs },
  cache: { meaning: 'it is made anew, and the next start takes a moment longer', run: purgeFolder('cache') },
  damaged: { meaning: 'databases that `lotus doctor` put aside are gone for good', run: purgeFolder('data/damaged') },
}

/** osd keeps both, and takes the word of nobody but a person's own client for it. */
function purgeKept(what: 'trash' | 'undo'): Purger {
  return async (place, terminal, { olderThanMs, dryRun }) => {
    const { osdSocket } = await findOrStart(place, terminal)
    const osd = await connectOsd(osdSocket)
    try {
      const told = await osd.call(dryRun ? 'keeping.show' : 'keeping.purge', {
        what,
        before_ms: Math.max(0, Date.now() - olderThanMs),
      })
      return { count: numberOf(told, 'plans'), unit: 'plans', bytes: numberOf(told, 'bytes') }
    } finally {
      osd.close()
    }
  }
}

function purgeOverHttp(what: 'runs' | 'journal'): Purger {
  return async (place, terminal, { olderThanMs, dryRun }) => {
    const { url } = await findOrStart(place, terminal)
    const told = await createClient(url, readToken(place)).request({
      method: 'POST',
      path: '/keeping/purge',
      body: { what, older_than_ms: olderThanMs, dry_run: dryRun },
      timeoutMs: 120_000,
    })
    return { count: numberOf(told, 'count'), unit: what === 'runs' ? 'runs' : 'events', bytes: undefined }
  }
}

async function purgeLogs({ home }: Place, _terminal: Terminal, { olderThanMs, dryRun }: Purge): Promise<Purged> {
  const folder = join(home, 'logs')
  const beforeMs = Date.now() - olderThanMs
  if (!existsSync(folder)) return { count: 0, unit: 'files', bytes: 0 }
  const found = rotatedFiles(folder, 'lotus')
    .map((path) => ({ path, ...sizeOfTree(path) }))
    .filter(({ oldestMs }) => (oldestMs ?? 0) < beforeMs)
  if (!dryRun)
    removeOlder(
      found.map(({ path }) => path),
      beforeMs,
    )
  return { count: found.length, unit: 'files', bytes: found.reduce((sum, { bytes }) => sum + bytes, 0) }
}

/** everything in a folder that is LOTUS's own. */
function purgeFolder(name: string): Purger {
  return async ({ home }, _terminal, { dryRun }) => {
    const path = join(home, name)
    const { files, bytes } = sizeOfTree(path)
    if (!dryRun) rmSync(path, { recursive: true, force: true })
    return { count: files, unit: 'files', bytes: files === 0 ? 0 : bytes }
  }
}
