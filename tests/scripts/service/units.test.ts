// the unit files: systemd has nothing to say against them, they are strict, and not by what would break LOTUS unseen.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { renderUnit } from '../../../scripts/client/service/unit.ts'
import { project } from '../../support/private-lotus.ts'
import { createFakeSystemd, type FakeSystemd } from './fake-systemd.ts'

let folder: string
let machine: FakeSystemd
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lotus-units-'))
  machine = createFakeSystemd()
})
afterEach(() => {
  rmSync(folder, { recursive: true })
  machine.remove()
})

const templates = { system: 'lotus.service', user: 'config/systemd/lotus.service' } as const
const textOf = (path: string): string => readFileSync(join(project, path), 'utf8')

/** the real systemd-analyze; the manager of a person wants a runtime folder. */
function analyze(...args: readonly string[]): { code: number | null; stderr: string; stdout: string } {
  const environment = { ...process.env, XDG_RUNTIME_DIR: folder, SYSTEMD_LOG_LEVEL: 'info' }
  const { status, stderr, stdout } = spawnSync('systemd-analyze', args, { encoding: 'utf8', env: environment })
  return { code: status, stderr, stdout }
}

function verify(scope: 'system' | 'user', text: string): string {
  const path = join(folder, 'lotus.service')
  writeFileSync(path, text)
  const { code, stderr } = analyze('verify', `--${scope}`, path)
  return `${code} ${stderr}`
}

/** directives and all their values, in order. */
function directives(text: string): ReadonlyMap<string, readonly string[]> {
  const rows = text.split('\n').flatMap((line) => {
    const found = /^([A-Za-z]+)=(.*)$/.exec(line)
    return found === null ? [] : [[found[1]!, found[2]!] as const]
  })
  return new Map([...Map.groupBy(rows, ([name]) => name)].map(([name, all]) => [name, all.map(([, value]) => value)]))
}

describe.each(['system', 'user'] as const)('the %s unit', (scope) => {
  const text = textOf(templates[scope])

  it('is understood by systemd without a word', () => {
    expect(analyze('verify', `--${scope}`, join(project, templates[scope]))).toMatchObject({ code: 0, stderr: '' })
  })

  it('scores 3.0 or better', () => {
    const path = join(project, templates[scope])
    const { code, stdout } = analyze('security', `--${scope}`, '--offline=true', '--threshold=30', '--no-pager', path)
    expect([code, code === 0 ? '' : stdout]).toEqual([0, ''])
  })

  it('does not score by what breaks LOTUS unseen', () => {
    const found = directives(text)
    const values = (name: string): readonly string[] => found.get(name) ?? []
    for (const name of ['PrivateTmp', 'ProtectProc', 'ProcSubset', 'PrivateUsers', 'PrivateNetwork']) {
      expect([name, values(name)]).toEqual([name, []])
    }
    for (const name of ['ProtectHome', 'MemoryDenyWriteExecute', 'IPAddressDeny', 'IPAddressAllow', 'DynamicUser']) {
      expect([name, values(name)]).toEqual([name, []])
    }
    // what bubblewrap takes away from a command, it must be able to make first
    expect(values('RestrictNamespaces')).toEqual(['user mnt pid net ipc uts'])
    expect(values('RestrictAddressFamilies')).toEqual(['AF_UNIX AF_INET AF_INET6 AF_NETLINK'])
    expect(values('SystemCallFilter')[0]).toBe('@system-service @mount')
  })

  it('waits for LOTUS to say that it is ready, and starts it again after a failure', () => {
    const found = directives(text)
    expect(found.get('Type')).toEqual(['notify'])
    expect(found.get('NotifyAccess')).toEqual(['main'])
    expect(found.get('Restart')).toEqual(['on-failure'])
    expect(found.get('KillMode')).toEqual(['mixed'])
    // 50 s is what the nucleus gives itself
    expect(Number(found.get('TimeoutStopSec')?.[0])).toBeGreaterThan(50)
    // enough for three deaths and the safe start
    expect(Number(found.get('StartLimitBurst')?.[0])).toBeGreaterThan(4)
  })
})

describe('a unit as it is written', () => {
  it.each(['system', 'user'] as const)('for the %s is understood by systemd, too', (scope) => {
    expect(verify(scope, renderUnit(machine.site(scope, { root: project })))).toBe('0 ')
  })

  it('is understood with paths that have everything in them', () => {
    const site = machine.site('user', {
      root: project,
      home: `/srv/a "b" \\ 100% $HOME 'c' é`,
      nodeFolder: '/opt/my node/bin',
    })
    const text = renderUnit(site)
    expect(verify('user', text)).toBe('0 ')
    expect(text).toContain(String.raw`Environment="LOTUS_HOME=/srv/a \"b\" \\ 100%% $HOME 'c' é"`)
  })

  it('is refused for a path that would be a line of its own', () => {
    expect(() => renderUnit(machine.site('user', { home: '/srv/a\nUser=root' }))).toThrow('can’t hold this path')
  })

  it('names the real command', () => {
    expect(directives(renderUnit(machine.site('user', { root: project }))).get('ExecStart')).toEqual([
      `"${project}/scripts/lotus" foreground`,
    ])
  })

  it('has for an ordinary person only what their manager can apply', () => {
    const found = directives(renderUnit(machine.site('user')))
    // 218/CAPABILITIES, and a mount namespace that brings a user namespace with it
    for (const name of ['CapabilityBoundingSet', 'ProtectSystem', 'PrivateDevices', 'ProtectClock', 'PrivateMounts']) {
      expect([name, found.has(name)]).toEqual([name, false])
    }
    expect(found.get('NoNewPrivileges')).toEqual(['yes'])
    expect(found.get('SystemCallFilter')).toEqual(['@system-service @mount', '~@resources'])
  })

  it('has all of it where root’s own manager can, and LOTUS_HOME stays writable', () => {
    const found = directives(renderUnit(machine.site('user', { isRoot: true, home: '/data/lotus' })))
    expect(found.get('CapabilityBoundingSet')).toEqual([''])
    expect(found.get('ReadWritePaths')?.[0]).toMatch(/ "-\/data\/lotus"$/)
  })
})

describe('what the end of the process leaves for the next start', () => {
  it('is written by ExecStopPost as it stands in the unit', () => {
    const [line = ''] = directives(textOf('lotus.service')).get('ExecStopPost') ?? []
    // as systemd reads it: `$$` is a dollar, quotes are taken off
    const script = /^-\/bin\/sh -c '(.*)'$/.exec(line)![1]!.replaceAll('$$', '$')
    spawnSync('mkdir', ['-p', join(folder, 'boot')])
    const environment = { LOTUS_HOME: folder, SERVICE_RESULT: 'core-dump', EXIT_CODE: 'dumped', EXIT_STATUS: 'SEGV' }
    const { status } = spawnSync('/bin/sh', ['-c', script], { env: environment })
    expect(status).toBe(0)
    expect(readFileSync(join(folder, 'boot/end'), 'utf8')).toBe('core-dump dumped SEGV\n')
  })
})
