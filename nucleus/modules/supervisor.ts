// watches running modules: asks for their health, restarts what hangs, and parks what can't be kept up.
import { toErrorData } from '../errors.ts'
import { moduleErrors } from './errors.ts'
import type { ModuleRecord } from './record.ts'

/** failed checks in a row before a module is restarted: one may be a busy moment. */
const checksBeforeRestart = 2

export interface Supervisor {
  /** asks once, and from now on every interval. */
  watch(record: ModuleRecord): Promise<void>
  unwatch(record: ModuleRecord): void
  /** a start has failed, or a process has ended: it is tried again after a while, or the module is parked. */
  failed(record: ModuleRecord): void
  /** asks a module for its health now. */
  check(record: ModuleRecord): Promise<void>
  /** ends all watching. */
  stop(): void
}

export interface SupervisorParts {
  /** restarts a module; tells a failure itself, through `failed`. */
  restart(record: ModuleRecord): void
  /** ends a module that was given up. */
  park(record: ModuleRecord, reason: string): Promise<void>
  /** a check has failed, or something was given up. */
  tell(record: ModuleRecord, during: string, error: unknown): void
}

/** makes a supervisor. a module's own answer `unhealthy` restarts nothing: it lives, and knows better. */
export function createSupervisor(parts: SupervisorParts): Supervisor {
  const polls = new Map<ModuleRecord, NodeJS.Timeout>()
  const retries = new Map<ModuleRecord, NodeJS.Timeout>()
  const checking = new Map<ModuleRecord, Promise<void>>()
  let stopped = false

  const unwatch = (record: ModuleRecord): void => {
    clearInterval(polls.get(record))
    polls.delete(record)
    clearTimeout(retries.get(record))
    retries.delete(record)
  }

  const check = (record: ModuleRecord): Promise<void> => {
    const underWay = checking.get(record)
    if (underWay !== undefined) return underWay
    const asking = ask(record).finally(() => checking.delete(record))
    checking.set(record, asking)
    return asking
  }

  const ask = async (record: ModuleRecord): Promise<void> => {
    const { instance } = record
    if (instance === undefined || record.operation !== undefined) return
    try {
      const health = await instance.health()
      // the answer of a generation that was replaced meanwhile says nothing
      if (record.instance !== instance || record.operation !== undefined) return
      record.failedChecks = 0
      record.answer(health)
    } catch (error) {
      if (record.instance !== instance || record.operation !== undefined) return
      record.failedChecks += 1
      record.blame(error, { during: 'health check', harms: false })
      record.set('unhealthy', toErrorData(error).message)
      parts.tell(record, 'health check', error)
      if (record.failedChecks >= checksBeforeRestart) recover(record)
    }
  }

  const recover = (record: ModuleRecord): void => {
    if (stopped || retries.has(record)) return
    if (!record.budget.take()) {
      const { intensity, periodMs } = record.found.manifest.restart
      const error = moduleErrors.MODULE_PARKED({
        value: record.name,
        detail: `more than ${intensity} restarts within ${periodMs} ms`,
      })
      unwatch(record)
      parts.park(record, error.message).catch((parkError: unknown) => parts.tell(record, 'park', parkError))
      parts.tell(record, 'restart', error)
      return
    }
    const timer = setTimeout(() => {
      retries.delete(record)
      if (stopped || record.operation !== undefined) return
      parts.restart(record)
    }, record.budget.delayMs())
    timer.unref()
    retries.set(record, timer)
  }

  return Object.freeze({
    watch: async (record: ModuleRecord) => {
      if (stopped) return
      clearInterval(polls.get(record))
      const poll = setInterval(() => {
        record.refresh()
        check(record).catch((error: unknown) => parts.tell(record, 'health check', error))
      }, record.found.manifest.healthIntervalMs)
      poll.unref()
      polls.set(record, poll)
      await check(record)
    },
    unwatch,
    failed: recover,
    check,
    stop: () => {
      stopped = true
      for (const record of [...polls.keys(), ...retries.keys()]) unwatch(record)
    },
  })
}
