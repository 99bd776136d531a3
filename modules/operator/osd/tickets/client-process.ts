// what the kernel tells about a client's process: its working folder, its environment, the bits its files don't get.
import { readFileSync, realpathSync } from 'node:fs'

export interface ClientProcess {
  /** absolute, without links; undefined when it may not be seen, or is gone. */
  readonly cwd: string | undefined
  readonly environment: ReadonlyMap<string, string>
  readonly umask: number
}

// more than this no program passes on in earnest.
const maxEnvironmentBytes = 256 * 1024

function readEnvironment(pid: number): Map<string, string> {
  const environment = new Map<string, string>()
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/environ`, 'utf8').slice(0, maxEnvironmentBytes)
  } catch {
    // of a process with other rights: it then has no environment for us.
    return environment
  }
  for (const pair of text.split('\0')) {
    const at = pair.indexOf('=')
    if (at > 0) environment.set(pair.slice(0, at), pair.slice(at + 1))
  }
  return environment
}

function readCwd(pid: number): string | undefined {
  try {
    // a folder that was removed has a name that leads nowhere, or to another one.
    return realpathSync.native(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

function readStatus(pid: number): { umask: number; uid: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8')
    const umask = /^Umask:\s*([0-7]+)$/m.exec(text)?.[1]
    const uid = /^Uid:\s*(\d+)/m.exec(text)?.[1]
    return uid === undefined
      ? undefined
      : { umask: umask === undefined ? 0o022 : Number.parseInt(umask, 8), uid: Number(uid) }
  } catch {
    return undefined
  }
}

/** when a process began, in clock ticks: tells it from a later one with the same number. */
function readStart(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

/** looks at the process at the other end of a socket. undefined when it is gone or is not who it was. */
export function lookAtClient(pid: number, uid: number): ClientProcess | undefined {
  const before = readStart(pid)
  const status = readStatus(pid)
  const cwd = readCwd(pid)
  const environment = readEnvironment(pid)
  if (before === undefined || status === undefined || status.uid !== uid || readStart(pid) !== before) return undefined
  return { cwd, environment, umask: status.umask }
}
