// what osd is told first, made of the operator's settings: it is told it before any module has started.
import { resolve } from 'node:path'
import type { SettingsOf } from '../../../nucleus/settings/schema.ts'
import type { StartSettings } from '../osd/settings.ts'
import type { settings } from '../settings.ts'
import { osdSocketPath } from '../socket-path.ts'

/** gives osd's first line, before it is JSON. */
export default function startSettings(values: SettingsOf<typeof settings>): Partial<StartSettings> & {
  readonly home: string
  readonly socket: string
} {
  const home = resolve(values.home)
  return {
    home,
    socket: osdSocketPath(home, process.env['XDG_RUNTIME_DIR'], process.getuid?.() ?? 0),
    policies: [resolve(import.meta.dirname, '../../../config/policies')],
    ...(values.httpToken === '' ? {} : { httpToken: values.httpToken }),
    privatePaths: values.privatePaths.split(':').filter((path) => path !== ''),
    confirmationMs: values.confirmationTimeout,
    auditFileBytes: values.auditFileSize,
    undoPlans: values.undoPlans,
    undoAgeMs: values.undoAge,
    undoMinAgeMs: Math.min(values.undoMinAge, values.undoAge),
    undoBytes: values.undoSize,
    maxChanges: values.maxChanges,
    maxWriteBytes: values.maxWriteSize,
    ...(values.desktopNotifications ? { notifyProgram: resolve(values.notifyProgram) } : {}),
  }
}
