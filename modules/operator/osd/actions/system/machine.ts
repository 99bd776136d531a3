// system.memory, load, uptime, cpu and os: the machine itself.
import { readFile } from 'node:fs/promises'
import os from 'node:os'
import { z } from 'zod'
import type { ActionResult, Resource } from '../../action.ts'
import { defineAction } from '../../action.ts'
import { formatDuration, formatMemory, formatTime, plural } from '../format.ts'
import { readText } from './users.ts'

const reading = { effect: 'none', risk: 'none', undoable: false, timeoutMs: 5000 } as const

const reads = (name: string) => async (): Promise<Resource[]> => [{ kind: 'system', access: 'read', name }]

async function memoryFigures(): Promise<(name: string) => number> {
  const figures = new Map<string, number>()
  for (const match of (await readFile('/proc/meminfo', 'utf8')).matchAll(/^(\w+):\s+(\d+) kB$/gm)) {
    figures.set(match[1] ?? '', Number(match[2]) * 1024)
  }
  return (name) => figures.get(name) ?? 0
}

export const memory = defineAction({
  ...reading,
  name: 'system.memory',
  description: 'how much memory the machine has, uses and has free',
  input: z.strictObject({ part: z.enum(['free', 'total', 'used', 'swap', 'all']).optional() }),
  resources: reads('memory'),
  run: async (args): Promise<ActionResult> => {
    const figure = await memoryFigures()
    const [total, free] = [figure('MemTotal'), figure('MemAvailable') || figure('MemFree')]
    const used = total - free
    const [swapTotal, swapFree] = [figure('SwapTotal'), figure('SwapFree')]
    const swap =
      swapTotal === 0
        ? 'there is no swap space (0 bytes)'
        : `swap: ${formatMemory(swapTotal)}, ${formatMemory(swapTotal - swapFree)} of it used`
    const words = {
      free: `${formatMemory(free)} of memory is available, of ${formatMemory(total)}`,
      total: `this machine has ${formatMemory(total)} of memory`,
      used: `${formatMemory(used)} of memory is used, of ${formatMemory(total)}`,
      swap,
    }
    const all = [
      `memory: ${formatMemory(total)}`,
      `used: ${formatMemory(used)}`,
      `available: ${formatMemory(free)}`,
      swap,
    ]
    const part = args.part ?? 'all'
    return {
      text: part === 'all' ? all.join('\n') : words[part],
      data: { total, free, used, swap_total: swapTotal, swap_free: swapFree, swap_used: swapTotal - swapFree },
    }
  },
})

export const load = defineAction({
  ...reading,
  name: 'system.load',
  description: 'how busy the machine is',
  input: z.strictObject({}),
  resources: reads('load'),
  run: async () => {
    const averages = os.loadavg()
    const processors = os.availableParallelism()
    const [one = 0, five = 0, fifteen = 0] = averages
    const share = Math.round((one / processors) * 100)
    const busy = share > 100 ? 'more work than it can do at once' : `about ${share}% busy`
    return {
      text: `load average ${averages.map((value) => value.toFixed(2)).join(', ')} (last 1, 5 and 15 minutes) on ${plural(processors, 'processor')}: ${busy}`,
      data: { one, five, fifteen, processors },
    }
  },
})

export const uptime = defineAction({
  ...reading,
  name: 'system.uptime',
  description: 'how long the machine has been running, and since when',
  input: z.strictObject({}),
  resources: reads('uptime'),
  run: async (_args, context) => {
    const seconds = Math.floor(os.uptime())
    const sinceMs = Date.now() - seconds * 1000
    const parts = seconds < 3600 ? 2 : 3
    return {
      text: `up ${formatDuration(seconds * 1000, parts)}, since ${formatTime(sinceMs, context.timeZone, false)}`,
      data: { seconds, since: new Date(sinceMs).toISOString() },
    }
  },
})

/** the names that kernels and packages use for what Node calls x64 and arm64. */
const architectures: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64', ia32: 'i686', arm: 'armv7l' }

function architectureName(): string {
  return os.machine() || architectures[os.arch()] || os.arch()
}

export const cpu = defineAction({
  ...reading,
  name: 'system.cpu',
  description: 'number, model and architecture of the processors',
  input: z.strictObject({ part: z.enum(['count', 'model', 'architecture', 'all']).optional() }),
  resources: reads('cpu'),
  run: async (args) => {
    const count = os.availableParallelism()
    const model = os.cpus()[0]?.model.trim() || 'unknown model'
    const architecture = architectureName()
    const words = {
      count: `this machine has ${plural(count, 'processor core')}`,
      model: `processor: ${model}`,
      architecture: `architecture: ${architecture}`,
      all: `${plural(count, 'processor core')}: ${model} (${architecture})`,
    }
    return { text: words[args.part ?? 'all'], data: { count, model, architecture } }
  },
})

async function systemName(): Promise<string> {
  const text = (await readText('/etc/os-release')) || (await readText('/usr/lib/os-release'))
  const quoted = /^PRETTY_NAME=(.*)$/m.exec(text)?.[1] ?? ''
  return quoted.replace(/^(["'])(.*)\1$/, '$2') || os.type()
}

export const operatingSystem = defineAction({
  ...reading,
  name: 'system.os',
  description: 'name of the operating system, kernel, host name and architecture',
  input: z.strictObject({ part: z.enum(['name', 'kernel', 'hostname', 'architecture', 'all']).optional() }),
  resources: reads('os'),
  run: async (args) => {
    const name = await systemName()
    const [kernel, hostname, architecture] = [os.release(), os.hostname(), architectureName()]
    const words = {
      name,
      kernel: `${os.type()} ${kernel}`,
      hostname,
      architecture,
      all: `${name}, kernel ${os.type()} ${kernel}, ${architecture}, host name ${hostname}`,
    }
    return { text: words[args.part ?? 'all'], data: { name, kernel, hostname, architecture } }
  },
})
