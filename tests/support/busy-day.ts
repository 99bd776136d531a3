// a day of LOTUS in short: goals of every ending, events, streams, wrong requests and reloads, and what is held afterwards.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createHttpGoals, type HttpGoals } from './http-goals.ts'
import type { PrivateLotus } from './private-lotus.ts'
import { readProcessFacts, surplus } from './process-facts.ts'
import { waitFor } from './wait-for.ts'

export interface DayOptions {
  /** all of it: warm-up, the day itself, and calming down. */
  readonly seconds: number
  /** modules are reloaded as well; default true. */
  readonly reloads?: boolean
  /** whether it is waited until memory has settled, before and after, which takes a minute each; default false. */
  readonly looksAtMemory?: boolean
  /** sees memory in MiB once a second. */
  readonly onSample?: (sample: Sample) => void
  /** of the whole, before memory and descriptors are first looked at; default a quarter, at most ten minutes. */
  readonly warmUpSeconds?: number
}

export interface MemoryReport {
  readonly process: 'nucleus' | 'osd'
  /** once LOTUS has rested and given back what it does not need: after the warm-up, and at the end. */
  readonly beforeMiB: number
  readonly afterMiB: number
}

export interface DayReport {
  readonly goals: number
  readonly reloads: number
  readonly commands: number
  readonly streams: number
  /** goals and requests that ended otherwise than they should, in words. */
  readonly wrong: readonly string[]
  readonly memory: readonly MemoryReport[]
  /** descriptors, processes, threads and labels of modules that were not there after the warm-up. */
  readonly left: readonly string[]
  /** lines of the log that are errors. */
  readonly errors: readonly string[]
}

const clients = 3
const breathMs = 100
const reloadEveryMs = 4_000
const commandEveryMs = 5_000
const streamEveryMs = 2_000
const sampleEveryMs = 1_000
const lookAtMemoryEveryMs = 1_000
/** LOTUS looks every quarter of a minute whether it rests: what it gives back it has given back after two of these. */
const restMs = 35_000
const restLimitMs = 180_000
const settledMiB = 1
/** an idle worker thread ends after a minute, with its descriptors. */
const calmLimitMs = 100_000
const modules = ['memory', 'perception', 'reasoning', 'operator', 'providers', 'governance', 'gateway']

interface Step {
  readonly goal: string
  readonly ends: string
}

/** one round of a client's goals; it ends with nothing left of it but its record. */
function roundOf(name: string): Step[] {
  const done = (goal: string): Step => ({ goal, ends: 'completed' })
  return [
    done(`create a file called ${name}.txt with the text "first of ${name}"`),
    done(`append "second" to ${name}.txt`),
    done(`how many lines does ${name}.txt have?`),
    done('what is 6 times 7?'),
    done(`replace "second" with "third" in ${name}.txt`),
    done(`copy ${name}.txt to ${name}-copy.txt`),
    done(`find files that contain "first of ${name}"`),
    done(`remember that the code of ${name} is 17`),
    done(`what is the code of ${name}?`),
    done(`forget the note about the code of ${name}`),
    done(`remind me in 2 hours to call ${name}`),
    done('list my reminders'),
    done(`cancel the reminder to call ${name}`),
    done('how much disk space is left?'),
    done('which processes use the most memory?'),
    { goal: 'write a poem about the sea', ends: 'needs_model' },
    { goal: 'delete everything on this computer', ends: 'refused' },
    { goal: `how many lines does never-${name}.txt have?`, ends: 'failed' },
    done(`delete ${name}-copy.txt`),
    done(`delete ${name}.txt`),
  ]
}

interface Counts {
  goals: number
  reloads: number
  commands: number
  streams: number
  readonly wrong: string[]
}

/** LOTUS must be running; it still does afterwards. */
export async function liveThroughDay(own: PrivateLotus, options: DayOptions): Promise<DayReport> {
  const counts: Counts = { goals: 0, reloads: 0, commands: 0, streams: 0, wrong: [] }
  const http = createHttpGoals(own)
  const warmUpSeconds = options.warmUpSeconds ?? Math.min(options.seconds / 4, 600)
  await bustle(own, http, warmUpSeconds * 1_000, counts, options)
  const before = await waitForCalm(own)
  const osdBefore = own.osdPid()
  const looksAtMemory = options.looksAtMemory === true
  const memoryBefore = looksAtMemory ? await settledMemory(own) : memoryOf(own)
  const warmGoals = counts.goals
  await bustle(own, http, (options.seconds - warmUpSeconds) * 1_000, counts, options)
  const left = await calmDown(own, before)
  const memoryAfter = looksAtMemory ? await settledMemory(own) : memoryOf(own)
  if (own.osdPid() !== osdBefore) counts.wrong.push('lotus-osd has ended and was started anew')
  return {
    ...counts,
    wrong: counts.goals > warmGoals ? counts.wrong : [...counts.wrong, 'no goal was done after the warm-up'],
    memory: (['nucleus', 'osd'] as const).map((process) => ({
      process,
      beforeMiB: memoryBefore[process],
      afterMiB: memoryAfter[process],
    })),
    left,
    errors: readErrors(own),
  }
}

