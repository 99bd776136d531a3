// makes a file under a temporary name beside its target, with its content, mode, owner and times, synced.
import { closeSync, constants, fchmodSync, fchownSync, fstatSync, fsync, openSync, write, writeSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { createHash, promisify, randomBytes } from '../../../../nucleus/builtins.ts'
import { errorOfErrno, fileError } from '../native/errno.ts'
import { setTimes } from '../native/libc.ts'
import type { SafeFolder } from './safe-folder.ts'

const writeAsync = promisify(write)
const syncAsync = promisify(fsync)
const writeAtOnceBytes = 256 * 1024

/** what a new file looks like from outside. */
export interface Appearance {
  readonly mode: number
  /** given away only where it differs from what a new file has anyway. */
  readonly owner?: { readonly uid: number; readonly gid: number }
  readonly modifiedNs?: bigint
}

/** the appearance of a file that is there, for its successor or its move to another file system. */
export function appearanceOf(stats: BigIntStats, options: { times: boolean }): Appearance {
  return {
    mode: Number(stats.mode) & 0o7777,
    owner: { uid: Number(stats.uid), gid: Number(stats.gid) },
    ...(options.times ? { modifiedNs: stats.mtimeNs } : {}),
  }
}

/** the appearance of a copy: it belongs to whoever makes it, so that the bits that lend an owner's rights stay away. */
export function appearanceOfCopy(stats: BigIntStats): Appearance {
  return { mode: Number(stats.mode) & 0o1777, modifiedNs: stats.mtimeNs }
}

/** a name that nobody chose before; {@link isInternalName} recognises it. */
export function temporaryName(): string {
  return `.lotus-${randomBytes(8).toString('hex')}.tmp`
}

export interface TemporaryFile {
  readonly name: string
  readonly made: { readonly device: string; readonly inode: string }
  /** writes everything, gives the file its appearance and syncs it; the digest of the content. */
  fill(content: Buffer | AsyncIterable<Buffer>, appearance: Appearance): Promise<string>
  close(): void
}

/** creates an empty file under a temporary name; `signal` ends its filling. */
export function createTemporary(folder: SafeFolder, name: string, signal?: AbortSignal): TemporaryFile {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  let descriptor: number
  try {
    descriptor = openSync(folder.at(name), flags, 0o600)
  } catch (error) {
    throw fileError(error, `${folder.path}/${name}`)
  }
  const stats = fstatSync(descriptor, { bigint: true })
  let open = true
  return {
    name,
    made: { device: String(stats.dev), inode: String(stats.ino) },
    async fill(content, appearance) {
      const hash = createHash('sha256')
      try {
        if (Buffer.isBuffer(content)) {
          hash.update(content)
          await writeAll(descriptor, content)
        } else {
          for await (const chunk of content) {
            signal?.throwIfAborted()
            hash.update(chunk)
            await writeAll(descriptor, chunk)
          }
        }
        dress(descriptor, stats, appearance)
        if (appearance.modifiedNs !== undefined) {
          const failed = setTimes(folder.descriptor, name, { modifiedNs: appearance.modifiedNs })
          if (failed < 0) throw errorOfErrno(failed, folder.path)
        }
        await syncAsync(descriptor)
      } catch (error) {
        throw fileError(error, folder.path)
      }
      return hash.digest('hex')
    },
    close() {
      if (!open) return
      open = false
      closeSync(descriptor)
    },
  }
}

/** owner first: giving a file away takes its special bits, and a file that is not ours can't be changed any more. */
function dress(descriptor: number, stats: BigIntStats, { mode, owner }: Appearance): void {
  if (owner !== undefined && (owner.uid !== Number(stats.uid) || owner.gid !== Number(stats.gid))) {
    fchownSync(descriptor, owner.uid, owner.gid)
  }
  fchmodSync(descriptor, mode)
}

async function writeAll(descriptor: number, chunk: Buffer): Promise<void> {
  for (let at = 0; at < chunk.length;) {
    at +=
      chunk.length <= writeAtOnceBytes
        ? writeSync(descriptor, chunk, at)
        : (await writeAsync(descriptor, chunk, at, Math.min(chunk.length - at, 4 * 1024 * 1024), null)).bytesWritten
  }
}
