import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const script = join(import.meta.dirname, '..', '..', 'scripts', 'test.sh')

it('fails in one line where there is no data folder', () => {
  const { status, stdout, stderr } = spawnSync(script, [], {
    encoding: 'utf8',
    env: { ...process.env, LOTUS_DATA: '/nowhere/data' },
  })
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toBe(
    'scripts/test.sh: no data folder at /nowhere/data: point LOTUS_DATA at it, or skip the suites that need it with --without-data\n',
  )
})

it('refuses an option it does not know', () => {
  const { status, stderr } = spawnSync(script, ['--quick'], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toContain('unknown option --quick')
})
