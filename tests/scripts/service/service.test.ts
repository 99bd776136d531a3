// `lotus service`: installed, started, removed, each as often as one likes; below a folder that stands for the machine.
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { processStart } from '../../../nucleus/process/process-start.ts'
import type { Scope } from '../../../scripts/client/service/site.ts'
import { findService, startService } from '../../../scripts/client/service/start.ts'
import { runLotus } from '../commands/run-lotus.ts'
import { createFakeSystemd, type FakeSystemd } from './fake-systemd.ts'

let machine: FakeSystemd
beforeEach(() => {
  machine = createFakeSystemd()
})
afterEach(() => {
  machine.remove()
})

const userUnit = '/home/ada/.config/systemd/user/lotus.service'
const systemUnit = '/etc/systemd/system/lotus.service'

describe('a service of one person', () => {
  it('is written, enabled and started', async () => {
    const { code, output } = await machine.run(machine.site('user'), { word: 'install' })
    expect(code).toBe(0)
    expect(machine.calls()).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable lotus.service',
      'systemctl --user start lotus.service',
    ])
    expect(machine.read(userUnit)).toContain(`Environment="LOTUS_HOME=${machine.root}/home/ada/.lotus"`)
    expect(output).toContain('the service is installed and runs')
    expect(output).toContain('it starts when you log in; `loginctl enable-linger ada` lets it start with the machine')
  })

  it('installed a second time is left as it is', async () => {
    await machine.run(machine.site('user'), { word: 'install' })
    machine.calls()
    const { code, output } = await machine.run(machine.site('user'), { word: 'install' })
    expect(code).toBe(0)
    expect(output).toContain('is installed and runs already')
    expect(machine.calls()).toEqual([])
  })

  it('is written anew and restarted where LOTUS has moved', async () => {
    await machine.run(machine.site('user'), { word: 'install' })
    machine.calls()
    const moved = machine.site('user', { home: '/srv/lotus home' })
    expect((await machine.run(moved, { word: 'status' })).output).toContain('`lotus service install` writes it anew')
    await machine.run(moved, { word: 'install' })
    expect(machine.calls()).toEqual(['systemctl --user daemon-reload', 'systemctl --user restart lotus.service'])
    expect(machine.read(userUnit)).toContain('Environment="LOTUS_HOME=/srv/lotus home"')
  })

  it('starts with the machine where --linger asks for it, once', async () => {
    for (const expected of [1, 0]) {
      await machine.run(machine.site('user'), { word: 'install', linger: true })
      expect(machine.calls().filter((line) => line === 'loginctl enable-linger ada')).toHaveLength(expected)
    }
  })

  it('is stopped, disabled and removed, and a second time there is nothing to do', async () => {
    await machine.run(machine.site('user'), { word: 'install' })
    machine.calls()
    const { code, output } = await machine.run(machine.site('user'), { word: 'uninstall' })
    expect(code).toBe(0)
    expect(output).toContain('stopped and removed')
    expect(machine.calls()).toEqual([
      'systemctl --user disable --now lotus.service',
      'systemctl --user daemon-reload',
      'systemctl --user reset-failed lotus.service',
    ])
    expect(machine.read(userUnit)).toBeUndefined()
    const again = await machine.run(machine.site('user'), { word: 'uninstall' })
    expect([again.code, machine.calls()]).toEqual([0, []])
    expect(again.output).toContain('not installed')
  })

  it('takes over from a LOTUS that was started otherwise', async () => {
    const site = machine.site('user')
    mkdirSync(join(site.home, 'run'), { recursive: true })
    const other = spawn('sleep', ['60'], { stdio: 'ignore' })
    const start = processStart(other.pid!)
    writeFileSync(join(site.home, 'run/nucleus.pid'), JSON.stringify({ pid: other.pid, start }))
    const ended = new Promise((resolve) => other.once('close', (_code, signal) => resolve(signal)))
    const { output } = await machine.run(site, { word: 'install' })
    expect(output).toContain(`stop the LOTUS that runs, process ${other.pid}`)
    expect(await ended).toBe('SIGTERM')
    expect(machine.calls().at(-1)).toBe('systemctl --user start lotus.service')
  })

  it('says which step did not work, in the words of systemctl', async () => {
    machine.write('refuses', 'Job for lotus.service failed because of the weather.\n')
    await expect(machine.run(machine.site('user'), { word: 'install' })).rejects.toMatchObject({
      code: 'SERVICE_STEP_FAILED',
      message: expect.stringContaining('failed because of the weather'),
    })
  })

  it('says what to do where the person’s manager is not there', async () => {
    machine.write('refuses', 'Failed to connect to bus: No medium found\n')
    await expect(machine.run(machine.site('user'), { word: 'install' })).rejects.toMatchObject({
      fix: expect.stringContaining('loginctl enable-linger'),
    })
  })

  it('tells of settings that only the shell has', async () => {
    const site = machine.site('user')
    const environment = { ...site.environment, LOTUS_HTTP_PORT: '9000' }
    const { output } = await machine.run({ ...site, environment }, { word: 'install' })
    expect(output).toContain('the service does not see LOTUS_HTTP_PORT of this shell')
  })
})