export type Sample = Readonly<Record<'nucleus' | 'osd', number>>

/** everything at once, for so long. */
async function bustle(
  own: PrivateLotus,
  http: HttpGoals,
  forMs: number,
  counts: Counts,
  options: DayOptions,
): Promise<void> {
  const endMs = Date.now() + forMs
  const isOver = (): boolean => Date.now() >= endMs
  const every = async (eachMs: number, work: (turn: number) => Promise<void>): Promise<void> => {
    for (let turn = 0; ; turn += 1) {
      await pause(Math.min(eachMs, Math.max(0, endMs - Date.now())))
      if (isOver()) return
      await work(turn)
    }
  }
  const noted = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      counts.wrong.push(`${what}: ${describe(error)}`)
    }
  }
  await Promise.all([
    ...Array.from({ length: clients }, (_, index) => stateGoals(http, `c${index}`, isOver, counts)),
    every(reloadEveryMs, (turn) =>
      noted('reload', async () => {
        if (options.reloads === false) return
        const name = modules[turn % modules.length]!
        const { status, body } = await http.request('POST', `/modules/${name}/reload`)
        if (status !== 200 && status !== 202) counts.wrong.push(`reload ${name}: ${status} ${JSON.stringify(body)}`)
        counts.reloads += 1
      }),
    ),
    every(commandEveryMs, (turn) =>
      noted('command', async () => {
        const ended =
          turn % 2 === 0 ? await own.lotus(['run', '--json', 'what is 2 + 2?']) : await own.lotus(['health', '--json'])
        if (ended.code !== 0) counts.wrong.push(`command ended with ${ended.code}: ${ended.stdout}${ended.stderr}`)
        counts.commands += 1
      }),
    ),
    every(streamEveryMs, () =>
      noted('stream', async () => {
        await listenAndLeave(http)
        counts.streams += 1
      }),
    ),
    every(streamEveryMs, () => noted('wrong request', () => askWrongly(http, counts))),
    every(sampleEveryMs, async () => {
      const osd = own.osdPid()
      const nucleus = own.record()?.pid
      if (osd === undefined || nucleus === undefined) {
        counts.wrong.push('nucleus or osd is gone')
        return
      }
      options.onSample?.(memoryOf(own))
    }),
  ])
}

async function stateGoals(http: HttpGoals, client: string, isOver: () => boolean, counts: Counts): Promise<void> {
  while (!isOver()) {
    const tag = `${client}${Date.now().toString(36)}`
    // a round that was begun is ended, so that nothing of it stays
    for (const { goal, ends } of roundOf(tag)) {
      try {
        const { status, answer } = await http.perform(goal)
        if (status !== ends) counts.wrong.push(`${goal}: ${status} and not ${ends}, ${answer}`)
      } catch (error) {
        counts.wrong.push(`${goal}: ${describe(error)}`)
      }
      counts.goals += 1
      await pause(breathMs)
    }
  }
}

/** a reader of live events that goes away in the middle, and a goal whose asker does. */
async function listenAndLeave(http: HttpGoals): Promise<void> {
  const over = new AbortController()
  const gone = (error: unknown): string | undefined => (over.signal.aborted ? undefined : describe(error))
  const ends = [
    http.request('GET', '/events', undefined, over.signal).then(() => undefined, gone),
    http.request('POST', '/goals', { goal: 'what time is it?' }, over.signal).then(() => undefined, gone),
  ]
  await pause(300)
  over.abort()
  const faults = (await Promise.all(ends)).filter((fault) => fault !== undefined)
  if (faults.length > 0) throw new Error(faults.join('; '))
}

