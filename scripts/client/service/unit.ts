// makes the unit file of a site from the templates: lotus.service for the machine, config/systemd/ for one person.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServiceSite } from './site.ts'
import { quote, quoteCommand } from './unit-words.ts'

/** what the templates have in the place of the project's folder. */
const anyRoot = '/opt/lotus'
const anyCommand = `/bin/sh -c 'exec ${anyRoot}/scripts/lotus foreground'`
/** begins the paragraph that only a manager with privileges can apply. */
const privileged = '# privileged:'

/** the text of the unit. @throws SERVICE_PATH_UNFIT */
export function renderUnit(site: ServiceSite): string {
  const template = site.scope === 'system' ? 'lotus.service' : 'config/systemd/lotus.service'
  const path = `PATH=${site.nodeFolder}:/usr/local/bin:/usr/bin:/bin`
  const text = readFileSync(join(site.root, template), 'utf8')
    .replace(
      /^(?:#.*\n)+/,
      `# written by \`lotus service install\`; the next one writes it anew. changes go in a drop-in.\n`,
    )
    .replace(/^Environment=LOTUS_HOME=.*$/m, () => {
      return [`Environment=${quote(`LOTUS_HOME=${site.home}`)}`, `Environment=${quote(path)}`].join('\n')
    })
    .replace(`ExecStart=${anyCommand}`, () => `ExecStart=${quoteCommand(join(site.root, 'scripts/lotus'))} foreground`)
    .replace(`file://${anyRoot}`, () => `file://${encodeURI(site.root).replaceAll('%', '%%')}`)
  if (!site.isRoot && site.scope === 'user') return withoutPrivileged(text)
  // the rest of the system is read-only then, and LOTUS_HOME may lie where nobody thought of
  return text.replace(/^ReadWritePaths=.*$/m, (line) => `${line} ${quote(`-${site.home}`)}`)
}

/**
 * a manager that runs as an ordinary user can't drop capabilities (the unit would end with 218/CAPABILITIES), and newer
 * ones put what needs a mount namespace into a user namespace, where other users are nobody. such a process has no
 * capabilities, and NoNewPrivileges keeps it from getting any.
 */
function withoutPrivileged(text: string): string {
  return text
    .split('\n\n')
    .map((paragraph) => {
      if (!paragraph.startsWith(privileged)) return paragraph
      const names = [...paragraph.matchAll(/^(\w+)=/gm)].map(([, name]) => name!)
      const list = [...new Set(names)].join(', ')
      return `# left out, because your service manager has no privilege to apply it: ${list}`
    })
    .join('\n\n')
}
