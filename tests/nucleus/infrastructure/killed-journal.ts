// a process that emits, handles and is killed: what it was told is durable must be there afterwards.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JournalDurability } from '../../../nucleus/events/journal.ts'

export interface KillReport {
  /** events whose `emit` had resolved before a kill. */
  readonly acknowledged: number
  /** acknowledged, and never handled. */
  readonly lost: number[]
  /** handled a second time: a kill came between the handler's end and the commit of its acknowledgement. */
  readonly repeated: number
  /** handled for the first time after a later event had been. */
  readonly disordered: number[]
  readonly kills: number
}

const child = join(import.meta.dirname, 'killed-journal-child.ts')

/** the server that the journal is on, which is killed as well. */
export interface KilledServer {
  readonly url: string
  kill(): Promise<void>
  restart(): Promise<void>
}

/**
 * starts the child again and again on one journal and kills it after a random time, then lets it handle the rest. a server is
 * killed in half of the rounds, a moment before.
 * @param rounds - kills
 */
export async function killAgainAndAgain(
  rounds: number,
  durability: JournalDurability,
  random: () => number = Math.random,
  server?: KilledServer,
): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'lotus-killed-'))
  try {
    for (let round = 0; round < rounds; round += 1) {
      const process = start(folder, durability, 'emit', server)
      await firstLine(process)
      const serverDies = server !== undefined && random() < 0.5
      if (serverDies) await killServerAfter(server, random() * 60)
      await killAfter(process, random() * 60)
      if (serverDies) await server.restart()
    }
    const last = start(folder, durability, 'drain', server)
    const code = await ended(last)
    if (code !== 0) throw new Error(`the last child ended with ${code}`)
    return judge(numbersIn(join(folder, 'acknowledged')), numbersIn(join(folder, 'handled')), rounds)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function start(
  folder: string,
  durability: JournalDurability,
  mode: 'emit' | 'drain',
  server: KilledServer | undefined,
): ChildProcess {
  const place = server === undefined ? [] : [server.url]
  return spawn(process.execPath, [child, folder, durability, mode, ...place], { stdio: ['ignore', 'pipe', 'inherit'] })
}

function firstLine(process: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout!.once('data', () => resolve())
    process.once('exit', (code) => reject(new Error(`the child ended early with ${code}`)))
  })
}

function ended(process: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    process.once('exit', resolve)
  })
}

async function killAfter(process: ChildProcess, delayMs: number): Promise<void> {
  const gone = ended(process)
  setTimeout(() => process.kill('SIGKILL'), delayMs)
  await gone
}

async function killServerAfter(server: KilledServer, delayMs: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, delayMs)
  })
  await server.kill()
}

/** a kill may cut the last line. */
function numbersIn(path: string): number[] {
  return readFileSync(path, 'utf8').split('\n').slice(0, -1).map(Number)
}

function judge(acknowledged: readonly number[], handled: readonly number[], kills: number): KillReport {
  const seen = new Set<number>()
  const disordered: number[] = []
  let newest = -1
  for (const number of handled) {
    if (!seen.has(number) && number < newest) disordered.push(number)
    seen.add(number)
    newest = Math.max(newest, number)
  }
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((number) => !seen.has(number)),
    repeated: handled.length - seen.size,
    disordered,
    kills,
  }
}