describe('a service of the machine', () => {
  it('gets its user, its unit, and is started', async () => {
    const { code } = await machine.run(machine.site('system'), { word: 'install' })
    expect(code).toBe(0)
    expect(machine.calls()).toEqual([
      'systemd-sysusers /etc/sysusers.d/lotus.conf',
      'systemctl daemon-reload',
      'systemctl enable lotus.service',
      'systemctl start lotus.service',
    ])
    expect(machine.read('/etc/sysusers.d/lotus.conf')).toContain('u lotus - "LOTUS" /var/lib/lotus /usr/sbin/nologin')
    expect(machine.read(systemUnit)).toContain('User=lotus')
    await machine.run(machine.site('system'), { word: 'install' })
    expect(machine.calls()).toEqual([])
  })

  it('makes its user with useradd where there is no systemd-sysusers', async () => {
    rmSync(join(machine.root, 'programs/systemd-sysusers'))
    const site = machine.site('system', { environment: { PATH: join(machine.root, 'programs'), FAKE: machine.root } })
    const { output } = await machine.run(site, { word: 'install', isDry: true })
    expect(output).toContain(
      'run useradd --system --user-group --no-create-home --home-dir /var/lib/lotus --shell /usr/sbin/nologin lotus',
    )
  })

  it('is refused to whoever is not root, before anything is done', async () => {
    const site = machine.site('system', { isRoot: false })
    await expect(machine.run(site, { word: 'install' })).rejects.toMatchObject({ code: 'SERVICE_NEEDS_ROOT' })
    expect(machine.calls()).toEqual([])
    expect(machine.read(systemUnit)).toBeUndefined()
  })

  it('is refused where its user could not read the project', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'lotus-closed-'))
    writeFileSync(join(closed, 'nucleus.ts'), '')
    chmodSync(closed, 0o700)
    await expect(machine.run(machine.site('system', { root: closed }), { word: 'install' })).rejects.toMatchObject({
      code: 'SERVICE_UNREADABLE',
      message: expect.stringContaining(closed),
    })
    rmSync(closed, { recursive: true })
  })

  it('leaves what it kept when it is removed', async () => {
    await machine.run(machine.site('system'), { word: 'install' })
    const { output } = await machine.run(machine.site('system'), { word: 'uninstall' })
    expect(output).toContain('its state is kept in /var/lib/lotus')
    expect(machine.read(systemUnit)).toBeUndefined()
    expect(machine.read('/etc/sysusers.d/lotus.conf')).toBeUndefined()
  })
})

