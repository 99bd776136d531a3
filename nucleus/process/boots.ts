// what the boots before this one leave to it, and what this one leaves to the next: so that no module keeps LOTUS down.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { isLotusError, toErrorData } from '../errors.ts'
import type { Notice, SystemStatus } from '../health/health.ts'
import type { StateChange } from '../modules/record.ts'
import { findHome, type Environment } from '../settings/home.ts'
import { settingFiles } from '../settings/sources.ts'
import {
  forgetEnd,
  lookOf,
  openStartMarks,
  readBootRecord,
  readStartMarks,
  takeEnd,
  writeBootRecord,
  type BootRecord,
  type LeftOut,
  type StartMarks,
} from './boot-record.ts'
import { judgeBoots, type FailedBoot } from './boot-verdict.ts'
import { processErrors } from './errors.ts'
import { makeStateFolder } from './files.ts'
import type { StopWish } from './life.ts'
import { isAlive, processStart } from './process-start.ts'

/** how this boot goes. */
export interface BootMode {
  /** only what a person needs to talk to LOTUS is started. */
  readonly isSafe: boolean
  /** modules that are not started even then. */
  readonly leftOut: readonly string[]
  /** the last boot died: modules are started one by one, so that it shows which it is. */
  readonly isCareful: boolean
  /** for people; undefined in a boot like any other. */
  readonly notice: Notice | undefined
}

export interface Boots {
  readonly mode: BootMode
  /** LOTUS_HOME/boot. */
  readonly folder: string
  /** from here on it is noticed how this process ends. */
  begin(wish: () => StopWish | undefined, indispensable: ReadonlySet<string>): void
  /** modules are imported all at once now: should the process die, any of them may have done it. */
  importsModules(): void
  /** hears of every change of a module's state. */
  module(change: StateChange): void
  /** hears before and after a module loads what its start did without: that is part of the boot. */
  parts(module: string, isBegun: boolean): void
  /** the boot is done. */
  isUp(status: SystemStatus): void
  /** the boot ends with an error. */
  failed(error: unknown): void
}

/** what is wrong between modules, which can be helped by leaving some out. */
const graphCodes = ['MANIFEST_INVALID', 'GRAPH_INVALID', 'SETTING_DECLARED_TWICE', 'SETTINGS_MODULE_INVALID']

/**
 * reads what the last boots left, and decides how this one goes. nothing is written.
 * @param args - `--safe`: only the core modules; `--all`: all of them, whatever happened before
 */
export function recallBoots(options: {
  readonly root: string
  readonly environment: Environment
  readonly args: readonly string[]
}): Boots {
  const { root, args } = options
  const home = findHome(options)
  const folder = join(home, 'boot')
  const look = (module: string | null): string =>
    lookOf([join(root, 'modules', module ?? ''), ...settingFiles(root, home), join(root, '.env'), join(home, '.env')])
  const counted = countLastBoot(readBootRecord(folder), folder, look)
  let { record } = counted
  if (args.includes('--all')) record = { ...record, failures: [], left_out: [] }
  record = judge(record)
  // what has changed since deserves another try
  record = { ...record, left_out: record.left_out.filter((one) => one.look === look(one.module)) }

  const isSafe = args.includes('--safe') || record.left_out.length > 0
  const mode: BootMode = Object.freeze({
    isSafe,
    leftOut: record.left_out.flatMap(({ module }) => module ?? []),
    isCareful: record.failures.length > 0 || record.left_out.length > 0,
    notice: isSafe ? describeSafeMode(record.left_out) : undefined,
  })

  const starting = new Set<string>()
  const started = new Set<string>()
  const failed = new Set<string>()
  /** without these nobody could be told what is wrong: they are started in safe mode whatever they did. */
  let indispensable: ReadonlySet<string> = new Set()
  let marks: StartMarks | undefined
  let importsAny = false
  let isOver = true
  let wish: () => StopWish | undefined = () => undefined

  const write = (next: BootRecord, durable: boolean): void => {
    record = next
    try {
      writeBootRecord(folder, record, { durable })
    } catch {
      // a disk that can't be written ends the boot by itself, with its own words; later the record is the least of it
    }
  }
  const over = (failure: FailedBoot | undefined): void => {
    if (isOver) return
    isOver = true
    marks?.close()
    const boot = { ...record.boot!, phase: 'over' as const }
    if (failure === undefined) write({ ...record, boot }, false)
    else write({ ...record, boot, failures: [...record.failures, failure] }, true)
  }
  const suspects = (): readonly string[] | null => (starting.size === 0 && importsAny ? null : [...starting])

  /** the process is about to be gone. whom a person or the machine stops has not failed. */
  const ends = (reason: string): void => {
    if (isOver) return
    const stop = wish()
    over(stop?.exitCode === 0 ? undefined : death(suspects(), stop?.reason ?? reason, look))
  }

  const begins = (module: string): void => {
    if (isOver) return
    starting.add(module)
    marks?.begins(module, mode.isCareful ? look(module) : '')
  }
  const finishes = (module: string): void => {
    if (isOver || !starting.delete(module)) return
    started.add(module)
    marks?.ends(module)
  }
  /** what a boot that left modules out has not disproved. */
  const stillOpen = (): readonly FailedBoot[] =>
    record.failures.filter(({ modules }) => modules === null || modules.some((module) => !started.has(module)))

  return Object.freeze({
    mode,
    folder,
    begin: (asked: () => StopWish | undefined, modules: ReadonlySet<string>) => {
      wish = asked
      indispensable = modules
      // another nucleus may hold the folder: then this boot is about to end, and the record is not ours
      if (counted.isHeld) return
      try {
        makeStateFolder(home)
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        forgetEnd(folder)
        marks = openStartMarks(folder)
      } catch {
        // told by the step that makes the state folder ours
        return
      }
      isOver = false
      const start = processStart(process.pid)
      const boot = { pid: process.pid, ...(start === undefined ? {} : { start }), phase: 'starting' as const }
      write({ ...record, boot }, record.failures.length > 0 || record.left_out.length > 0)
      process.on('exit', (exitCode) => ends(`exit code ${exitCode}`))
    },
    importsModules: () => {
      importsAny = true
      marks?.any()
    },
    module: ({ module, to }: StateChange) => {
      if (to === 'starting') return begins(module)
      finishes(module)
      if (to === 'unhealthy') failed.add(module)
    },
    parts: (module: string, isBegun: boolean) => (isBegun ? begins(module) : finishes(module)),
    isUp: (status: SystemStatus) => {
      if (isOver) return
      isOver = true
      marks?.close()
      const boot = { ...record.boot!, phase: 'up' as const }
      const isGood = status === 'healthy' || status === 'degraded'
      const had = record.failures.length > 0 || record.left_out.length > 0
      if (mode.isSafe) write({ ...record, boot, failures: stillOpen() }, had)
      else write(isGood ? { boot, failures: [], left_out: [] } : { ...record, boot }, had)
    },
    failed: (error: unknown) => {
      if (wish() !== undefined) return ends('')
      const reason = toErrorData(error).message.slice(0, 500)
      const culprits = [...failed].some((module) => indispensable.has(module)) ? [] : [...failed]
      const isGraph = isLotusError(error) && graphCodes.includes(error.code)
      // what safe mode would run into as well is no reason for it: a taken port, a full disk, a wrong setting
      const counts = isGraph ? !mode.isSafe : culprits.length > 0
      if (!counts) return over(undefined)
      const modules = isGraph ? null : culprits
      const failure = { at: now(), kind: 'gave_up' as const, modules, reason, looks: looksOf(modules, look) }
      if (!isOver) over(failure)
      // before it was begun: what was counted of the last boot is written with it, and must not be counted again
      else if (isGraph) {
        write({ failures: [...record.failures, failure], left_out: record.left_out }, true)
      }
    },
  })
}

