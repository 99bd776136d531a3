// what an errno means to a person: the error of LOTUS for it.
import { constants } from 'node:os'
import { getSystemErrorName } from '../../../../nucleus/builtins.ts'
import type { LotusError } from '../../../../nucleus/errors.ts'
import { fileErrors } from '../files/errors.ts'

const byName = {
  ENOENT: fileErrors.PATH_MISSING,
  EEXIST: fileErrors.PATH_EXISTS,
  ENOTEMPTY: fileErrors.PATH_EXISTS,
  ENOTDIR: fileErrors.NOT_A_FOLDER,
  EISDIR: fileErrors.NOT_A_FILE,
  ENOSPC: fileErrors.DISK_FULL,
  EDQUOT: fileErrors.DISK_FULL,
  EROFS: fileErrors.READ_ONLY,
  EACCES: fileErrors.NOT_PERMITTED,
  EPERM: fileErrors.NOT_PERMITTED,
  ENAMETOOLONG: fileErrors.NAME_TOO_LONG,
  // openat2 says so when a path or a link in it would leave its root.
  EXDEV: fileErrors.PATH_OUTSIDE,
  ELOOP: fileErrors.PATH_CHANGED,
  EAGAIN: fileErrors.PATH_CHANGED,
  EMFILE: fileErrors.TOO_MANY_OPEN,
  ENFILE: fileErrors.TOO_MANY_OPEN,
} as const

/** the error for a negative errno of {@link openat2} and the like. */
export function errorOfErrno(negative: number, path: string): LotusError {
  const name = getSystemErrorName(negative)
  const make = name in byName ? byName[name as keyof typeof byName] : fileErrors.FILE_SYSTEM_FAILED
  return make({ value: path, detail: name })
}

/** turns an error of Node's file system into one of LOTUS; anything else is given back as it is. */
export function fileError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('errno' in error) || typeof error.errno !== 'number') return error
  if (!('code' in error) || 'fix' in error) return error
  return errorOfErrno(error.errno, path)
}

/** whether an error of Node or a negative errno is the one of this name. */
export function isErrno(error: unknown, name: keyof typeof constants.errno): boolean {
  if (typeof error === 'number') return error === -constants.errno[name]
  return error instanceof Error && 'code' in error && error.code === name
}
