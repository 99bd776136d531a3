// what can keep LOTUS from becoming a service.
import { defineErrors } from '../../../nucleus/errors.ts'

export const serviceErrors = defineErrors({
  SERVICE_NEEDS_ROOT: {
    title: 'a service of the machine is installed by root only',
    fix: 'run the same with sudo, or leave --system out: a service of your own needs no privilege',
  },
  SERVICE_NO_SYSTEMD: {
    title: 'systemd does not run this machine, so there is nobody to install the service with',
    fix: 'start LOTUS from cron or by the SysV script, as the lines above say; docs/service.md has both',
  },
  SERVICE_UNREADABLE: {
    title: 'the user of the service can’t read the folder of LOTUS',
    fix: 'put the project where everybody may read it, such as /opt/lotus, and run this there',
  },
  SERVICE_PATH_UNFIT: {
    title: 'a unit file can’t hold this path',
    fix: 'move it to a path without line breaks and other control characters',
  },
  SERVICE_STEP_FAILED: {
    title: 'a step of the service did not work',
    fix: 'mend what it says and run the same again: what is done already is left as it is',
  },
})
