// system.services: which services there are and which run, from unit files, control groups and processes.
import { readdir } from 'node:fs/promises'
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../../action.ts'
import { defineAction } from '../../action.ts'
import { alignColumns, limitLines, plural } from '../format.ts'
import { type Process, goesBy, listProcesses } from './proc.ts'
import { isAbsent, readText } from './users.ts'

interface Service {
  readonly name: string
  readonly running: boolean
  readonly pids: readonly number[]
  /** started with the machine; undefined where that cannot be told. */
  readonly enabled: boolean | undefined
}

/** where systemd looks for units, the strongest first. */
const unitFolders = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
]
/** where systemd keeps the control groups of its services: version 2, then version 1. */
const groupFolders = [
  '/sys/fs/cgroup/system.slice',
  '/sys/fs/cgroup/systemd/system.slice',
  '/sys/fs/cgroup/unified/system.slice',
]
/** the folder that exists only while systemd is the first process (sd_booted(3)). */
const bootedFolder = '/run/systemd/system'
const maxServices = 2000

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}

async function exists(folder: string): Promise<boolean> {
  try {
    await readdir(folder)
    return true
  } catch (error) {
    if (isAbsent(error)) return false
    throw error
  }
}

async function systemdServices(signal: AbortSignal): Promise<Service[]> {
  const units = new Set<string>()
  const enabled = new Set<string>()
  for (const folder of unitFolders) {
    for (const name of await names(folder)) {
      if (name.endsWith('.service') && !name.includes('@')) units.add(name)
      if (!/\.(?:wants|requires)$/.test(name)) continue
      for (const wanted of await names(`${folder}/${name}`)) enabled.add(wanted)
    }
  }
  const running = new Map<string, number[]>()
  for (const folder of groupFolders) {
    for (const name of await names(folder)) {
      signal.throwIfAborted()
      if (!name.endsWith('.service')) continue
      units.add(name)
      const pids = (await readText(`${folder}/${name}/cgroup.procs`))
        .split('\n')
        .flatMap((line) => (line === '' ? [] : [Number(line)]))
      if (pids.length > 0) running.set(name, pids)
    }
  }
  return [...units]
    .toSorted()
    .slice(0, maxServices)
    .map((unit) => ({
      name: unit.replace(/\.service$/, ''),
      running: running.has(unit),
      pids: running.get(unit) ?? [],
      enabled: enabled.has(unit),
    }))
}

/** without systemd: the start scripts that there are, each judged by its pid file or by a process of its name. */
async function scriptServices(signal: AbortSignal): Promise<Service[]> {
  const processes = await listProcesses(signal)
  const alive = new Set(processes.map(({ pid }) => pid))
  const services: Service[] = []
  for (const name of (await names('/etc/init.d')).toSorted()) {
    if (/^README|^\.|\.(?:dpkg|rpm)/.test(name)) continue
    const plain = name.replace(/\.sh$/, '')
    const pids = [
      ...new Set([...(await pidsFromFiles(plain)).filter((pid) => alive.has(pid)), ...ownPids(plain, processes)]),
    ]
    services.push({ name: plain, running: pids.length > 0, pids, enabled: undefined })
  }
  return services
}

const ownPids = (name: string, processes: readonly Process[]) =>
  processes.filter((one) => goesBy(one, name)).map(({ pid }) => pid)

async function pidsFromFiles(name: string): Promise<number[]> {
  const pids: number[] = []
  for (const file of [`/run/${name}.pid`, `/run/${name}/${name}.pid`]) {
    const pid = Number((await readText(file)).trim())
    if (Number.isInteger(pid) && pid > 1) pids.push(pid)
  }
  return pids
}

/** says whether a service goes by a name, with or without `.service` and a trailing d as in sshd. */
function isNamed(service: Service, wanted: string): boolean {
  const [own, name] = [service.name.toLowerCase(), wanted.toLowerCase().replace(/\.service$/, '')]
  return own === name || own === `${name}d` || `${own}d` === name || own.startsWith(`${name}-`)
}

function one(name: string, found: readonly Service[], loose: readonly Process[], note: string): string {
  const service = found.find(({ running }) => running) ?? found[0]
  if (service?.running === true) {
    return `yes, the service ${service.name} is running (${plural(service.pids.length, 'process', 'processes')}, pid ${service.pids[0]})${note}`
  }
  const [process] = loose
  if (process !== undefined)
    return `yes, ${process.name} is running (pid ${process.pid}), though not as a service that is known here${note}`
  if (service !== undefined) return `no, the service ${service.name} is not running${note}`
  return `there is no service named ${name} here, and no such process is running${note}`
}

async function run(args: { name?: string | undefined }, context: ActionContext): Promise<ActionResult> {
  const systemd = await exists(bootedFolder)
  const all = systemd ? await systemdServices(context.signal) : await scriptServices(context.signal)
  const note = systemd ? '' : '\n(systemd is not in charge here: judged by start scripts and processes)'
  const found = args.name === undefined ? all : all.filter((service) => isNamed(service, args.name ?? ''))
  const loose =
    args.name === undefined || found.some(({ running }) => running)
      ? []
      : (await listProcesses(context.signal)).filter((process) => goesBy(process, args.name ?? ''))
  const data = {
    count: found.length,
    running: found.some((service) => service.running) || loose.length > 0,
    manager: systemd ? 'systemd' : 'none',
    services: found.map(({ name, running, pids, enabled }) => ({
      name,
      running,
      pids: pids.slice(0, 20),
      enabled: enabled ?? null,
    })),
  }
  if (args.name !== undefined) return { text: one(args.name, found, loose, note), data }
  const rows = [...found.filter(({ running }) => running), ...found.filter(({ running }) => !running)].map(
    (service) => [
      service.name,
      service.running ? 'running' : 'not running',
      service.enabled === true ? 'starts with the machine' : '',
    ],
  )
  return { text: rows.length === 0 ? `no services are known here${note}` : limitLines(alignColumns(rows)) + note, data }
}

export const services = defineAction({
  name: 'system.services',
  description: 'services of this machine and whether they run',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 10_000,
  input: z.strictObject({ name: z.string().min(1).max(255).optional() }),
  resources: async () => [{ kind: 'system', access: 'read', name: 'services' }],
  run,
})
