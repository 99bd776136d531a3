// the few system calls that Node does not offer, through koffi: opening beneath a folder, renaming without
// replacing, times to the nanosecond, locks, and who is at the other end of a socket. Linux with glibc or musl.
import koffi from 'koffi'

const libc = koffi.load(null)

// openat2 has no wrapper in libc; the number is the same on x86-64, arm64 and riscv64.
const openat2Number = 437
const closeRangeNumber = 436

const openat2Call = libc.func('long syscall(long number, int folder, str path, void *how, size_t size)')
const closeRangeCall = libc.func('long syscall(long number, uint first, uint last, uint flags)')
const renameat2Call = libc.func('int renameat2(int from_folder, str from, int to_folder, str to, uint flags)')
const utimensatCall = libc.func('int utimensat(int folder, str path, void *times, int flags)')
const flockCall = libc.func('int flock(int file, int operation)')
const getsockoptCall = libc.func('int getsockopt(int socket, int level, int name, void *value, void *length)')

const how = Buffer.alloc(24)

export const resolve = { noMagicLinks: 0x02, noSymlinks: 0x04, beneath: 0x08 } as const

/** gives a file descriptor (close it), or the errno as a negative number. */
export function openat2(folder: number, path: string, flags: number, resolveFlags: number): number {
  how.writeBigUInt64LE(BigInt(flags), 0)
  how.writeBigUInt64LE(0n, 8)
  how.writeBigUInt64LE(BigInt(resolveFlags), 16)
  const result = Number(openat2Call(openat2Number, folder, path, how, how.length))
  return result < 0 ? -koffi.errno() : result
}

/** renames within what two folder descriptors hold, never replacing; 0 or a negative errno. */
export function renameNoReplace(fromFolder: number, from: string, toFolder: number, to: string): number {
  const noReplace = 1
  return Number(renameat2Call(fromFolder, from, toFolder, to, noReplace)) < 0 ? -koffi.errno() : 0
}

/** nanoseconds since the epoch; a time that is left out stays as it is. */
export interface Times {
  readonly accessedNs?: bigint
  readonly modifiedNs: bigint
}

const timespecs = Buffer.alloc(32)
const second = 1_000_000_000n
const noFollow = 0x100
const omit = 0x3ffffffen

/** sets times without following a link; 0 or a negative errno. Node's own call loses the nanoseconds. */
export function setTimes(folder: number, name: string, times: Times): number {
  timespecs.writeBigInt64LE((times.accessedNs ?? 0n) / second, 0)
  timespecs.writeBigInt64LE(times.accessedNs === undefined ? omit : times.accessedNs % second, 8)
  timespecs.writeBigInt64LE(times.modifiedNs / second, 16)
  timespecs.writeBigInt64LE(times.modifiedNs % second, 24)
  return Number(utimensatCall(folder, name, timespecs, noFollow)) < 0 ? -koffi.errno() : 0
}

/** takes an exclusive lock that dies with the process; false when another process has it. */
export function lockExclusive(file: number): boolean {
  const exclusiveWithoutWaiting = 2 | 4
  return Number(flockCall(file, exclusiveWithoutWaiting)) === 0
}

/** makes every inherited descriptor but stdin, stdout and stderr vanish at the next exec; 0 or a negative errno. */
export function closeInheritedOnExec(): number {
  const closeOnExec = 4
  return Number(closeRangeCall(closeRangeNumber, 3, 0xffffffff, closeOnExec)) < 0 ? -koffi.errno() : 0
}

export interface Credentials {
  readonly pid: number
  readonly uid: number
  readonly gid: number
}

/** who connected, as the kernel noted it at connect; undefined when the socket is gone. */
export function peerCredentials(socket: number): Credentials | undefined {
  const socketLevel = 1
  const peerCredentialsOption = 17
  const value = Buffer.alloc(12)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(value.length)
  const result = Number(getsockoptCall(socket, socketLevel, peerCredentialsOption, value, length))
  if (result < 0 || length.readUInt32LE() !== value.length) return undefined
  return { pid: value.readInt32LE(0), uid: value.readUInt32LE(4), gid: value.readUInt32LE(8) }
}
