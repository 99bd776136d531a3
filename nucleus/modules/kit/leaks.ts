// what a module leaves behind in the process when it is reloaded: labels of its scope, and what it opened past its context.
import type { ModuleManager } from '../manager.ts'
import { whenFree } from '../when-free.ts'

/** kinds of things that last until somebody ends them; others come and go with every request. */
const lasting = [
  'Timeout',
  'TCPServerWrap',
  'PipeServerWrap',
  'PipeWrap',
  'UDPWrap',
  'ProcessWrap',
  'FSEventWrap',
  'StatWatcher',
  'MessagePort',
]
/** growth that is seen after every one of so many reloads is no chance. */
export const leakRounds = 4

/** reloads a module and gives what each reload has left, a sentence each. @throws what a reload throws */
export async function findLeaks(manager: ModuleManager, name: string): Promise<string[]> {
  const left: string[] = []
  const counts = [countAll()]
  const open = [openOf(manager, name)]
  for (let round = 0; round < leakRounds; round += 1) {
    await whenFree(() => manager.reload(name))
    for (const sentence of manager.left(name)) if (!left.includes(sentence)) left.push(sentence)
    counts.push(countAll())
    open.push(openOf(manager, name))
  }
  if (grows(open)) left.push(`each generation holds more than the one before it: ${open.join(', ')} things`)
  for (const kind of counts[0]!.keys()) {
    const one = counts.map((count) => count.get(kind) ?? 0)
    if (grows(one)) left.push(`each reload leaves a ${kind} behind: there are ${one.join(', ')}`)
  }
  return left
}

function openOf(manager: ModuleManager, name: string): number {
  return manager.statuses().find((one) => one.name === name)?.open.length ?? 0
}

function countAll(): Map<string, number> {
  const counts = new Map<string, number>(lasting.map((kind) => [kind, 0]))
  for (const kind of process.getActiveResourcesInfo()) if (counts.has(kind)) counts.set(kind, counts.get(kind)! + 1)
  const listeners = process.eventNames().reduce((sum, event) => sum + process.listenerCount(event), 0)
  return counts.set('listener of `process`', listeners)
}

function grows(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value > values[index - 1]!)
}
