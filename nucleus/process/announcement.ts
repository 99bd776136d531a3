// run/nucleus.json, by which clients find the running nucleus, and run/last-stop.json, by which `stop` tells its work.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SystemStatus } from '../health/health.ts'
import type { StopReport } from '../modules/module.ts'
import type { Configuration } from './configuration.ts'
import { writeAtomically } from './files.ts'

export interface Announcement {
  /** writes anew what has changed. @param announced - what modules want others to find: `url`, `osd_socket` */
  update(status: SystemStatus, announced: Readonly<Record<string, string>>): void
  remove(): void
}

/** @param startedAtMs - when the process began to boot */
export function createAnnouncement(configuration: Configuration, startedAtMs: number): Announcement {
  const path = join(configuration.run, 'nucleus.json')
  let written = ''
  return Object.freeze({
    update: (status: SystemStatus, announced: Readonly<Record<string, string>>) => {
      const text = `${JSON.stringify({
        pid: process.pid,
        started_at: new Date(startedAtMs).toISOString(),
        version: configuration.version,
        role: configuration.place.role,
        url: '',
        osd_socket: '',
        ...announced,
        status,
      })}\n`
      if (text === written) return
      writeAtomically(path, text)
      written = text
    },
    remove: () => rmSync(path, { force: true }),
  })
}

/** what was done and spent since the start; the next stop writes it anew. */
export function writeLastStop(
  configuration: Configuration,
  stop: {
    readonly reason: string
    readonly startedAtMs: number
    readonly modules: Readonly<Record<string, StopReport>>
  },
): void {
  const text = JSON.stringify({
    stopped_at: new Date().toISOString(),
    pid: process.pid,
    reason: stop.reason,
    uptime_ms: Date.now() - stop.startedAtMs,
    modules: stop.modules,
  })
  writeAtomically(join(configuration.run, 'last-stop.json'), `${text}\n`)
}
