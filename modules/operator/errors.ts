// the errors of the operator module itself; those of osd come with the codes that they have there.
import { defineErrors } from '../../nucleus/errors.ts'

export const operatorErrors = defineErrors({
  OSD_DOWN: {
    title: 'lotus-osd is not there, so nothing can be done on this machine',
    fix: 'it is started again by itself; `lotus logs --module operator` says why it ended',
    retryable: true,
  },
  OSD_RESTARTED: {
    title: 'lotus-osd was started again in the meantime, and nothing was done',
    fix: 'state it again; `lotus logs --module operator` says why it had ended',
    retryable: true,
  },
  OSD_NOT_STARTED: {
    title: 'lotus-osd could not be started',
    fix: 'see the reason; `lotus doctor` checks what it needs',
    retryable: true,
  },
  TOOL_UNKNOWN: { title: 'no module offers this tool', fix: 'see `lotus module list`' },
})
