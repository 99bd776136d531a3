// reminders of the real process reach the person: below the next answer, in the list, on the desktop, live; once, also over
// kill -9.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClient } from '../../scripts/client/http.ts'
import { tellDue, watchDue, type Notice } from '../../scripts/client/notices.ts'
import { createPrivateLotus, type PrivateLotus } from '../support/private-lotus.ts'
import { shareLotus } from '../support/shared-lotus.ts'
import { waitFor } from '../support/wait-for.ts'

const limitMs = 120_000
const listener = { time_zone: 'Europe/Berlin', locale: 'en-GB' }

const tokenOf = (own: PrivateLotus): string => readFileSync(join(own.home, 'token'), 'utf8').trim()
const clientOf = (own: PrivateLotus) => createClient(own.record()!.url, tokenOf(own))
async function dueOf(own: PrivateLotus): Promise<{ id: string; text: string; missed: boolean }[]> {
  return (await own.get('/reminders/due')).body['reminders'] as { id: string; text: string; missed: boolean }[]
}
const untilDue = async (own: PrivateLotus, count: number) =>
  await waitFor(
    async () => {
      const due = await dueOf(own)
      return due.length === count ? due : undefined
    },
    { timeoutMs: 30_000, what: `${count} that are due` },
  )

describe('a reminder that has come due', () => {
  const own = shareLotus({ limitMs })
  afterEach(async () => {
    await tellDue(clientOf(own), listener, () => undefined)
  })
  beforeEach(async () => {
    expect((await own.goal('remind me in 1 second to drink tea')).status).toBe('completed')
    await untilDue(own, 1)
  }, limitMs)

  it('is told below the next answer, on stderr, and not again', { timeout: limitMs }, async () => {
    const first = await own.lotus(['run', 'what is 1 + 1?'])
    expect(first.stdout).toBe('1 + 1 = 2\n')
    expect(first.stderr).toMatch(/^reminder: drink tea — due today at \d\d:\d\d \(/m)
    expect((await own.lotus(['run', 'what is 1 + 1?'])).stderr).not.toContain('drink tea')
  })

  it('is left alone by --quiet and by --json, which has it as a field', { timeout: limitMs }, async () => {
    expect((await own.lotus(['run', '--quiet', 'what is 1 + 1?'])).stderr).toBe('')
    const json = await own.lotus(['run', '--json', 'what is 1 + 1?'])
    expect(json.stderr).toBe('')
    expect(JSON.parse(json.stdout.trimEnd().split('\n').at(-1)!)).toMatchObject({
      reminders: [{ text: 'drink tea', missed: false, told_at: null }],
    })
    expect(await dueOf(own)).toHaveLength(1)
  })

  it('is told at a terminal below the answer of other commands too', { timeout: limitMs }, async () => {
    const shown = await own.lotus(['runs', '-n', '1'], { terminal: () => undefined })
    expect(shown.stdout).toContain('reminder: drink tea')
    expect((await own.lotus(['runs', '-n', '1'], { terminal: () => undefined })).stdout).not.toContain('reminder:')
  })

  it('is listed, put off and done by its id', { timeout: limitMs }, async () => {
    const list = await own.lotus(['reminders'])
    expect(list.stdout).toMatch(/^due\n\S+ {2}reminder: drink tea/)
    const id = /^(\S+) {2}reminder: drink tea/m.exec(list.stdout)![1]!
    expect(await dueOf(own)).toEqual([])
    const snoozed = await own.lotus(['reminders', 'snooze', id, '1h', '30m'])
    expect([snoozed.code, snoozed.stdout]).toEqual([0, expect.stringMatching(/^drink tea again at \d{4}-/)])
    const { reminders } = JSON.parse((await own.lotus(['reminders', '--json'])).stdout) as {
      reminders: { id: string; text: string }[]
    }
    expect(reminders).toMatchObject([{ text: 'drink tea' }])
    expect((await own.lotus(['reminders', 'done', reminders[0]!.id])).stdout).toBe('done\n')
    expect((await own.lotus(['reminders', 'done', id])).code).toBe(1)
    expect((await own.lotus(['reminders', 'snooze', id, 'soon'])).code).toBe(2)
    expect((await own.lotus(['reminders', 'done'])).code).toBe(2)
  })

  it('reaches an open shell as it comes due, after a restart of LOTUS too', { timeout: limitMs }, async () => {
    const seen: Notice[] = []
    const stop = new AbortController()
    const watching = watchDue({
      connect: () => (own.record()?.status === 'healthy' ? clientOf(own) : undefined),
      listener,
      show: (notice) => void seen.push(notice),
      signal: stop.signal,
    })
    try {
      await waitFor(() => seen.length === 1, { timeoutMs: 30_000, what: 'the one that was due before' })
      await own.goal('remind me in 1 second to open the window')
      await waitFor(() => seen.length === 2, { timeoutMs: 30_000, what: 'the one that came due' })
      await own.stop()
      await own.start()
      await own.goal('remind me in 1 second to close the window')
      await waitFor(() => seen.length === 3, { timeoutMs: 30_000, what: 'the one after the restart' })
    } finally {
      stop.abort()
      await watching
    }
    expect(seen.map(({ said }) => /: (.*) —/.exec(said)?.[1])).toEqual([
      'drink tea',
      'open the window',
      'close the window',
    ])
    expect(await dueOf(own)).toEqual([])
  })
})

describe('kill -9', () => {
  it('loses no reminder and tells none twice', { timeout: 2 * limitMs }, async () => {
    const own = createPrivateLotus()
    try {
      await own.start()
      await own.goal('remind me in 1 second to drink tea')
      process.kill(own.record()!.pid, 'SIGKILL')
      // it comes due while nobody is there
      await own.start()
      await untilDue(own, 1)
      process.kill(own.record()!.pid, 'SIGKILL')
      await own.start()
      const [notice] = await untilDue(own, 1)
      const told = await clientOf(own).request({ method: 'POST', path: '/reminders/told', body: { ids: [notice!.id] } })
      process.kill(own.record()!.pid, 'SIGKILL')
      expect(told).toEqual({ told: 1 })
      await own.start()
      expect(await dueOf(own)).toEqual([])
      const { body } = await own.get('/reminders')
      expect(body).toMatchObject({ reminders: [], due: [{ text: 'drink tea' }] })
    } finally {
      await own.dispose()
    }
  })
})

describe('a desktop', () => {
  /** a program that writes down how it was called. */
  function fakeNotifySend(own: PrivateLotus): string {
    const path = join(own.base, 'notify-send')
    writeFileSync(
      path,
      '#!/bin/sh\nprintf "%s\\0" "$@" >> "$0.argv"\nenv | sort > "$0.part" && mv "$0.part" "$0.env"\n',
    )
    chmodSync(path, 0o755)
    return path
  }
  function set(own: PrivateLotus, operator: Record<string, unknown>): void {
    mkdirSync(own.home, { recursive: true })
    writeFileSync(join(own.home, 'config.json'), JSON.stringify({ operator }))
  }
  const session = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus', LOTUS_HTTP_TOKEN: 'a'.repeat(3) + 'b1c2d3' }

  it('is shown it by the one program that is set, and the record says so', { timeout: limitMs }, async () => {
    const own = createPrivateLotus(session)
    try {
      const program = fakeNotifySend(own)
      set(own, { notifyProgram: program })
      await own.start()
      await own.goal('remind me in 1 second to "buy $(touch pwned) <b>tea</b>"')
      const argv = await waitFor(() => existsSync(`${program}.env`) && readFileSync(`${program}.argv`, 'utf8'), {
        timeoutMs: 30_000,
        what: 'the notification',
      })
      expect(argv.split('\0')).toEqual([
        '--app-name=LOTUS',
        '--urgency=normal',
        '--',
        'LOTUS: reminder',
        '"buy $(touch pwned) &lt;b&gt;tea&lt;/b&gt;"',
        '',
      ])
      const environment = readFileSync(`${program}.env`, 'utf8')
      expect(environment).toContain('DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent/bus')
      expect(environment).not.toContain(session.LOTUS_HTTP_TOKEN)
      // the row comes when the program has ended
      await waitFor(async () => (await own.lotus(['audit', '-n', '50'])).stdout.includes('notice.shown'), {
        timeoutMs: 30_000,
        what: 'the row of the notification',
      })
      expect((await own.lotus(['run', 'what is 1 + 1?'])).stderr).toContain('touch pwned')
    } finally {
      await own.stop()
      await own.dispose()
    }
  })

  it('is left alone where the setting says so, and where nobody is logged in', { timeout: limitMs }, async () => {
    for (const [environment, operator] of [
      [session, { desktopNotifications: false }],
      [{}, {}],
    ] as const) {
      const own = createPrivateLotus(environment)
      try {
        const program = fakeNotifySend(own)
        set(own, { notifyProgram: program, ...operator })
        await own.start()
        await own.goal('remind me in 1 second to drink tea')
        expect((await own.lotus(['reminders'])).code).toBe(0)
        await waitFor(async () => (await own.lotus(['reminders'])).stdout.includes('reminder: drink tea'), {
          timeoutMs: 30_000,
          what: 'the reminder',
        })
        expect((await own.lotus(['audit', '-n', '50'])).stdout).not.toContain('notice.')
        expect(existsSync(`${program}.argv`)).toBe(false)
      } finally {
        await own.stop()
        await own.dispose()
      }
    }
  })
})
