// where lotus-osd listens: in LOTUS_HOME, or in the user's runtime folder where that path would be too long.
import { join } from 'node:path'
import { createHash } from '../../nucleus/builtins.ts'

// of sun_path's 108 bytes one is the zero at the end.
const maxBytes = 107

/**
 * @param home LOTUS_HOME, absolute.
 * @param runtimeFolder XDG_RUNTIME_DIR, where it is set.
 */
export function osdSocketPath(home: string, runtimeFolder: string | undefined, uid: number): string {
  const path = join(home, 'run', 'osd.sock')
  if (Buffer.byteLength(path) <= maxBytes) return path
  // one folder a LOTUS_HOME: two of one user must not meet.
  const name = `lotus-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`
  const candidates =
    runtimeFolder === undefined || !runtimeFolder.startsWith('/') ? [] : [join(runtimeFolder, name, 'osd.sock')]
  const short = candidates.find((candidate) => Buffer.byteLength(candidate) <= maxBytes)
  return short ?? `/tmp/${name}-${uid}/osd.sock`
}
