// notices when the status of the system or of a resource changes, so that it becomes an event and not a surprise.
import type { ResourceHealth } from '../infrastructure/ports.ts'
import type { SystemStatus } from './health.ts'
import { judgeSystem, type HealthParts } from './tree.ts'

export interface HealthShift {
  /** `system`, or `infrastructure/store`. */
  readonly subject: string
  readonly from: string
  readonly to: string
  readonly reason?: string
}

export interface HealthWatch {
  /** the status of the system at the last look. */
  readonly status: SystemStatus
  /** compares with the last look and tells what has changed. */
  look(): void
}

/** @param onShift - called for each change, in the order system last */
export function createHealthWatch(parts: () => HealthParts, onShift: (shift: HealthShift) => void): HealthWatch {
  let status: SystemStatus = 'starting'
  let resources: Readonly<Record<string, ResourceHealth>> = {}
  return Object.freeze({
    get status() {
      return status
    },
    look: () => {
      const now = parts()
      const before = resources
      resources = { ...now.infrastructure }
      for (const [name, { status: to, reason }] of Object.entries(resources)) {
        const from = before[name]?.status ?? 'healthy'
        if (from !== to) onShift(shift(`infrastructure/${name}`, from, to, reason))
      }
      const { status: to, reason } = judgeSystem(now)
      if (to === status) return
      const from = status
      status = to
      onShift(shift('system', from, to, reason))
    },
  })
}

function shift(subject: string, from: string, to: string, reason: string | undefined): HealthShift {
  return reason === undefined ? { subject, from, to } : { subject, from, to, reason }
}
