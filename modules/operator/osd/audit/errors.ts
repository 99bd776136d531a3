// the errors of the audit chain.
import { defineErrors } from '../../../../nucleus/errors.ts'

export const auditErrors = defineErrors({
  AUDIT_UNWRITABLE: {
    title: 'the audit chain can’t be written, so nothing is changed',
    fix: 'free some space on the disk of LOTUS_HOME and check that it is writable, then try again',
    retryable: true,
  },
  AUDIT_BUSY: {
    title: 'too many rows wait for the audit chain',
    fix: 'try again in a moment',
    retryable: true,
  },
})
