// what takes room below LOTUS_HOME, with its limits and when something of it will be removed; needs no LOTUS that runs.
import { existsSync, statfsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { LoadedSettings } from '../../../nucleus/settings/load.ts'
import type { SettingsSchema } from '../../../nucleus/settings/schema.ts'
import { createUndoStore } from '../../../modules/operator/osd/undo/store.ts'
import { millisecondsAt } from '../../../nucleus/infrastructure/sqlite/journal-schema.ts'
import { lookInto } from '../../../nucleus/infrastructure/sqlite/look.ts'
import { sizeOfTree } from './tree-size.ts'

export interface DiskPart {
  readonly what: string
  readonly path: string
  readonly bytes: number
  /** things in it: plans, runs, events, files. */
  readonly count?: number
  readonly unit?: string
  readonly limitBytes?: number
  readonly limitCount?: number
  readonly limitAgeMs?: number
  readonly oldestMs?: number
  /** when the oldest will be removed by itself; absent where nothing is. */
  readonly nextRemovalMs?: number
  /** what happens to it by itself, in words. */
  readonly rule: string
  /** more than its limit, and why that is still there. */
  readonly over?: string
}

export interface DiskReport {
  readonly home: string
  readonly parts: readonly DiskPart[]
  readonly totalBytes: number
  readonly freeBytes: number
}

type Settings = LoadedSettings<Record<string, SettingsSchema>>

export function measureDisk(home: string, settings: Settings): DiskReport {
  const parts = [
    ...kept(home, settings),
    ...databases(home, settings),
    logs(home, settings),
    plain(home, 'audit', 'kept for ever: it is the record of what was done'),
    plain(home, 'workspace', 'yours: never removed'),
    plain(home, 'cache', 'made anew when it is gone'),
    plain(home, 'data/damaged', 'put aside by `lotus doctor`: never removed by itself', 'damaged'),
  ].filter(({ path, bytes }) => bytes > 0 || existsSync(path))
  let folder = home
  while (!existsSync(folder)) folder = dirname(folder)
  const { bavail, bsize } = statfsSync(folder)
  return { home, parts, totalBytes: sizeOfTree(home).bytes, freeBytes: bavail * bsize }
}

function numberSetting(settings: Settings, owner: string, name: string): number {
  return Number(settings.of(owner)[name])
}

/** pre-images and the trash: one plan may have both, and both go with it. */
function kept(home: string, settings: Settings): DiskPart[] {
  const [undo, trash] = [join(home, 'undo'), join(home, 'trash')]
  if (!existsSync(undo)) return []
  const of = (name: string): number => numberSetting(settings, 'operator', name)
  const [limitAgeMs, limitBytes, limitCount] = [of('undoAge'), of('undoSize'), of('undoPlans')]
  const minAgeMs = Math.min(of('undoMinAge'), limitAgeMs)
  const store = createUndoStore(undo)
  const all = store.older({ beforeMs: Infinity, trash: false })
  const removed = store.older({ beforeMs: Infinity, trash: true })
  const tooMuch = all.bytes > limitBytes || all.plans > limitCount
  const rule = (what: string): string =>
    `${what} after ${days(limitAgeMs)}, or the oldest where there is more than its limit, but not before ${days(minAgeMs)}`
  const part = (what: string, path: string, facts: typeof all): DiskPart => ({
    what,
    path,
    bytes: sizeOfTree(path).bytes,
    count: facts.plans,
    unit: 'plans',
    limitBytes,
    limitCount,
    limitAgeMs,
    ...(facts.oldestMs === undefined
      ? {}
      : { oldestMs: facts.oldestMs, nextRemovalMs: facts.oldestMs + (tooMuch ? minAgeMs : limitAgeMs) }),
    rule: rule(what === 'trash' ? 'what was deleted goes for good' : 'former contents and records of changes go'),
    ...(tooMuch ? { over: `more than its limit; what is younger than ${days(minAgeMs)} is kept all the same` } : {}),
  })
  return [part('trash', trash, removed), part('undo', undo, all)]
}

function databases(home: string, settings: Settings): DiskPart[] {
  const folder = join(home, 'data')
  const size = (name: string): number =>
    ['', '-wal', '-shm'].reduce((sum, end) => sum + sizeOfTree(join(folder, `${name}${end}`)).bytes, 0)
  const [keepRuns, runsMaxAge] = [
    numberSetting(settings, 'reasoning', 'keepRuns'),
    numberSetting(settings, 'reasoning', 'runsMaxAge'),
  ]
  const runs = read(join(folder, 'store.db'), 'runs', (ask) => ({
    count: Number(ask('select count(*) from runs')),
    oldest: ask('select min(started_at) from runs'),
    bytes: Number(
      ask('select coalesce(sum(length(goal) + length(answer) + length(steps) + length(explanation)), 0) from runs'),
    ),
  }))
  const events = read(join(folder, 'journal.db'), 'events', (ask) => ({
    count: Number(ask('select count(*) from events')),
    oldest: ask('select min(position) from events'),
  }))
  const runsOldestMs = typeof runs?.oldest === 'string' ? Date.parse(runs.oldest) : undefined
  const eventsOldestMs = typeof events?.oldest === 'number' ? millisecondsAt(events.oldest) : undefined
  const { journalMaxAge, journalMaxSize } = settings.core
  return [
    {
      what: 'runs',
      path: join(folder, 'store.db'),
      bytes: runs?.bytes ?? 0,
      count: runs?.count ?? 0,
      unit: 'runs',
      limitBytes: numberSetting(settings, 'reasoning', 'runsMaxSize'),
      limitCount: keepRuns,
      limitAgeMs: runsMaxAge,
      ...(runsOldestMs === undefined ? {} : { oldestMs: runsOldestMs, nextRemovalMs: runsOldestMs + runsMaxAge }),
      rule: `stories of goals go after ${days(runsMaxAge)}, or the oldest beyond a limit`,
    },
    {
      what: 'store',
      path: join(folder, 'store.db'),
      bytes: size('store.db'),
      rule: 'holds runs, notes, reminders, sessions and spend; notes and reminders are yours: never removed by themselves',
    },
    {
      what: 'journal',
      path: join(folder, 'journal.db'),
      bytes: size('journal.db'),
      count: events?.count ?? 0,
      unit: 'events',
      limitBytes: journalMaxSize,
      limitAgeMs: journalMaxAge,
      ...(eventsOldestMs === undefined
        ? {}
        : { oldestMs: eventsOldestMs, nextRemovalMs: eventsOldestMs + journalMaxAge }),
      rule: `events that everybody has handled go after ${days(journalMaxAge)}, or the oldest beyond the limit`,
    },
    {
      what: 'flows',
      path: join(folder, 'flows.db'),
      bytes: size('flows.db'),
      rule: 'durable flows: those that ended go after 30 days, or the oldest beyond 10,000',
    },
    {
      what: 'index',
      path: join(folder, 'vectors.db'),
      bytes: size('vectors.db'),
      rule: 'the index of notes: as large as they make it',
    },
  ]
}

function logs(home: string, settings: Settings): DiskPart {
  const { logFiles, logFileSize, logMaxAge } = settings.core
  const path = join(home, 'logs')
  const { bytes, files, oldestMs } = sizeOfTree(path)
  const rotated = sizeOfTree(path, (name) => /\.\d+\.log$/.test(name)).oldestMs
  return {
    what: 'logs',
    path,
    bytes,
    count: files,
    unit: 'files',
    limitBytes: (logFiles + 1) * logFileSize,
    limitCount: logFiles + 1,
    limitAgeMs: logMaxAge,
    ...(oldestMs === undefined ? {} : { oldestMs }),
    ...(rotated === undefined ? {} : { nextRemovalMs: rotated + logMaxAge }),
    rule: `the oldest goes when one is full and there are ${logFiles} others, or after ${days(logMaxAge)}`,
  }
}

function plain(home: string, name: string, rule: string, what = name): DiskPart {
  const path = join(home, name)
  const { bytes, files, oldestMs } = sizeOfTree(path)
  return { what, path, bytes, count: files, unit: 'files', ...(oldestMs === undefined ? {} : { oldestMs }), rule }
}

/** undefined where the file or its table is not there, or can't be read: `lotus doctor` says why. */
function read<Result>(
  path: string,
  table: string,
  look: (ask: (sql: string) => unknown) => Result,
): Result | undefined {
  if (!existsSync(path)) return undefined
  try {
    return lookInto(path, (database) => {
      const ask = (sql: string): unknown => database.prepare(sql).pluck().get()
      if (ask(`select 1 from sqlite_master where type = 'table' and name = '${table}'`) === undefined) return undefined
      return look(ask)
    })
  } catch {
    return undefined
  }
}

function days(ms: number): string {
  if (ms >= 86_400_000) return `${Math.round(ms / 86_400_000)} d`
  return ms >= 3_600_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 60_000)} min`
}
