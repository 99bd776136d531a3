// a systemctl that remembers: there is no service manager to test with, so what it is told is compared, and what it
// would answer then is answered. units are verified with the real systemd-analyze elsewhere.
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manageService, type ServiceWish } from '../../../scripts/client/service/manage.ts'
import type { Scope, ServiceSite } from '../../../scripts/client/service/site.ts'
import { project } from '../../support/private-lotus.ts'

const systemctl = `#!/bin/sh
echo "systemctl $*" >>"$FAKE/calls"
case " $* " in
  *" is-enabled "*) cat "$FAKE/enabled" 2>/dev/null || { echo disabled; exit 1; } ;;
  *" is-active "*) cat "$FAKE/active" 2>/dev/null || { echo inactive; exit 3; } ;;
  *" enable "*) echo enabled >"$FAKE/enabled" ;;
  *" disable "*) rm -f "$FAKE/enabled" "$FAKE/active" ;;
  *" start "* | *" restart "*)
    if [ -e "$FAKE/refuses" ]; then cat "$FAKE/refuses" >&2; exit 1; fi
    echo active >"$FAKE/active" ;;
  *" reset-failed "*) exit 1 ;;
esac
`
const loginctl = `#!/bin/sh
echo "loginctl $*" >>"$FAKE/calls"
case " $* " in
  *" show-user "*) cat "$FAKE/linger" 2>/dev/null || echo no ;;
  *" enable-linger "*) echo yes >"$FAKE/linger" ;;
esac
`
const sysusers = `#!/bin/sh
echo "systemd-sysusers \${1#"$FAKE"}" >>"$FAKE/calls"
mkdir -p "$FAKE/etc"
echo 'lotus:x:999:999:LOTUS:/var/lib/lotus:/usr/sbin/nologin' >>"$FAKE/etc/passwd"
`

export interface FakeSystemd {
  /** stands for / */
  readonly root: string
  site(scope: Scope, changes?: Partial<ServiceSite>): ServiceSite
  /** what `lotus service WORD` prints, with its exit code. */
  run(site: ServiceSite, wish: Partial<ServiceWish> & { word: string }, json?: boolean): Promise<Done>
  /** what was changed by programs since the last question; questions of `status` left out. */
  calls(): string[]
  /** a file below the root. */
  read(path: string): string | undefined
  write(path: string, text: string): void
  remove(): void
}

export interface Done {
  readonly code: number
  readonly output: string
}

export function createFakeSystemd(): FakeSystemd {
  const root = mkdtempSync(join(tmpdir(), 'lotus-service-'))
  const programs = join(root, 'programs')
  mkdirSync(programs)
  for (const [name, text] of Object.entries({ systemctl, loginctl, 'systemd-sysusers': sysusers })) {
    writeFileSync(join(programs, name), text)
    chmodSync(join(programs, name), 0o755)
  }
  // a project that everybody may read, which the one under test need not be
  const installed = join(root, 'opt/lotus')
  for (const file of ['lotus.service', 'config/systemd/lotus.service', 'nucleus.ts']) {
    cpSync(join(project, file), join(installed, file))
  }
  mkdirSync(join(root, 'opt/node'))
  writeFileSync(join(root, 'opt/node/node'), '')
  chmodSync(root, 0o755)
  const lines: string[] = []
  return {
    root,
    site: (scope, changes = {}) => ({
      scope,
      root: installed,
      home: scope === 'system' ? '/var/lib/lotus' : join(root, 'home/ada/.lotus'),
      nodeFolder: join(root, 'opt/node'),
      person: { name: 'ada', uid: 1000, home: '/home/ada' },
      isRoot: scope === 'system',
      hasSystemd: true,
      below: root,
      environment: { PATH: `${programs}:/usr/bin:/bin`, FAKE: root },
      ...changes,
    }),
    run: async (site, wish, json = false) => {
      let output = ''
      const write = (text: string): void => void (output += `${text}\n`)
      const plain = { dim: String, bold: String, red: String, green: String, yellow: String }
      const terminal = { print: write, note: write, style: plain, noteStyle: plain }
      const code = await manageService(
        site,
        { linger: false, isDry: false, ...wish },
        {
          terminal: { ...terminal, canAsk: false, canRewrite: false, width: 80 },
          json,
          place: { root: site.root, home: site.home, environment: site.environment },
        },
      )
      return { code, output }
    },
    calls: () => {
      const path = join(root, 'calls')
      const all = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : []
      const fresh = all.slice(lines.length)
      lines.push(...fresh)
      return fresh.filter((line) => !/ (?:is-enabled|is-active|show-user) /.test(line))
    },
    read: (path) => {
      const file = join(root, path)
      return existsSync(file) ? readFileSync(file, 'utf8') : undefined
    },
    write: (path, text) => writeFileSync(join(root, path), text),
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}
