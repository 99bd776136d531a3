// the one runner of `npm run bench`, `soak` and `eval`: finds the files in benches/, runs each in a child process.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { Bench, BenchKind } from './bench.ts'
import { settlePackages } from './packages.ts'
import { runInChild } from './parent.ts'
import { printRun, type BenchRun } from './print.ts'

const folder = join(import.meta.dirname, 'benches')
const usage = `usage: npm run bench|soak|eval -- [NAME…] [--seconds N] [--json] [--list]`

interface Found {
  readonly file: string
  readonly bench: Bench
}

/** a wrong call ends with 2; a bench that could not run, with 1; a missed target is a result like any other. */
async function main(): Promise<number> {
  const kind = process.argv[2]
  if (kind !== 'bench' && kind !== 'soak' && kind !== 'eval') return wrong(`what to run: bench, soak or eval?`)
  const parsed = parse()
  if (typeof parsed === 'string') return wrong(parsed)
  const all = (await discover()).filter((found) => found.bench.kind === kind)
  if (parsed.list) {
    if (parsed.json) console.log(JSON.stringify(all.map(({ bench: { name, description } }) => ({ name, description }))))
    else for (const { bench } of all) console.log(`${bench.name.padEnd(16)} ${bench.description}`)
    return 0
  }
  const unknown = parsed.names.find((name) => !all.some((found) => found.bench.name === name))
  if (unknown !== undefined) return wrong(`there is no ${kind} named '${unknown}'; there are: ${namesOf(all)}`)
  const chosen = parsed.names.length === 0 ? all : all.filter((found) => parsed.names.includes(found.bench.name))
  return runAll(kind, chosen, parsed)
}

interface Options {
  readonly names: readonly string[]
  readonly seconds: number
  readonly json: boolean
  readonly list: boolean
}

function parse(): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args: process.argv.slice(3),
      allowPositionals: true,
      options: { seconds: { type: 'string' }, json: { type: 'boolean' }, list: { type: 'boolean' } },
    })
    const seconds = Number(values.seconds ?? 10)
    if (!(seconds > 0 && seconds <= 86_400)) return `--seconds takes a number above 0, not '${values.seconds}'`
    return { names: positionals, seconds, json: values.json === true, list: values.list === true }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function discover(): Promise<Found[]> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .toSorted()
    .map((name) => join(folder, name))
  return Promise.all(
    files.map(async (file) => {
      const { default: bench } = (await import(pathToFileURL(file).href)) as { default: Bench }
      return { file, bench }
    }),
  )
}

async function runAll(kind: BenchKind, chosen: readonly Found[], options: Options): Promise<number> {
  const runs: BenchRun[] = []
  for (const { file, bench } of chosen) {
    if (!options.json) console.error(`${kind} ${bench.name}: ${bench.description} …`)
    const problem = bench.packages === true ? settlePackages() : undefined
    const reply =
      problem === undefined ? await runInChild(file, options.seconds, bench.limitSeconds) : { error: problem }
    const run =
      'error' in reply ? { name: bench.name, results: [], error: reply.error } : { name: bench.name, ...reply }
    runs.push(run)
    if (!options.json) printRun(run)
  }
  if (options.json) console.log(JSON.stringify({ runs }, undefined, 2))
  return runs.some((run) => run.error !== undefined) ? 1 : 0
}

function namesOf(all: readonly Found[]): string {
  return all.map((found) => found.bench.name).join(', ') || 'none yet'
}

function wrong(reason: string): number {
  console.error(`${reason}\n${usage}`)
  return 2
}

process.exitCode = await main()
