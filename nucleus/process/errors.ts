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
  SAFE_MODE: {
    title: 'only the core modules run',
    fix: '`lotus restart` starts all modules again',
  },
  ADDED_MODULE_LEFT_OUT: {
    title: 'a module of LOTUS_HOME/modules is left out of this start',
    fix: 'mend what is named, then `lotus module load NAME`; or remove its folder',
  },
  DISABLED_MODULES_UNREADABLE: {
    title: 'the list of disabled modules can’t be read, so all modules are started',
    fix: 'remove the file, then `lotus module disable NAME` for those that are to stay down',
  },
  KERNEL_CHANGED: {
    title: 'code has changed that runs until LOTUS is restarted',
    fix: '`lotus restart` takes it over',
  },
  LAST_GOOD_SETTINGS: {
    title: 'the settings can’t be used, so those of the last good start are in force',
    fix: 'mend what `lotus config check` names, then `lotus restart`',
  },
  BOOT_INTERRUPTED: {
    title: 'the start was interrupted',
    fix: 'start again when it suits you',
    retryable: true,
  },
})
