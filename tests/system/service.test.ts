// LOTUS started as services are: by the command that the unit names, by cron's line, by the script of SysV init.
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { receiveDatagrams } from '../support/datagram-receiver.ts'
import { createPrivateLotus, project, type PrivateLotus } from '../support/private-lotus.ts'
import { runCommand } from '../support/run-command.ts'

vi.setConfig({ testTimeout: 180_000 })

let lotus: PrivateLotus
let folder: string
beforeEach(() => {
  lotus = createPrivateLotus()
  folder = mkdtempSync(join(tmpdir(), 'lotus-services-'))
})
afterEach(async () => {
  await lotus.dispose()
  rmSync(folder, { recursive: true })
})

const page = readFileSync(join(project, 'docs/service.md'), 'utf8')
// services begin with next to nothing: the folder of node stands for what the machine has
const barePath = `${join(process.execPath, '..')}:/usr/bin:/bin`

describe('lotus foreground', () => {
  it('is the process that talks to the service manager, from the first command to the end', async () => {
    const receiver = receiveDatagrams(join(folder, 'notify.sock'))
    const child = spawn(join(project, 'scripts/lotus'), ['foreground'], {
      cwd: '/',
      env: { ...lotus.environment, PATH: barePath, NOTIFY_SOCKET: receiver.address, WATCHDOG_USEC: '2000000' },
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => child.once('close', resolve))
    const ready = await receiver.until('READY=1')
    // the pid that systemd started is the one that speaks: NotifyAccess=main lets nobody else
    expect(ready).toContain(`MAINPID=${child.pid}`)
    expect(lotus.record()?.pid).toBe(child.pid)
    expect(ready).toContain(`STATUS=healthy, ${lotus.record()?.url}`)
    await receiver.until('WATCHDOG=1')
    // neither osd nor a command of a plan can speak in its name
    const osd = readFileSync(`/proc/${lotus.osdPid()}/environ`, 'utf8')
    expect(osd).not.toMatch(/NOTIFY_SOCKET|WATCHDOG/)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(receiver.messages().some((message) => message.startsWith('STOPPING=1'))).toBe(true)
    expect(lotus.leftovers()).toEqual([])
    receiver.close()
  })
})

describe('safe mode', () => {
  it('is shown by start, status and health, and serves goals', async () => {
    const started = await lotus.lotus(['start', '--safe'])
    expect(started.code).toBe(0)
    expect(started.stdout).toContain('safe mode  only the core modules run (it was started with --safe)')
    const status = await lotus.lotus(['status'])
    expect(status.code).toBe(0)
    expect(status.stdout).toContain('to do: `lotus restart` starts all modules again')
    const health = JSON.parse((await lotus.lotus(['health', '--json'])).stdout) as Record<string, object>
    expect(health['status']).toBe('degraded')
    expect(health['notices']).toMatchObject([{ code: 'SAFE_MODE' }])
    expect(Object.keys(health['modules']!).sort()).toEqual([
      'gateway',
      'memory',
      'operator',
      'perception',
      'providers',
      'reasoning',
    ])
    expect((await lotus.goal('what is 6 times 7?')).answer).toContain('42')
    const loaded = await lotus.lotus(['module', 'load', 'governance'])
    expect(loaded.code).toBe(0)
    await lotus.stop()
  })
})

describe('the line for cron', () => {
  it('starts LOTUS with what cron gives a command, and again after it ended', async () => {
    const line = /^@reboot (.*)$/m.exec(page)![1]!
    const command = line.replace('/home/ada/.lotus', lotus.home).replaceAll('/opt/lotus', project)
    // crontab(5): HOME, LOGNAME, SHELL and a short PATH; a free port, because others run here
    const environment = { HOME: lotus.base, PATH: barePath, LOTUS_HTTP_PORT: '0', TMPDIR: lotus.environment['TMPDIR'] }
    for (const _boot of [1, 2]) {
      const ended = await runCommand(['/bin/sh', '-c', command], { cwd: lotus.base, environment })
      expect(ended.code).toBe(0)
      await lotus.untilStatus(['healthy'])
      await lotus.stop()
    }
  })
})

describe('the script of SysV init', () => {
  const script = (): string => {
    const path = join(folder, 'lotus')
    const text = readFileSync(join(project, 'config/sysv/lotus'), 'utf8')
      .replace('root=/opt/lotus', `root='${project}'`)
      .replace('user=lotus', `user=${userInfo().username}`)
      .replace('home=/var/lib/lotus', `home='${lotus.home}'`)
      .replaceAll('/etc/default/lotus', join(folder, 'none'))
    writeFileSync(path, text)
    chmodSync(path, 0o755)
    return path
  }

  it('starts, stops and answers with the codes of init scripts', async () => {
    const path = script()
    const environment = { ...lotus.environment, PATH: barePath }
    const run = async (word: string): Promise<number> =>
      (await runCommand([path, word], { cwd: '/', environment })).code
    expect(await run('status')).toBe(3)
    expect(await run('start')).toBe(0)
    expect(await run('start')).toBe(0)
    expect(await run('status')).toBe(0)
    expect(await run('stop')).toBe(0)
    expect(await run('status')).toBe(3)
    expect(await run('stop')).toBe(0)
    expect(await run('dance')).toBe(2)
    expect(lotus.leftovers()).toEqual([])
  })

  it('has the header that init reads', () => {
    const text = readFileSync(join(project, 'config/sysv/lotus'), 'utf8')
    const header = /^### BEGIN INIT INFO\n([\s\S]*?)^### END INIT INFO$/m.exec(text)![1]!
    const names = [...header.matchAll(/^# ([\w-]+): /gm)].map(([, name]) => name)
    expect(names).toEqual([
      'Provides',
      'Required-Start',
      'Required-Stop',
      'Default-Start',
      'Default-Stop',
      'Short-Description',
    ])
  })

  it('is installed by the commands that the page shows and `lotus service` prints', async () => {
    const { stdout } = await lotus.lotus(['service', 'status'])
    const shown = /^```sh\n(useradd [\s\S]*?)^```$/m.exec(page)![1]!.trim().replaceAll('/opt/lotus', project)
    if (stdout.startsWith('no service')) for (const line of shown.split('\n')) expect(stdout).toContain(line)
  })
})
