// the errors of the log.
import { defineErrors } from '../errors.ts'

export const logErrors = defineErrors({
  LOG_UNWRITABLE: {
    title: 'the log file cannot be written',
    fix: 'make the folder writable and see that the disk has space, or point LOTUS_HOME somewhere else',
  },
})
