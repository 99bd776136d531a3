// notifications of the desktop: one fixed program with fixed options, text as one argument, on record, and never too many.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDesktop, type Desktop } from '../../../modules/operator/osd/desktop.ts'
import { attach, startClient, startOsd, temporaryFolder } from './support/osd.ts'

interface World extends Disposable {
  readonly folder: string
  readonly program: string
  readonly rows: string[]
  open(environment?: NodeJS.ProcessEnv, program?: string): Desktop
  argv(): string[]
}

const session = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' }

function world(script = 'printf "%s\\0" "$@" >> "$0.argv"'): World {
  const folder = temporaryFolder()
  const program = join(folder.path, 'notify-send')
  writeFileSync(program, `#!/bin/sh\n${script}\n`)
  chmodSync(program, 0o755)
  const rows: string[] = []
  const chain = { append: async ({ kind }: { kind: string }) => void rows.push(kind) }
  return {
    folder: folder.path,
    program,
    rows,
    open: (environment = session, path = program) => createDesktop({ program: path, environment, chain }),
    argv: () => readFileSync(`${program}.argv`, 'utf8').split('\0').slice(0, -1),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}

describe('a notification', () => {
  it.each([
    ['--help', '--help'],
    ['$(id) `id` ; id | id & id', '$(id) `id` ; id | id &amp; id'],
    ['<a href="x">&amp;</a>', '&lt;a href="x"&gt;&amp;amp;&lt;/a&gt;'],
    ['a\u001b[31m\u009b0m\u202eb', 'a\\u001b[31m\\u009b0m\\u202eb'],
    ['\'; rm -rf / #"', '\'; rm -rf / #"'],
  ])('is one argument, whatever it says: %j', async (text, body) => {
    using at = world()
    expect(await at.open().notify({ title: 'reminder', text }, 0)).toEqual({ shown: true })
    expect(at.argv()).toEqual(['--app-name=LOTUS', '--urgency=normal', '--', 'LOTUS: reminder', body])
    expect(at.rows).toEqual(['notice.shown'])
  })

  it('is cut where it is long', async () => {
    using at = world()
    await at.open().notify({ title: 'reminder', text: 'x'.repeat(8_000) }, 0)
    expect(at.argv().at(-1)).toBe(`${'x'.repeat(500)}…`)
  })

  it('of a program that fails is told and on record', async () => {
    using at = world('exit 7')
    expect(await at.open().notify({ title: 't', text: 'x' }, 0)).toEqual({ shown: false, reason: 'it ended with 7' })
    expect(at.rows).toEqual(['notice.shown', 'notice.failed'])
  })

  it('needs a session: its bus by address or by its socket', async () => {
    using at = world()
    const runtime = join(at.folder, 'runtime')
    mkdirSync(runtime)
    const withRuntime = { XDG_RUNTIME_DIR: runtime }
    expect(await at.open({}).notify({ title: 't', text: 'x' }, 0)).toMatchObject({ shown: false })
    expect(await at.open(withRuntime).notify({ title: 't', text: 'x' }, 0)).toMatchObject({
      reason: 'there is no desktop session',
    })
    const bus = createServer().listen(join(runtime, 'bus'))
    await new Promise((resolve) => bus.once('listening', resolve))
    expect(await at.open(withRuntime).notify({ title: 't', text: 'x' }, 0)).toEqual({ shown: true })
    await new Promise((resolve) => bus.close(resolve))
  })

  it('is not shown with a program that is not there or that others can change', async () => {
    using at = world()
    expect(await at.open(session, join(at.folder, 'none')).notify({ title: 't', text: 'x' }, 0)).toMatchObject({
      reason: expect.stringContaining('is not there') as string,
    })
    chmodSync(at.program, 0o777)
    expect(await at.open().notify({ title: 't', text: 'x' }, 0)).toMatchObject({
      reason: expect.stringContaining('can be changed by others') as string,
    })
    expect(existsSync(`${at.program}.argv`)).toBe(false)
    expect(at.rows).toEqual([])
  })

  it('comes twenty times a minute at most', async () => {
    using at = world()
    const desktop = at.open()
    const shown: boolean[] = []
    for (let count = 0; count < 25; count += 1) shown.push((await desktop.notify({ title: 't', text: 'x' }, 0)).shown)
    expect(shown.filter(Boolean)).toHaveLength(20)
  })
})

describe('over osd’s socket', () => {
  it('only the nucleus asks for one', async () => {
    using folder = temporaryFolder()
    await using osd = await startOsd(folder.path)
    await using client = await startClient(osd.socket, { cwd: folder.path })
    const notice = { title: 'reminder', text: 'x' }
    await expect(client.peer.call('desktop.notify', notice)).rejects.toMatchObject({ code: 'NOT_ATTACHED' })
    const nucleus = await attach(osd)
    expect(await nucleus.call('desktop.notify', notice)).toEqual({
      shown: false,
      reason: 'turned off by the setting operator.desktopNotifications',
    })
    nucleus.close()
  })
})
