// a system of several nuclei on private servers: one nucleus and workers, each a real process with a home of its own.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { z } from 'zod'
import { createEnvelope } from '../../../nucleus/events/envelope.ts'
import { createTraceId, createTraceparent } from '../../../nucleus/identifiers.ts'
import { openRedisJournal } from '../../../nucleus/infrastructure/redis/journal.ts'
import { createPrivateLotus, type PrivateLotus } from '../private-lotus.ts'
import { findPostgres, startPostgres } from '../servers/postgres.ts'
import { hasRedis, startRedis } from '../servers/redis.ts'

export interface Nucleus {
  readonly lotus: PrivateLotus
  readonly isWorker: boolean
  /** resolves when it is healthy. */
  start(): Promise<void>
  pid(): number
}

/** what tally has written down. */
export interface Effect {
  readonly receipt: string
  readonly number: number
  /** the process that did it. */
  readonly node: number
}

export interface NucleiSystem {
  readonly nuclei: readonly Nucleus[]
  /**
   * appends an event for tally from outside of all nuclei; resolves when it is journaled.
   * @param flow - the work is a durable flow with two effects, twice the number and the one after it
   */
  append(number: number, flow?: boolean): Promise<string>
  effects(): Promise<readonly Effect[]>
  /** how often the work of an event was begun and came to its end. */
  tries(): Promise<number>
  dispose(): Promise<void>
}

export const hasServers = (): boolean => findPostgres() !== undefined && hasRedis()

/**
 * starts the servers; the nuclei are started by who uses them, the nucleus first.
 * @param options.roles - where tally runs. default: everywhere
 * @param options.labels - what tally asks for, and what each worker has
 */
export async function openNucleiSystem(options: {
  readonly workers: number
  readonly roles?: readonly string[]
  readonly needs?: readonly string[]
  readonly labels?: readonly string[]
}): Promise<NucleiSystem> {
  const [redis, postgres] = await Promise.all([
    startRedis(['--appendonly', 'yes', '--appendfsync', 'always']),
    startPostgres(),
  ])
  const url = await postgres.createDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'lotus-nuclei-'))
  const log = pino({ level: 'silent' })
  const journal = await openRedisJournal({ url: redis.url, folder, durability: 'strict', log })
  // who writes from outside needs the event as the module knows it
  const source = join(import.meta.dirname, 'tally')
  const definition = {
    type: 'tally.counted',
    durability: 'journaled',
    description: '',
    schema: z.object({ number: z.number(), flow: z.boolean() }),
  } as const

  const nuclei = Array.from({ length: 1 + options.workers }, (_, index): Nucleus => {
    const isWorker = index > 0
    const label = isWorker ? options.labels?.[index - 1] : undefined
    const lotus = createPrivateLotus({
      LOTUS_REDIS_URL: redis.url,
      LOTUS_POSTGRES_URL: url,
      LOTUS_JOURNAL_DURABILITY: 'strict',
      ...(isWorker ? { LOTUS_ROLE: 'worker' } : {}),
      ...(label === undefined ? {} : { LOTUS_LABELS: label }),
    })
    mkdirSync(lotus.home, { recursive: true })
    writeFileSync(join(lotus.home, 'config.json'), JSON.stringify({ core: { inlineModules: true } }))
    copyModule(source, join(lotus.home, 'modules', 'tally'))
    if (options.roles !== undefined || options.needs !== undefined) giveManifest(lotus, options)
    return {
      lotus,
      isWorker,
      start: async () => {
        await lotus.start()
      },
      pid: () => lotus.record()!.pid,
    }
  })
  const rows = (sql: string): Promise<Record<string, unknown>[]> => postgres.query(sql, url)
  return {
    nuclei,
    append: (number, flow = false) =>
      journal.append(createEnvelope('test', definition, { number, flow }, createTraceparent(createTraceId()))),
    effects: async () =>
      (await rows('select receipt, number, node from tally_effects')).map(({ receipt, number, node }) => ({
        receipt: String(receipt),
        number: Number(number),
        node: Number(node),
      })),
    tries: async () => Number((await rows('select count(*) as count from tally_tries'))[0]?.['count'] ?? 0),
    dispose: async () => {
      await Promise.all(nuclei.map(({ lotus }) => lotus.dispose()))
      await journal.close()
      await Promise.all([redis.dispose(), postgres.dispose()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** in LOTUS_HOME/modules the kernel is found as if the module lay in the project. */
function copyModule(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) {
    const text = readFileSync(join(from, name), 'utf8')
    writeFileSync(join(to, name), text.replaceAll('../../../../nucleus/', '../../nucleus/'))
  }
}

function giveManifest(
  lotus: PrivateLotus,
  { roles, needs }: { readonly roles?: readonly string[]; readonly needs?: readonly string[] },
): void {
  const path = join(lotus.home, 'modules', 'tally', 'manifest.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as object
  writeFileSync(
    path,
    JSON.stringify({
      ...manifest,
      ...(roles === undefined ? {} : { roles }),
      ...(needs === undefined ? {} : { labels: needs }),
    }),
  )
}
