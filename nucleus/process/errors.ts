// what can keep the process of the nucleus from starting.
import { defineErrors } from '../errors.ts'

export const processErrors = defineErrors({
  ALREADY_RUNNING: {
    title: 'LOTUS runs already with this state folder',
    fix: '`lotus status` shows it, `lotus stop` ends it; another LOTUS_HOME is another LOTUS',
  },
  LOCK_UNCLEAR: {
    title: 'another start of LOTUS is cleaning up the same state folder',
    fix: 'try again in some seconds',
    retryable: true,
  },
  ROLE_UNAVAILABLE: {
    title: 'this version has no workers: one nucleus does everything',
    fix: 'leave LOTUS_ROLE and --role out; workers come with Redis and Postgres',
  },
  BOOT_INTERRUPTED: {
    title: 'the start was interrupted',
    fix: 'start again when it suits you',
    retryable: true,
  },
})
