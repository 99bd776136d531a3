// processes as /proc shows them, read directly; a process that ends meanwhile is left out.
import { readFileSync, readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isAbsent } from './users.ts'

/** clock ticks a second in /proc: 100 on every architecture that Node runs on (USER_HZ). */
const ticksPerSecond = 100
const kernelThreadParent = 2
/** processes read before other work gets a turn: a read takes some 20 microseconds. */
const readsPerTurn = 100

export interface Process {
  readonly pid: number
  readonly parent: number
  /** the name that people know it by: that of the program, without cutting it at 15 characters as the kernel does. */
  readonly name: string
  /** every name that it may be asked for by: the kernel's, the program's, the script's. */
  readonly names: readonly string[]
  readonly command: string
  readonly residentBytes: number
  readonly cpuSeconds: number
  readonly startedMs: number
  readonly uid: number
}

/** a file of /proc, empty where the process is gone or not ours. these reads never wait for a disk, so they are made at once. */
function readProc(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (isAbsent(error)) return ''
    throw error
  }
}

export function processIds(): number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []))
}

/** when the machine started, from /proc/stat. */
export function bootTimeMs(): number {
  return Number(/^btime (\d+)$/m.exec(readProc('/proc/stat'))?.[1] ?? 0) * 1000
}

/** processor seconds used by a process; undefined when it is gone. */
export function cpuSecondsOf(pid: number): number | undefined {
  const fields = statFields(readProc(`/proc/${pid}/stat`))
  return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

// the name stands in parentheses and may hold any character: the fields begin after the last one.
function statFields(text: string): string[] | undefined {
  const end = text.lastIndexOf(')')
  return end < 0 ? undefined : text.slice(end + 2).split(' ')
}

const interpreters = /^(?:node|nodejs|python[\d.]*|perl|ruby|php[\d.]*|bash|sh|dash|zsh|java|deno|bun)$/

function namesOf(kernelName: string, words: readonly string[]): string[] {
  const names = new Set<string>()
  // some programs write their whole title into the first word, with spaces and a colon after their name.
  const program = basename((words[0] ?? '').split(' ')[0] ?? '')
    .replace(/^-/, '')
    .replace(/:$/, '')
  if (program !== '') names.add(program)
  names.add(kernelName)
  const script = words[1]
  if (interpreters.test(program) && script !== undefined && script !== '' && !script.startsWith('-')) {
    const name = basename(script)
    names.add(name)
    names.add(name.replace(/\.[a-z]+$/i, ''))
  }
  return [...names].filter((name) => name !== '')
}

/** what a list calls it: the program, with its script where it is an interpreter, or the longer title it gave itself. */
function titleOf(kernelName: string, names: readonly string[], words: readonly string[]): string {
  const program = names[0] ?? kernelName
  const script = words[1] ?? ''
  if (interpreters.test(program) && script !== '' && !script.startsWith('-')) return `${program} ${basename(script)}`
  return kernelName.startsWith(`${program} `) ? kernelName : program
}

function readProcess(pid: number, bootMs: number): Process | undefined {
  const stat = readProc(`/proc/${pid}/stat`)
  const fields = statFields(stat)
  if (fields === undefined) return undefined
  const parent = Number(fields[1])
  if (pid === kernelThreadParent || parent === kernelThreadParent) return undefined
  const kernelName = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
  const words = readProc(`/proc/${pid}/cmdline`).replace(/\0+$/, '').split('\0')
  const status = readProc(`/proc/${pid}/status`)
  const names = namesOf(kernelName, words)
  return {
    pid,
    parent,
    name: titleOf(kernelName, names, words),
    names,
    command: words.join(' ').trim(),
    residentBytes: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    startedMs: bootMs + (Number(fields[19]) / ticksPerSecond) * 1000,
    uid: Number(/^Uid:\s+(\d+)/m.exec(status)?.[1] ?? 0),
  }
}

/** all processes but the kernel's own threads. */
export async function listProcesses(signal: AbortSignal): Promise<Process[]> {
  const bootMs = bootTimeMs()
  const found: Process[] = []
  for (const [index, pid] of processIds().entries()) {
    if (index % readsPerTurn === readsPerTurn - 1) await nextTurn()
    signal.throwIfAborted()
    const process = readProcess(pid, bootMs)
    if (process !== undefined) found.push(process)
  }
  return found
}

/** says whether a process goes by a name: exactly, or with a part added as in redis-server, postgres: or php8.2. */
export function goesBy(process: Process, wanted: string): boolean {
  const name = wanted.toLowerCase()
  return process.names.some((own) => {
    const candidate = own.toLowerCase()
    if (candidate === name || (candidate.length === 15 && name.startsWith(candidate))) return true
    return name.length > 2 && candidate.startsWith(name) && /^[-_.:@\d]/.test(candidate.slice(name.length))
  })
}