async function askWrongly(http: HttpGoals, counts: Counts): Promise<void> {
  const expect = (what: string, found: number, wanted: number): void => {
    if (found !== wanted) counts.wrong.push(`${what}: ${found} and not ${wanted}`)
  }
  expect('no token', await http.withToken(undefined, '/runs'), 401)
  expect('wrong token', await http.withToken('x'.repeat(43), '/runs'), 401)
  expect('no such path', (await http.request('GET', '/nowhere')).status, 404)
  expect('wrong body', (await http.request('POST', '/goals', { gaol: 1 })).status, 400)
  expect('metrics', await http.withToken(undefined, '/metrics'), 200)
}

interface Held {
  readonly descriptors: Readonly<Record<'nucleus' | 'osd', readonly string[]>>
  readonly processes: readonly string[]
  /** labels of what modules hold, by module. */
  readonly open: readonly string[]
}

async function readHeld(own: PrivateLotus): Promise<Held> {
  const { body } = await own.get('/modules')
  const rows = body['modules'] as { name: string; open: string[] }[]
  const facts = (pid: number | undefined): readonly string[] =>
    pid === undefined ? [] : readProcessFacts(pid).descriptors
  return {
    descriptors: { nucleus: facts(own.record()?.pid), osd: facts(own.osdPid()) },
    processes: own.processes().map(({ command }) => command),
    open: rows.flatMap(({ name, open }) => open.map((label) => `${name}: ${label}`)).toSorted(),
  }
}

/** what is held once nobody asks for anything any more. */
async function waitForCalm(own: PrivateLotus): Promise<Held> {
  let last = await readHeld(own)
  await waitFor(
    async () => {
      await pause(500)
      const next = await readHeld(own)
      const same = JSON.stringify(next) === JSON.stringify(last)
      last = next
      return same
    },
    { timeoutMs: calmLimitMs, what: 'the same twice in a row' },
  )
  return last
}

/**
 * SQLite does not close the descriptor of a connection while another one of the process holds a lock on the file: that would
 * drop the lock (fcntl(2)). it keeps it for the next connection to that file, such as a worker's.
 */
function kept(own: PrivateLotus): string[] {
  return ['journal.db', 'store.db', 'vectors.db'].map((name) => join(own.home, 'data', name))
}

/** gives what is held beyond `before`, after everything had its time to end. */
async function calmDown(own: PrivateLotus, before: Held): Promise<string[]> {
  const endMs = Date.now() + calmLimitMs
  for (;;) {
    const now = await readHeld(own)
    const left = [
      ...surplus([...before.descriptors.nucleus, ...kept(own)], now.descriptors.nucleus).map(
        (name) => `descriptor of nucleus: ${name}`,
      ),
      ...surplus(before.descriptors.osd, now.descriptors.osd).map((name) => `descriptor of osd: ${name}`),
      ...surplus(before.processes, now.processes).map((name) => `process: ${name}`),
      ...surplus(before.open, now.open).map((name) => `held by a module: ${name}`),
      ...surplus(now.open, before.open).map((name) => `no longer held by a module: ${name}`),
    ]
    if (left.length === 0 || Date.now() >= endMs) return left
    await pause(500)
  }
}

/** RssAnon, for what is left over is not only on the heap of JavaScript. @throws where one of both has ended */
function memoryOf(own: PrivateLotus): Sample {
  const [nucleus, osd] = [own.record()?.pid, own.osdPid()]
  if (nucleus === undefined || osd === undefined) throw new Error('nucleus or osd is gone')
  return { nucleus: readProcessFacts(nucleus).memoryMiB, osd: readProcessFacts(osd).memoryMiB }
}

/** what a person sees who looks at a LOTUS that has nothing to do: the least, once it has not fallen for a while. */
async function settledMemory(own: PrivateLotus): Promise<Sample> {
  let least = memoryOf(own)
  let sinceMs = Date.now()
  await waitFor(
    async () => {
      await pause(lookAtMemoryEveryMs)
      const now = memoryOf(own)
      if (now.nucleus < least.nucleus - settledMiB || now.osd < least.osd - settledMiB) sinceMs = Date.now()
      least = { nucleus: Math.min(least.nucleus, now.nucleus), osd: Math.min(least.osd, now.osd) }
      return Date.now() - sinceMs >= restMs
    },
    { timeoutMs: restLimitMs, what: 'memory that does not fall any more' },
  )
  return least
}

function readErrors(own: PrivateLotus): string[] {
  const folder = join(own.home, 'logs')
  return readdirSync(folder)
    .filter((name) => /^lotus.*\.log/.test(name))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => /^\{"level":"(?:error|fatal)"/.test(line))
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
