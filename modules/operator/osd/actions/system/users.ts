// names of users and groups by their number, from /etc/passwd.
import { readFile } from 'node:fs/promises'

/** user names by uid; empty where the list cannot be read, so that a number is shown instead. */
export async function readUsers(file = '/etc/passwd'): Promise<ReadonlyMap<number, string>> {
  const users = new Map<number, string>()
  for (const line of (await readText(file)).split('\n')) {
    const [name, , uid] = line.split(':')
    if (name !== undefined && name !== '' && uid !== undefined && /^\d+$/.test(uid) && !users.has(Number(uid))) {
      users.set(Number(uid), name)
    }
  }
  return users
}

/** the text of a system file; empty where it is not there or may not be read, which differs from machine to machine. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (isAbsent(error)) return ''
    throw error
  }
}

const absentCodes = new Set(['ENOENT', 'EACCES', 'EPERM', 'ENOTDIR', 'ESRCH', 'EINVAL', 'EISDIR', 'ELOOP'])

/** says whether a system file is simply not there for us, as when a process has ended. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && absentCodes.has(error.code)
}
