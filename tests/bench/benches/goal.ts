// a goal that needs no model: from the words to the effect on the disk; and how fast /health answers.
import { spawn } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { compared, defineBench, type BenchResult } from '../bench.ts'
import { createGoalClient } from '../goal-client.ts'
import { median, percentile } from '../measure.ts'
import { requestRate } from '../request-rate.ts'
import { cleanEnvironment, projectRoot, startFloor, startNucleus, temporaryFolder } from '../processes.ts'

const maximumOverMs = 10

export default defineBench({
  name: 'goal',
  kind: 'bench',
  description: 'an innate goal from words to effect, over plain file work with as many syncs; /health against Fastify',
  run: async ({ seconds }) => {
    using folder = temporaryFolder('goal')
    const home = join(folder.path, 'home')
    const compileCache = join(folder.path, 'cache')
    await using stack = new AsyncDisposableStack()
    const nucleus = stack.adopt(await startNucleus({ home, compileCache }), (one) => one.stop())
    const bare = stack.adopt(await startFloor('fastify-floor.ts', [], compileCache), (one) => one.stop())
    return [
      ...(await inside(nucleus.url, folder.path, seconds * 0.4)),
      ...(await throughCommand(folder.path, home, compileCache, seconds * 0.2)),
      ...(await health(nucleus.url, bare.url, seconds * 0.4)),
    ]
  },
})

/** files are created, by goals over HTTP that are confirmed at once and by the floor, in turn. */
async function inside(url: string, folder: string, seconds: number): Promise<BenchResult[]> {
  const client = createGoalClient(url, join(folder, 'home'))
  const floor = openFloor(join(folder, 'floor'))
  const effect: number[] = []
  const question: number[] = []
  const plain: number[] = []
  const timed = async (times: number[], work: () => Promise<void> | void): Promise<void> => {
    const startedAt = performance.now()
    await work()
    times.push(performance.now() - startedAt)
  }
  for (let index = 0; index < 30; index += 1)
    await client.perform(`create a file warm${index}.txt with content "hello"`)
  const endAt = performance.now() + seconds * 1_000
  for (let index = 0; index < 50 || performance.now() < endAt; index += 1) {
    await timed(effect, () => client.perform(`create a file note${index}.txt with content "hello"`))
    await timed(plain, () => floor.create(`note${index}.txt`, 'hello\n'))
    await timed(question, () => client.perform('what is 15 percent of 80?'))
  }
  client.close()
  floor.close()
  const over = (name: string, value: number, peer: number, target?: number): BenchResult => ({
    metric: name,
    value,
    unit: 'ms',
    peer: { name: 'the same file work and syncs', value: peer },
    ratio: value / peer,
    ...(target === undefined ? {} : { target: `at most the floor + ${target} ms`, ok: value <= peer + target }),
  })
  return [
    over('goal to effect, confirmed, p50', median(effect), median(plain), maximumOverMs),
    over('goal to effect, confirmed, p95', percentile(effect, 0.95), percentile(plain, 0.95)),
    { metric: 'question to answer, p50', value: median(question), unit: 'ms' },
    { metric: 'question to answer, p95', value: percentile(question, 0.95), unit: 'ms' },
  ]
}

interface Floor {
  create(name: string, text: string): void
  close(): void
}

/**
 * what lotus-osd does for a new file, by hand: the decision, the person's answer and the intent are in the audit chain
 * before anything happens, the plan's journal knows how to take it back, the file is whole or not there at all, and the
 * result is in both. nine syncs, as `strace` counts them.
 */
function openFloor(folder: string): Floor {
  mkdirSync(join(folder, 'plans'), { recursive: true })
  const audit = openSync(join(folder, 'audit.jsonl'), 'a')
  const row = `${JSON.stringify({ kind: 'plan.decided', body: 'x'.repeat(300) })}\n`
  const tell = (descriptor: number): void => {
    writeSync(descriptor, row)
    fdatasyncSync(descriptor)
  }
  const syncFolder = (path: string): void => {
    const descriptor = openSync(path, 'r')
    fsyncSync(descriptor)
    closeSync(descriptor)
  }
  return {
    create(name, text) {
      const plan = join(folder, 'plans', name)
      tell(audit)
      tell(audit)
      appendFileSync(plan, '')
      const journal = openSync(plan, 'a')
      tell(journal)
      syncFolder(join(folder, 'plans'))
      syncFolder(folder)
      const temporary = join(folder, `${name}.tmp`)
      const file = openSync(temporary, 'w')
      writeFileSync(file, text)
      fsyncSync(file)
      closeSync(file)
      renameSync(temporary, join(folder, name))
      syncFolder(folder)
      tell(audit)
      tell(journal)
      closeSync(journal)
    },
    close: () => closeSync(audit),
  }
}

/** as a person does it, the start of the command included. */
async function throughCommand(
  folder: string,
  home: string,
  compileCache: string,
  seconds: number,
): Promise<BenchResult[]> {
  const environment = cleanEnvironment({ LOTUS_HOME: home, LOTUS_HTTP_PORT: '0', NODE_COMPILE_CACHE: compileCache })
  const place = join(folder, 'place')
  mkdirSync(place)
  const times: number[] = []
  const bare: number[] = []
  const endAt = performance.now() + seconds * 1_000
  for (let index = 0; index < 6 || performance.now() < endAt; index += 1) {
    const goal = `create a file note${index}.txt with content "hello"`
    times.push(await timeOf(join(projectRoot, 'scripts/lotus'), ['run', goal, '--yes'], place, environment))
    bare.push(await timeOf(process.execPath, ['-e', '0'], place, environment))
  }
  // the first one compiles
  times.shift()
  const peer = { name: 'a bare node', value: median(bare) }
  return [
    { metric: '`lotus run` to effect, p50', value: median(times), unit: 'ms', peer, ratio: median(times) / peer.value },
    {
      metric: '`lotus run` to effect, p95',
      value: percentile(times, 0.95),
      unit: 'ms',
      target: 'under 400 ms',
      ok: percentile(times, 0.95) < 400,
    },
  ]
}

function timeOf(
  program: string,
  words: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(performance.now() - startedAt)
      else reject(new Error(`${program} ${words.join(' ')} ended with ${code}: ${said}`))
    })
  })
}

/** short rounds in turn; the best of each counts. */
async function health(ours: string, bare: string, seconds: number): Promise<BenchResult[]> {
  const rates = { ours: 0, bare: 0 }
  const rounds = 3
  for (let round = 0; round < rounds; round += 1) {
    const slot = Math.max(1, Math.round(seconds / (2 * rounds)))
    rates.ours = Math.max(rates.ours, await requestRate(`${ours}/health`, slot))
    rates.bare = Math.max(rates.bare, await requestRate(`${bare}/health`, slot))
  }
  return [
    compared({
      metric: '/health',
      unit: 'requests/s',
      value: rates.ours,
      peer: { name: 'bare Fastify', value: rates.bare },
      atLeast: 0.6,
    }),
  ]
}
