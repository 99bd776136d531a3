// the operator's settings: how long changes can be undone, what is private, how long a question waits.
import { core } from '../../nucleus/settings/core.ts'
import { defineSettings } from '../../nucleus/settings/schema.ts'

export const settings = defineSettings({
  home: core.home,
  httpToken: core.httpToken,
  privatePaths: {
    doc: 'further folders that goals never read, beside ~/Private and those of keys and passwords; absolute or ~/…, separated by `:`.',
    format: 'string',
    default: '',
    env: 'LOTUS_PRIVATE_PATHS',
  },
  confirmationTimeout: {
    doc: 'how long a plan waits for the answer of its person; then it counts as a no.',
    format: 'duration',
    default: 300_000,
    min: 1_000,
    max: 86_400_000,
  },
  undoPlans: {
    doc: 'plans that can be undone, the newest ones; those that hold something removed or replaced not before `undoMinAge`.',
    format: 'integer',
    default: 500,
    min: 1,
    max: 10_000,
  },
  undoAge: {
    doc: 'how long a change can be undone, and how long the trash keeps what was deleted.',
    format: 'duration',
    default: 2_592_000_000,
    min: 60_000,
  },
  undoMinAge: {
    doc: 'how long what was deleted or replaced is kept however much there is; at most `undoAge`.',
    format: 'duration',
    default: 86_400_000,
    min: 0,
  },
  undoSize: {
    doc: 'bytes kept in the trash and in former contents; beyond it the oldest are forgotten, not before `undoMinAge`.',
    format: 'size',
    default: 2_147_483_648,
    min: 1_048_576,
  },
  auditFileSize: {
    doc: 'size at which a file of the audit chain is closed and the next one begun.',
    format: 'size',
    default: 67_108_864,
    min: 65_536,
  },
  maxChanges: {
    doc: 'files and folders that one step may change.',
    format: 'integer',
    default: 20_000,
    min: 1,
    max: 1_000_000,
  },
  desktopNotifications: {
    doc: 'whether reminders that come due are shown as notifications of the desktop, where there is one.',
    format: 'boolean',
    default: true,
  },
  notifyProgram: {
    doc: 'program that shows a notification of the desktop: called with fixed options, a title and one text.',
    format: 'path',
    default: '/usr/bin/notify-send',
  },
  maxWriteSize: {
    doc: 'bytes that one step may write.',
    format: 'size',
    default: 4_294_967_296,
    min: 1_024,
  },
})