describe('lotus start', () => {
  const place = () => {
    const site = machine.site('user')
    return { root: site.root, home: site.home, environment: site.environment }
  }
  const siteOf = (scope: Scope) => machine.site(scope, { isRoot: false })

  it('goes through the service of this LOTUS_HOME', async () => {
    expect(findService(place(), siteOf)).toBeUndefined()
    await machine.run(machine.site('user'), { word: 'install' })
    machine.calls()
    startService(findService(place(), siteOf)!)
    expect(machine.calls()).toEqual(['systemctl --user start lotus.service'])
  })

  it('leaves the service of another LOTUS_HOME alone', async () => {
    await machine.run(machine.site('user', { home: '/srv/other' }), { word: 'install' })
    expect(findService(place(), siteOf)).toBeUndefined()
  })

  it('tells in the words of systemctl why that did not work', async () => {
    await machine.run(machine.site('user'), { word: 'install' })
    machine.write('refuses', 'Job for lotus.service failed.\n')
    expect(() => startService(findService(place(), siteOf)!)).toThrow('Job for lotus.service failed.')
  })
})

describe('--dry-run', () => {
  it('prints what would be written and run, and does nothing', async () => {
    const { code, output } = await machine.run(machine.site('user'), { word: 'install', isDry: true })
    expect(code).toBe(0)
    expect(output).toContain(`write ${machine.root}${userUnit}`)
    expect(output).toContain('  ExecStart=')
    expect(output).toContain('run systemctl --user enable lotus.service')
    expect(machine.calls()).toEqual([])
    expect(machine.read(userUnit)).toBeUndefined()
  })

  it('prints the same as JSON', async () => {
    const { output } = await machine.run(machine.site('user'), { word: 'install', isDry: true }, true)
    const { steps } = JSON.parse(output) as { steps: { kind: string; text?: string }[] }
    expect(steps.map(({ kind }) => kind)).toEqual(['write', 'run', 'run', 'run'])
    await machine.run(machine.site('user'), { word: 'install' })
    expect(machine.read(userUnit)).toBe(steps[0]!.text)
  })
})

describe('status', () => {
  it('ends with 3 where it is not installed, with 0 where it runs', async () => {
    expect((await machine.run(machine.site('user'), { word: 'status' })).code).toBe(3)
    await machine.run(machine.site('user'), { word: 'install' })
    expect((await machine.run(machine.site('user'), { word: 'status' })).code).toBe(0)
    const { output } = await machine.run(machine.site('user'), { word: 'status' }, true)
    expect(JSON.parse(output)).toEqual({
      systemd: true,
      scope: 'user',
      installed: true,
      path: join(machine.root, userUnit),
      current: true,
      enabled: 'enabled',
      active: 'active',
      linger: false,
    })
  })
})

describe('without systemd', () => {
  it('installs nothing and shows the other ways', async () => {
    const site = machine.site('user', { hasSystemd: false })
    const { code, output } = await machine.run(site, { word: 'install' }, true)
    expect(code).toBe(1)
    expect(JSON.parse(output)).toMatchObject({
      error: { code: 'SERVICE_NO_SYSTEMD' },
      elsewhere: { cron: expect.stringMatching(/^@reboot LOTUS_HOME=.* start >/) },
    })
    expect(machine.calls()).toEqual([])
    const dry = await machine.run(site, { word: 'install', isDry: true })
    expect(dry.code).toBe(0)
    expect(dry.output).toContain('systemd does not run this machine')
  })

  it('is the state that the command itself sees', async () => {
    const home = mkdtempSync(join(tmpdir(), 'lotus-home-'))
    const help = await runLotus(['service', '--help'], { home })
    expect(help.stdout).toContain('lotus service install')
    const both = await runLotus(['service', 'install', '--user', '--system'], { home })
    expect(both.code).toBe(2)
    const shown = await runLotus(['service', 'status', '--json'], { home })
    expect(JSON.parse(shown.stdout)).toMatchObject({ scope: 'user', installed: false })
    expect(shown.code).toBe(3)
    rmSync(home, { recursive: true })
  })
})
