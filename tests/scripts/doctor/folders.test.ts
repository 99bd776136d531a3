// doctor and what lies in LOTUS_HOME: each fault is made on purpose, found, mended by the command that is named, and gone.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { canMount, makeReadOnly, smallDisk } from '../../nucleus/infrastructure/folders.ts'
import { createPatient, type Patient } from './patient.ts'

// each test starts the command several times, and the machine may be busy
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let patient: Patient
let home: string
const names = ['run', 'data', 'audit', 'undo', 'trash', 'policies', 'logs', 'cache']

/** a state folder as a LOTUS that has ended leaves it. */
function makeHome(path: string): void {
  mkdirSync(path, { mode: 0o750 })
  for (const name of names) mkdirSync(join(path, name), { mode: name === 'run' ? 0o750 : 0o700 })
  writeFileSync(join(path, 'token'), 'x'.repeat(43), { mode: 0o600 })
}

beforeEach(() => {
  patient = createPatient()
  home = patient.own.home
  makeHome(home)
})
afterEach(async () => await patient.dispose())

/** makes the fault, and sees it found, mended by its command, and gone. */
async function expectCure(id: string, make: () => void | Promise<void>): Promise<void> {
  expect((await patient.examine()).ill).toEqual([])
  await make()
  const found = await patient.examine()
  expect(found.ill).toEqual([id])
  await patient.cure(found.find(id))
  expect((await patient.examine()).ill).toEqual([])
}

/** the same with `--fix` in the place of the command. */
async function expectFixed(id: string, make: () => void | Promise<void>): Promise<void> {
  await make()
  const fixed = await patient.examine({}, ['--fix'])
  expect(fixed.mended).toMatchObject([{ id, ok: true }])
  expect(fixed.ill).toEqual([])
}

describe('a folder that others may look into', () => {
  it('is closed by its command', async () => {
    await expectCure('home.mode', () => chmodSync(home, 0o755))
    await expectCure('home.mode', () => chmodSync(join(home, 'audit'), 0o750))
    expect(statSync(join(home, 'audit')).mode & 0o777).toBe(0o700)
  })

  it('is closed by --fix', async () => {
    await expectFixed('home.mode', () => chmodSync(join(home, 'trash'), 0o777))
  })
})

describe('a private file that others may read', () => {
  it('is closed, the token as something bad', async () => {
    writeFileSync(join(home, 'data', 'notes.txt'), '', { mode: 0o600 })
    await expectCure('home.files', () => chmodSync(join(home, 'data', 'notes.txt'), 0o644))
    await expectCure('token.mode', () => chmodSync(join(home, 'token'), 0o640))
    await expectFixed('token.mode', () => chmodSync(join(home, 'token'), 0o604))
    chmodSync(join(home, 'token'), 0o644)
    expect((await patient.examine()).code).toBe(1)
  })
})

describe('a folder that is missing or in the way', () => {
  it('is made', async () => {
    await expectCure('home.folders', () => rmSync(join(home, 'run'), { recursive: true }))
    await expectFixed('home.folders', () => rmSync(join(home, 'run'), { recursive: true }))
  })

  it('is moved aside where it is a file, with what is in it', async () => {
    await expectCure('home.folders', () => {
      rmSync(join(home, 'logs'), { recursive: true })
      writeFileSync(join(home, 'logs'), 'mine')
    })
    expect(readFileSync(join(home, 'logs.was-in-the-way'), 'utf8')).toBe('mine')
  })
})

describe.skipIf(process.getuid?.() !== 0)('a folder of another user', () => {
  it('is given to who runs LOTUS', async () => {
    await expectCure('home.owner', () => chownSync(join(home, 'undo'), 12_345, 12_345))
  })
})

describe.skipIf(!canMount)('a disk', () => {
  it('that is read-only is mounted for writing', async () => {
    const disk = smallDisk('200m')!
    const environment = { LOTUS_HOME: join(disk, 'home') }
    makeHome(environment.LOTUS_HOME)
    makeReadOnly(disk)
    const found = await patient.examine(environment)
    expect(found.ill).toContain('home.writable')
    patient.own.environment['LOTUS_HOME'] = environment.LOTUS_HOME
    await patient.cure(found.find('home.writable'))
    expect((await patient.examine(environment)).ill).not.toContain('home.writable')
  })

  it('with no room, or no room for names, is told with where the room went', async () => {
    const disk = smallDisk('20m,nr_inodes=300')!
    const environment = { LOTUS_HOME: join(disk, 'home') }
    makeHome(environment.LOTUS_HOME)
    const found = await patient.examine(environment)
    expect(found.ill).toEqual(['disk.space', 'disk.entries'])
    await patient.cure(found.find('disk.space'))
  })
})

describe('what a killed LOTUS left', () => {
  const old = new Date(Date.now() - 600_000)

  it('is removed: locks and half-written files', async () => {
    const make = (): void => {
      for (const name of ['nucleus.pid', 'nucleus.json.123.tmp']) {
        writeFileSync(join(home, 'run', name), '{"pid":999999999}')
        utimesSync(join(home, 'run', name), old, old)
      }
    }
    await expectCure('nucleus.left', make)
    await expectFixed('nucleus.left', make)
    expect(existsSync(join(home, 'run', 'nucleus.pid'))).toBe(false)
  })

  it('is removed: a socket that nobody answers on', async () => {
    const socket = join(home, 'run', 'osd.sock')
    const make = async (): Promise<void> => {
      const script = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`
      await once(spawn(process.execPath, ['-e', script, socket]), 'close')
      expect(existsSync(socket)).toBe(true)
    }
    await expectCure('osd.left', make)
    await expectFixed('osd.left', make)
  })

  it('is left alone while it is fresh: a start may be under way', async () => {
    writeFileSync(join(home, 'run', 'nucleus.pid'), '{"pid":999999999}')
    expect((await patient.examine()).ill).toEqual([])
  })
})

describe('a token that is empty', () => {
  it('is found', async () => {
    writeFileSync(join(home, 'token'), '\n')
    const found = await patient.examine()
    expect(found.ill).toEqual(['token.empty'])
    expect(found.find('token.empty')?.command).toBe(`rm ${join(home, 'token')} && lotus start`)
  })
})

describe('a path that is too long for a socket', () => {
  it('is a fact to know, and a socket folder of somebody else keeps LOTUS from working', async () => {
    const long = join(patient.own.base, 'l'.repeat(100))
    makeHome(long)
    const runtime = join(patient.own.base, 'runtime')
    mkdirSync(runtime)
    const environment = { LOTUS_HOME: long, XDG_RUNTIME_DIR: runtime }
    const found = await patient.examine(environment)
    expect(found.find('home.length')).toMatchObject({ severity: 'note' })
    expect(found.ill).toEqual([])
  })
})
