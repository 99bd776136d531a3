// the examples of docs/polling.md, run as they stand there against a living LOTUS.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPrivateLotus, project, type PrivateLotus } from '../support/private-lotus.ts'
import { runCommand, type Ended } from '../support/run-command.ts'

const page = readFileSync(join(project, 'docs/polling.md'), 'utf8')

let lotus: PrivateLotus
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lotus-polling-'))
  lotus = createPrivateLotus()
  await lotus.start()
}, 120_000)
afterAll(async () => {
  await lotus.stop()
  await lotus.dispose()
  rmSync(folder, { recursive: true })
}, 120_000)

/** the fences of a section in one language. */
function fences(heading: string, language: string): string[] {
  const section = new RegExp(`^## ${heading}\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(page)?.[1] ?? ''
  return [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!)
}

/** as it is written for one's own machine: where this LOTUS listens and lies. */
function here(text: string): string {
  const address = new URL(lotus.record()?.url ?? 'http://127.0.0.1:8000').host
  return text.replaceAll('127.0.0.1:8000', address).replaceAll('/opt/lotus', project)
}

async function shell(text: string, home = lotus): Promise<Ended> {
  const environment = { ...home.environment, PATH: `${join(process.execPath, '..')}:${process.env['PATH']}` }
  return await runCommand(['/bin/sh', '-c', here(text)], { cwd: project, environment })
}

describe('the example for curl', () => {
  it('ends with 0 while LOTUS takes goals, and with 7 where nobody listens', async () => {
    const [command = ''] = fences('curl', 'sh')
    const ended = await shell(command)
    expect([ended.code, ended.stdout]).toEqual([0, '{"status":"healthy"}'])
    // port 1 is nobody's
    expect((await shell(command.replace('127.0.0.1:8000', '127.0.0.1:1'))).code).toBe(7)
  })
})

describe('the systemd timer', () => {
  const [service = '', timer = ''] = fences('A systemd timer', 'ini')

  it('has units that systemd has nothing to say against', () => {
    writeFileSync(join(folder, 'lotus-check.service'), here(service))
    writeFileSync(join(folder, 'lotus-check.timer'), timer)
    const { status, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--user', join(folder, 'lotus-check.service'), join(folder, 'lotus-check.timer')],
      { encoding: 'utf8', env: { ...process.env, XDG_RUNTIME_DIR: folder } },
    )
    expect([status, stderr]).toEqual([0, ''])
  })

  it('runs a check that ends with 0 where LOTUS runs', async () => {
    const command = /^ExecStart=\/bin\/sh -c '(.*)'$/m.exec(service)![1]!
    expect((await shell(command)).code).toBe(0)
  })

  it('starts LOTUS where it does not run', async () => {
    const other = createPrivateLotus()
    const command = /^ExecStart=\/bin\/sh -c '(.*)'$/m.exec(service)![1]!
    expect((await shell(command, other)).code).toBe(0)
    expect(other.record()?.status).toBe('healthy')
    await other.stop()
    await other.dispose()
  }, 120_000)
})

describe('the HEALTHCHECK of a container', () => {
  const [line = ''] = fences('A container', 'dockerfile')
  const command = / CMD (.*)$/m.exec(line)![1]!

  it('ends with 0 where LOTUS is well, with 1 where it is not there', async () => {
    expect((await shell(command)).code).toBe(0)
    const other = createPrivateLotus()
    expect((await shell(command, other)).code).toBe(1)
    await other.dispose()
  })

  it('gives itself more time than the command takes at most', () => {
    expect(line).toMatch(/--timeout=10s/)
  })
})

describe('the Nagios check', () => {
  const [command = ''] = fences('Nagios, Icinga and their kin', 'sh')
  const [example = '', nrpe = ''] = fences('Nagios, Icinga and their kin', 'text')
  // monitoring-plugins.org: text, a bar, then label=value[unit];warn;crit;min;max
  const form =
    /^LOTUS (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+( \|( [a-z]+=[\d.]+[a-z]*;[\d.]*;[\d.]*;[\d.]*;[\d.]*| [a-z]+=[\d.]+[a-z]*;;;\d+;?\d*)+)?\n$/

  it('prints one line with figures and ends with 0', async () => {
    const ended = await shell(command)
    expect(ended.code).toBe(0)
    expect(ended.stdout).toMatch(form)
    expect(ended.stdout).toMatch(/^LOTUS OK - healthy \| uptime=\d+s;;;0; modules=7;;;0;7 restarts=0c;;;0; time=/)
  })

  it('prints what the page shows', () => {
    expect(example).toMatch(form)
    expect(nrpe).toContain(command.trim())
  })

  it('ends with 2 where LOTUS does not run', async () => {
    const other = createPrivateLotus()
    const ended = await shell(command, other)
    expect([ended.code, ended.stdout]).toEqual([2, 'LOTUS CRITICAL - not running\n'])
    await other.dispose()
  })
})

describe('the Prometheus configuration', () => {
  const commands = fences('Prometheus', 'sh').join('').trim().split('\n')

  it.each(commands)('%s finds nothing', async (command) => {
    const ended = await shell(command)
    expect([ended.code, /FAILED|WARNING/.test(ended.stdout + ended.stderr)]).toEqual([0, false])
  })

  it('has alerts on metrics that LOTUS gives', async () => {
    // a counter with labels is there from its first count on
    expect((await lotus.goal('what is 6 times 7?')).status).toBe('completed')
    const rules = readFileSync(join(project, 'config/prometheus/alerts.yml'), 'utf8')
    const used = new Set([...rules.matchAll(/\blotus_[a-z_]+/g)].map(([name]) => name))
    const answer = await fetch(new URL('/metrics', lotus.record()?.url), { signal: AbortSignal.timeout(30_000) })
    const given = new Set([...(await answer.text()).matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!))
    expect([...used].filter((name) => !given.has(name))).toEqual([])
    expect(used.size).toBeGreaterThan(4)
  })

  it('has a case and a row in the page for each alert', () => {
    const names = (text: string, form: RegExp): string[] => [...text.matchAll(form)].map(([, name]) => name!)
    const read = (file: string): string => readFileSync(join(project, 'config/prometheus', file), 'utf8')
    const alerts = names(read('alerts.yml'), /- alert: (\w+)/g)
    const fired = names(read('alerts.test.yml'), /alertname: (\w+)\n\s+exp_alerts:\n/g)
    expect(new Set(fired)).toEqual(new Set(alerts))
    expect(names(page, /^\| `(Lotus\w+)` \|/gm)).toEqual(alerts)
  })
})
