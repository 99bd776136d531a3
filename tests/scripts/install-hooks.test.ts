import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createCheckout, type Checkout } from './checkout.ts'

let checkout: Checkout

beforeEach(() => {
  checkout = createCheckout()
  execFileSync('git', ['init', '-q'], { cwd: checkout.folder })
})
afterEach(() => checkout.dispose())

function install(): { readonly status: number | null; readonly stderr: string } {
  return spawnSync(join(checkout.folder, 'scripts', 'install-hooks.sh'), { encoding: 'utf8' })
}

it('installs a hook that runs the checks, and may be called again', () => {
  expect(install().status).toBe(0)
  const hook = checkout.read('.git/hooks/pre-commit')
  expect(hook).toContain('scripts/check.sh')
  expect(install().status).toBe(0)
  expect(checkout.read('.git/hooks/pre-commit')).toBe(hook)
})

it('goes where core.hooksPath points', () => {
  execFileSync('git', ['config', 'core.hooksPath', 'my-hooks'], { cwd: checkout.folder })
  expect(install().status).toBe(0)
  expect(checkout.exists('my-hooks/pre-commit')).toBe(true)
})

it('leaves the hook of somebody else alone', () => {
  checkout.write('.git/hooks/pre-commit', '#!/bin/sh\ntrue\n')
  const { status, stderr } = install()
  expect(status).toBe(1)
  expect(stderr).toContain('is not ours')
  expect(checkout.read('.git/hooks/pre-commit')).toBe('#!/bin/sh\ntrue\n')
})

it('lets a commit fail when the checks fail', () => {
  install()
  checkout.write('scripts/check.sh', '#!/bin/sh\necho checked; exit 1\n')
  execFileSync('chmod', ['+x', 'scripts/check.sh'], { cwd: checkout.folder })
  const identity = ['-c', 'user.name=tester', '-c', 'user.email=tester@example.invalid']
  const commit = spawnSync('git', [...identity, 'commit', '--allow-empty', '-m', 'x'], {
    cwd: checkout.folder,
    encoding: 'utf8',
  })
  expect(commit.status).not.toBe(0)
  expect(commit.stdout + commit.stderr).toContain('checked')
})