/** adds what the last boot came to, where it could not say so itself. */
function countLastBoot(record: BootRecord, folder: string, look: Look): { record: BootRecord; isHeld: boolean } {
  const { boot } = record
  if (boot === undefined || boot.phase === 'over') return { record, isHeld: false }
  if (isAlive(boot.pid, boot.start)) return { record, isHeld: true }
  const end = boot.phase === 'starting' ? takeEnd(folder) : undefined
  // killed, or the power went: nothing that anybody here did
  if (end === undefined) return { record, isHeld: false }
  const marks = readStartMarks(folder)
  const noticed = death(marks === null ? null : [...marks.keys()], end, look)
  // the files may have been mended since: what counts is how they were
  const seen = [...(marks ?? [])].filter(([, before]) => before !== '')
  const failure = { ...noticed, looks: { ...noticed.looks, ...Object.fromEntries(seen) } }
  return { record: { ...record, failures: [...record.failures, failure] }, isHeld: false }
}

type Look = (module: string | null) => string

function death(modules: readonly string[] | null, reason: string, look: Look): FailedBoot {
  return { at: now(), kind: 'died', modules, reason, looks: looksOf(modules, look) }
}

function looksOf(modules: readonly string[] | null, look: Look): Readonly<Record<string, string>> {
  if (modules === null) return { '*': look(null) }
  return Object.fromEntries(modules.map((module) => [module, look(module)]))
}

/** turns failures into modules that are left out, where they say so. */
function judge(record: BootRecord): BootRecord {
  const verdict = judgeBoots(record.failures)
  if (verdict === undefined) return record
  const names: readonly (string | null)[] = verdict.modules ?? [null]
  const known = record.left_out.filter(({ module }) => !names.includes(module))
  const { reason, looks } = verdict
  const added = names.map((module) => ({ module, reason, look: looks[module ?? '*'] ?? '' }))
  return { ...record, failures: [], left_out: [...known, ...added] }
}

function describeSafeMode(leftOut: readonly LeftOut[]): Notice {
  const names = leftOut.flatMap(({ module }) => module ?? [])
  const what = names.length === 0 ? 'what the message names' : names.map((name) => `modules/${name}`).join(' and ')
  const { code, message, fix } =
    leftOut.length === 0
      ? processErrors.SAFE_MODE({ detail: 'it was started with --safe' })
      : processErrors.SAFE_MODE({
          ...(names.length === 0 ? {} : { value: names.join(', ') }),
          detail: [...new Set(leftOut.map(({ reason }) => reason))].join('; '),
          fix: `mend or remove ${what}, then \`lotus restart\`; \`lotus restart --all\` tries all modules as they are`,
        })
  return { code, message, fix }
}

function now(): string {
  return new Date().toISOString()
}
