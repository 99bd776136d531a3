// starts LOTUS again and again, after each way in which it may have ended before, and looks whether it is healthy each time.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { PrivateLotus } from './private-lotus.ts'
import { waitFor } from './wait-for.ts'

/** how the LOTUS before this start ended. */
export type Ending =
  /** stopped as it should be. */
  | 'stopped'
  /** its nucleus was killed while goals were under way. */
  | 'killed at work'
  /** nucleus and osd were killed at the same moment. */
  | 'all killed'
  /** its nucleus was killed at a random moment of its boot. */
  | 'killed while it started'

export interface StartReport {
  readonly ending: Ending
  /** without compiled code and other caches: the first start on a machine. */
  readonly bare: boolean
  readonly startMs: number
  /** what was wrong with this start, in words. */
  readonly faults: readonly string[]
}

const limitMs = 120_000
/** a boot takes about so long: the kill falls somewhere in it. */
const bootMs = 1_200
const endings: readonly Ending[] = ['stopped', 'killed at work', 'killed while it started', 'all killed']

export interface StartOptions {
  /** counts from 0; ways to end take turns, every fifth start is a bare one. */
  readonly round: number
  /** 0 to 1. */
  random(): number
}

/** where compiled code of these starts is kept: give it to the private LOTUS as NODE_COMPILE_CACHE. */
export function compileCacheOf(base: string): string {
  return join(base, 'compile-cache')
}

/** one start after one ending; LOTUS runs before and after it. */
export async function runStartRound(own: PrivateLotus, { round, random }: StartOptions): Promise<StartReport> {
  const ending = endings[round % endings.length]!
  const bare = round % 5 === 4
  await endLotus(own, ending, random)
  if (bare)
    for (const folder of [join(own.home, 'cache'), compileCacheOf(own.base)])
      rmSync(folder, { recursive: true, force: true })
  const started = await own.lotus(['start', '--json'], { timeoutMs: limitMs })
  const faults =
    started.code === 0 ? await lookAt(own) : [`start ended with ${started.code}: ${started.stderr}${started.stdout}`]
  return { ending, bare, startMs: started.tookMs, faults }
}

async function endLotus(own: PrivateLotus, ending: Ending, random: () => number): Promise<void> {
  if (ending === 'stopped' || ending === 'killed while it started') {
    const stopped = await own.stop()
    if (stopped.code !== 0) throw new Error(`stop ended with ${stopped.code}: ${stopped.stderr}`)
    if (ending === 'stopped') return
    await killBoot(own, random() * bootMs)
    return
  }
  const goals = Promise.allSettled([
    own.lotus(['run', '--yes', '--json', 'create a file called work.txt with the text "x"']),
    own.lotus(['run', '--yes', '--json', 'how many files are here?']),
  ])
  await pause(random() * 500)
  const nucleus = own.record()?.pid
  const osd = own.osdPid()
  if (nucleus !== undefined) kill(nucleus)
  if (ending === 'all killed' && osd !== undefined) kill(osd)
  // a client that lost its nucleus may have started another one
  await goals
}

/** lets a boot begin and kills it; where it was faster than the moment, a LOTUS that is up is killed. */
async function killBoot(own: PrivateLotus, afterMs: number): Promise<void> {
  const starting = own.lotus(['start', '--json'], { timeoutMs: limitMs })
  const find = (): number | undefined =>
    own.processes().find(({ command }) => /^lotus-nucleus|nucleus\.ts$/.test(command))?.pid
  const pid = await waitFor(find, { timeoutMs: limitMs, what: 'the beginning of a boot' })
  await pause(afterMs)
  kill(pid)
  await starting
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended by itself
  }
}

/** what is not as it should be. */
async function lookAt(own: PrivateLotus): Promise<string[]> {
  const faults: string[] = []
  const { body } = await own.get('/health')
  if (body['status'] !== 'healthy') faults.push(`health is ${JSON.stringify(body)}`)
  const answered = await own.lotus(['run', '--json', 'what is 6 times 7?'])
  if (answered.code !== 0) faults.push(`a goal ended with ${answered.code}: ${answered.stdout}${answered.stderr}`)
  // a process that the nucleus has just begun bears its name until it has become what it shall be
  const isAlone = (): boolean =>
    own.processes().filter(({ command }) => command.startsWith('lotus-nucleus')).length === 1
  await waitFor(isAlone, { timeoutMs: 5_000, what: 'one nucleus alone' }).catch((error: unknown) =>
    faults.push(String(error)),
  )
  return faults
}
