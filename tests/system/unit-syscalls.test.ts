// what LOTUS asks of the kernel is what its units allow: there is no service manager here that would refuse it.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createPrivateLotus, project } from '../support/private-lotus.ts'

/** the calls of a group such as @system-service, and of the groups in it. */
function callsOf(name: string): string[] {
  if (!name.startsWith('@')) return [name]
  const { stdout } = spawnSync('systemd-analyze', ['syscall-filter', name], { encoding: 'utf8' })
  const members = stdout.split('\n').flatMap((line) => /^ {4}(@?\w[\w-]*)$/.exec(line)?.[1] ?? [])
  return members.flatMap(callsOf)
}

/** systemd.exec(5): what a first list allows, later ones that begin with ~ take away. */
function allowedBy(unit: string): Set<string> {
  const allowed = new Set(callsOf('@default'))
  for (const [, list = ''] of unit.matchAll(/^SystemCallFilter=(.*)$/gm)) {
    const isDenied = list.startsWith('~')
    for (const name of list.replace(/^~/, '').split(' ')) {
      for (const call of callsOf(name)) {
        if (isDenied) allowed.delete(call)
        else allowed.add(call)
      }
    }
  }
  return allowed
}

/** the calls in a summary of strace. */
function callsIn(path: string): string[] {
  const names = [...readFileSync(path, 'utf8').matchAll(/^([a-z]\w+) *$/gm)].map(([, name]) => name!)
  return names.filter((name) => name !== 'syscall' && name !== 'total')
}

/** what the unit of the machine allows, and what an ordinary person's unit has of its template. */
function units(): Set<string>[] {
  const [own = ''] = readFileSync(join(project, 'config/systemd/lotus.service'), 'utf8').split('# privileged:')
  return [allowedBy(readFileSync(join(project, 'lotus.service'), 'utf8')), allowedBy(own)]
}

it('the units allow what confines commands, and not what LOTUS has no use for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotus-calls-'))
  const path = join(folder, 'calls')
  const box = ['--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--ro-bind', '/', '/']
  const command = ['bwrap', ...box, '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', 'true']
  const ended = spawnSync('strace', ['-f', '-qq', '-c', '-U', 'name', '-o', path, ...command], { encoding: 'utf8' })
  expect([ended.status, ended.stderr]).toEqual([0, ''])
  const calls = callsIn(path)
  expect(calls).toContain('pivot_root')
  for (const unit of units()) {
    expect(calls.filter((name) => !unit.has(name))).toEqual([])
    for (const name of ['reboot', 'init_module', 'swapon', 'settimeofday', 'ptrace']) expect(unit.has(name)).toBe(false)
  }
  rmSync(folder, { recursive: true })
})

it('a start, some goals and a stop make no system call that the units refuse', async () => {
  const lotus = createPrivateLotus()
  const folder = mkdtempSync(join(tmpdir(), 'lotus-calls-'))
  const path = join(folder, 'calls')
  const options = ['-f', '-qq', '-c', '-U', 'name', '-o', path]
  const child = spawn('strace', [...options, process.execPath, join(project, 'nucleus.ts')], {
    env: lotus.environment,
    stdio: 'ignore',
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  await lotus.untilStatus(['healthy'])
  for (const goal of ['create a file a.txt with the text hello', 'delete a.txt', 'what are my ip addresses?']) {
    expect((await lotus.goal(goal)).status).toBe('completed')
  }
  expect((await lotus.stop()).code).toBe(0)
  await ended
  const calls = callsIn(path)
  expect(calls).toContain('openat2')

  // what makes way for others is tried; where a unit refuses it, both share the processor
  const tried = new Set(['setpriority'])
  for (const unit of units()) expect(calls.filter((name) => !tried.has(name) && !unit.has(name))).toEqual([])
  await lotus.dispose()
  rmSync(folder, { recursive: true })
}, 180_000)
