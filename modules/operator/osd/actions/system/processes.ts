// system.processes: what is running, and what it uses.
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../../action.ts'
import { defineAction } from '../../action.ts'
import { countArgument } from '../arguments.ts'
import { alignColumns, formatMemory, formatTime, limitLines, plural, shortMemory } from '../format.ts'
import { type Process, cpuSecondsOf, goesBy, listProcesses } from './proc.ts'

/** how long the use of the processor is watched: long enough for 15 clock ticks. */
const watchMs = 150
const defaultLimit = 30

const input = z.strictObject({
  sort: z.enum(['memory', 'cpu', 'name', 'started']).optional().describe('default memory; cpu is watched for a moment'),
  limit: countArgument.optional().describe(`default ${defaultLimit}`),
  name: z.string().min(1).max(255).optional(),
  pid: z.int().min(1).optional(),
  answer: z.enum(['list', 'count', 'running', 'stopped', 'pid']).optional().describe('default list'),
})

type Arguments = z.output<typeof input>
type Measured = Process & { readonly cpuPercent: number }

/** the average since each started, as ps shows it; cheap, since nothing has to be watched. */
function averaged(processes: readonly Process[], nowMs: number): Measured[] {
  return processes.map((process) => {
    const age = Math.max(0.01, (nowMs - process.startedMs) / 1000)
    return { ...process, cpuPercent: (process.cpuSeconds / age) * 100 }
  })
}

/** the use during a moment, as top shows it: 100 is one processor. */
async function watched(processes: readonly Process[], signal: AbortSignal): Promise<Measured[]> {
  const before = performance.now()
  const first = new Map(processes.map(({ pid }) => [pid, cpuSecondsOf(pid)]))
  await pause(watchMs, undefined, { signal })
  const seconds = (performance.now() - before) / 1000
  return processes.map((process) => {
    const [then, now] = [first.get(process.pid), cpuSecondsOf(process.pid)]
    return { ...process, cpuPercent: then === undefined || now === undefined ? 0 : ((now - then) / seconds) * 100 }
  })
}

const comparisons: Readonly<Record<NonNullable<Arguments['sort']>, (a: Measured, b: Measured) => number>> = {
  memory: (a, b) => b.residentBytes - a.residentBytes || a.pid - b.pid,
  // a quiet machine shows nothing in a moment: then what was used since the start decides.
  cpu: (a, b) => b.cpuPercent - a.cpuPercent || b.cpuSeconds - a.cpuSeconds || a.pid - b.pid,
  name: (a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1),
  started: (a, b) => b.startedMs - a.startedMs || b.pid - a.pid,
}

function processData(process: Measured) {
  return {
    pid: process.pid,
    name: process.name,
    memory: process.residentBytes,
    cpu_percent: Math.round(process.cpuPercent * 10) / 10,
    started: new Date(process.startedMs).toISOString(),
    uid: process.uid,
  }
}

function table(processes: readonly Measured[], args: Arguments, context: ActionContext): string {
  const started = args.sort === 'started'
  const rows = processes.map((process) => [
    String(process.pid),
    process.cpuPercent.toFixed(1),
    shortMemory(process.residentBytes),
    ...(started ? [formatTime(process.startedMs, context.timeZone)] : []),
    process.name,
  ])
  const head = ['pid', 'cpu %', 'memory', ...(started ? ['started'] : []), 'name']
  return limitLines(alignColumns([head, ...rows], new Set([0, 1, 2])))
}

function about(processes: readonly Measured[], args: Arguments): string {
  const wanted = args.name ?? `pid ${args.pid}`
  const pids = processes.slice(0, 20).map(({ pid }) => pid)
  const [first] = processes
  const noun = args.name === undefined ? `process with ${wanted}` : `process named ${wanted}`
  if (args.answer === 'running') {
    if (first === undefined) return `no, there is no ${noun} running`
    if (processes.length === 1) return `yes, ${first.name} is running (pid ${first.pid})`
    return `yes, ${wanted} is running: ${plural(processes.length, 'process', 'processes')} (pids ${pids.join(', ')})`
  }
  if (args.answer === 'stopped') {
    if (first === undefined) return `yes, there is no ${noun} running`
    return `no, ${wanted} is running (${processes.length === 1 ? 'pid' : 'pids'} ${pids.join(', ')})`
  }
  if (first === undefined) return `there is no ${noun}`
  if (args.answer === 'pid') {
    return processes.length === 1
      ? `the pid of ${first.name} is ${first.pid}`
      : `the pids of ${wanted} are ${pids.join(', ')}`
  }
  return `pid ${first.pid} is ${first.name}, ${formatMemory(first.residentBytes)} of memory: ${first.command.slice(0, 300)}`
}

async function run(args: Arguments, context: ActionContext): Promise<ActionResult> {
  const all = await listProcesses(context.signal)
  const { name, pid } = args
  const fitting = all.filter((process) => {
    if (pid !== undefined && process.pid !== pid) return false
    return name === undefined || goesBy(process, name)
  })
  const exact =
    name === undefined ? [] : fitting.filter((one) => one.names.some((own) => own.toLowerCase() === name.toLowerCase()))
  const chosen = exact.length > 0 ? exact : fitting
  const measured = args.sort === 'cpu' ? await watched(chosen, context.signal) : averaged(chosen, Date.now())
  const sorted = measured.toSorted(comparisons[args.sort ?? 'memory'])
  const shown = sorted.slice(0, args.limit ?? defaultLimit)
  const data = {
    count: sorted.length,
    pid: sorted[0]?.pid ?? null,
    running: sorted.length > 0,
    processes: shown.map(processData),
    text: shown.map((process) => process.name).join('\n'),
  }
  const answer = args.answer ?? 'list'
  if (answer === 'count') {
    const named = name === undefined ? '' : ` named ${name}`
    return { text: `${plural(sorted.length, 'process', 'processes')}${named} running`, data }
  }
  if (answer !== 'list' || sorted.length === 0 || (pid !== undefined && name === undefined)) {
    return { text: about(sorted, args), data }
  }
  const rest = sorted.length - shown.length
  const note = rest > 0 && args.limit === undefined ? `\n… and ${rest} more` : ''
  return { text: table(shown, args, context) + note, data }
}

export const processes = defineAction({
  name: 'system.processes',
  description: 'running processes: all, the largest, or one by its name or number',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 10_000,
  input,
  resources: async () => [{ kind: 'system', access: 'read', name: 'processes' }],
  run,
})
