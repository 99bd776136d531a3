// LOTUS at the start of a machine that systemd does not run.
import { join } from 'node:path'
import type { ServiceSite } from './site.ts'

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** the line for `crontab -e`. cron would take a `%` for a line break. */
export function cronLine({ root, home }: ServiceSite): string {
  const command = `LOTUS_HOME=${shellWord(home)} ${shellWord(join(root, 'scripts/lotus'))} start`
  return `@reboot ${command.replaceAll('%', '\\%')} >/dev/null 2>&1`
}

/** the commands that install the SysV script; as root. */
export function sysvCommands({ root }: ServiceSite): string[] {
  return [
    'useradd --system --user-group --create-home --home-dir /var/lib/lotus --shell /usr/sbin/nologin lotus',
    `echo root=${shellWord(root)} >/etc/default/lotus`,
    `install -m 755 ${shellWord(join(root, 'config/sysv/lotus'))} /etc/init.d/lotus`,
    'update-rc.d lotus defaults',
    'service lotus start',
  ]
}
