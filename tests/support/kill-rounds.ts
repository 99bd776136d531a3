// kills nucleus or osd at random moments while clients have deeds done, and judges what is there when LOTUS is back.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  areEqual,
  describeDifference,
  makeDeeds,
  prepareFolder,
  readContents,
  type Contents,
  type Deed,
} from './deeds.ts'
import type { PrivateLotus } from './private-lotus.ts'
import { waitFor, within } from './wait-for.ts'

export type Victim = 'nucleus' | 'osd'

export interface RoundReport {
  readonly victim: Victim
  /** deeds that clients were told are done. */
  readonly done: number
  /** deeds in whose middle the kill fell, and that turned out as done. */
  readonly doneAfterAll: number
  readonly notDone: number
  /** what is half done, lost or repeated, in words. */
  readonly faults: readonly string[]
  /** deeds whose run says something else than the folder. */
  readonly mistold: readonly string[]
  /** from the kill to healthy. */
  readonly backMs: number
}

export interface RoundOptions {
  readonly round: number
  readonly victim: Victim
  readonly clients: number
  /** 0 to 1. */
  random(): number
}

interface Client {
  readonly folder: string
  readonly deeds: readonly Deed[]
  readonly begun: Contents
  readonly child: ChildProcess
  /** the exit codes of its commands so far. */
  readonly codes: number[]
  isReady: boolean
  readonly ended: Promise<void>
  stderr: string
}

/** a deed takes about this long; the kill falls somewhere in it. */
const deedMs = 90
const limitMs = 90_000

function startClient(own: PrivateLotus, tag: string): Client {
  const folder = join(own.folder, tag)
  mkdirSync(folder)
  const begun = prepareFolder(folder)
  const deeds = makeDeeds(tag)
  const words = JSON.stringify(deeds.map((deed) => deed.words))
  const child = spawn(process.execPath, [join(import.meta.dirname, 'goal-worker.ts'), words], {
    cwd: folder,
    env: own.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()))
  const client: Client = { folder, deeds, begun, child, codes: [], isReady: false, ended, stderr: '' }
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === 'ready') client.isReady = true
      else if (line.startsWith('ended ')) client.codes.push(Number(line.slice(6)))
    }
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (client.stderr += text))
  return client
}

/** one round: LOTUS must be running, and runs again afterwards. @throws where it does not come back */
export async function runKillRound(own: PrivateLotus, options: RoundOptions): Promise<RoundReport> {
  const { round, victim, random } = options
  const clients = Array.from({ length: options.clients }, (_, index) => startClient(own, `r${round}c${index}`))
  try {
    const leader = clients[0]!
    // evenly over all deeds: after a deed drawn by lot, a moment drawn by lot
    const deedsBefore = Math.floor(random() * (leader.deeds.length - 1))
    await waitFor(() => (leader.isReady && leader.codes.length >= deedsBefore) || leader.child.exitCode !== null, {
      timeoutMs: limitMs,
      what: `deed ${deedsBefore} of round ${round}`,
    })
    await pause(random() * deedMs)
    const pid = victim === 'nucleus' ? own.record()?.pid : own.osdPid()
    if (pid === undefined) throw new Error(`round ${round}: there is no ${victim} to kill`)
    process.kill(pid, 'SIGKILL')
    const killedMs = Date.now()
    await within(Promise.all(clients.map(({ ended }) => ended)), { timeoutMs: limitMs, what: 'the end of the clients' })
    await comeBack(own, victim, pid)
    const backMs = Date.now() - killedMs
    await untilNothingRuns(own)
    return { victim, backMs, ...(await judge(own, clients)) }
  } finally {
    for (const { child } of clients) child.kill('SIGKILL')
  }
}

async function comeBack(own: PrivateLotus, victim: Victim, pid: number): Promise<void> {
  if (victim === 'nucleus') await own.start()
  else
    await waitFor(() => own.osdPid() !== undefined && own.osdPid() !== pid, { timeoutMs: limitMs, what: 'a new osd' })
  let last = ''
  await waitFor(
    async () => {
      const { body } = await own.get('/health')
      last = JSON.stringify(body)
      return body['status'] === 'healthy'
    },
    { timeoutMs: limitMs, what: () => `healthy after the end of ${victim}: ${last}` },
  )
}

async function untilNothingRuns(own: PrivateLotus): Promise<void> {
  await waitFor(async () => (await readRuns(own)).every(({ status }) => status !== 'running'), {
    timeoutMs: limitMs,
    what: 'the end of the runs that were cut off',
  })
}

async function readRuns(own: PrivateLotus): Promise<readonly { goal: string; status: string }[]> {
  const { body } = await own.get('/runs?limit=200')
  return body['runs'] as { goal: string; status: string }[]
}

async function judge(
  own: PrivateLotus,
  clients: readonly Client[],
): Promise<Pick<RoundReport, 'done' | 'doneAfterAll' | 'notDone' | 'faults' | 'mistold'>> {
  const runs = await readRuns(own)
  const faults: string[] = []
  const mistold: string[] = []
  let [done, doneAfterAll, notDone] = [0, 0, 0]
  for (const { folder, deeds, begun, codes, stderr } of clients) {
    const doneHere = codes.filter((code) => code === 0).length
    done += doneHere
    const before = deeds.slice(0, doneHere).reduce((contents, deed) => deed.after(contents), begun)
    const next = deeds[doneHere]
    const found = readContents(folder)
    const isBefore = areEqual(found, before)
    const isAfter = next !== undefined && areEqual(found, next.after(before))
    if (next === undefined) {
      if (!isBefore) faults.push(`all was done, and now: ${describeDifference(found, before)}`)
      continue
    }
    if (isAfter) doneAfterAll += 1
    else if (isBefore) notDone += 1
    else faults.push(`${next.words.join(' ')}: ${describeDifference(found, before)} (${stderr.trim()})`)
    const told = runs.find(({ goal }) => goal === next.goal)?.status
    if (told !== undefined && (told === 'completed') !== isAfter)
      mistold.push(`${next.goal}: told as ${told}, done: ${isAfter}`)
  }
  return { done, doneAfterAll, notDone, faults, mistold }
}
