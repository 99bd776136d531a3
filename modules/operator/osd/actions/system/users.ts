// users and groups of the machine, from /etc/passwd and /etc/group.
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

export interface Account {
  readonly name: string | undefined
  readonly shell: string | undefined
  /** names of the groups that the user is in, the own one first. */
  readonly groups: readonly string[]
}

/** what the machine knows about a user; users of a directory service are not in the files. */
export async function readAccount(uid: number, folder = '/etc'): Promise<Account> {
  const rows = (text: string) => text.split('\n').map((line) => line.split(':'))
  const user = rows(await readText(`${folder}/passwd`)).find(([, , number]) => number === String(uid))
  const [name, , , group, , , shell] = user ?? []
  const groups = rows(await readText(`${folder}/group`))
  const own = groups.filter(([, , number]) => number !== undefined && number === group)
  const others = groups.filter((row) => !own.includes(row) && name !== undefined && row[3]?.split(',').includes(name))
  return {
    name,
    shell: shell === '' ? undefined : shell,
    groups: [...own, ...others].flatMap(([title]) => (title === undefined || title === '' ? [] : [title])),
  }
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
