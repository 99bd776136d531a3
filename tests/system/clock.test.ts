// reminders and the clock of the wall, with the real process and a clock that a test sets: both changes of the hour in two
// zones, a clock that is set back and one that is set forward while LOTUS runs.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createPrivateLotus, type PrivateLotus } from '../support/private-lotus.ts'
import { waitFor } from '../support/wait-for.ts'

const limitMs = 240_000

// faketime of Debian: a library that answers every question for the time.
const library = existsSync('/usr/lib')
  ? readdirSync('/usr/lib')
      .map((name) => `/usr/lib/${name}/faketime/libfaketimeMT.so.1`)
      .find((path) => existsSync(path))
  : undefined

interface Due {
  readonly id: string
  readonly text: string
  readonly due_at: string
  readonly last_due_at: string
  readonly times: number
  readonly missed: boolean
}

interface Timed extends PrivateLotus {
  /** sets the clock; it goes on from there. @param moment - by the wall of the zone, `2027-03-28 08:59:58` */
  set(moment: string): void
  due(): Promise<Due[]>
  untilDue(count: number): Promise<Due[]>
  tell(notices: readonly Due[]): Promise<void>
}

/** a LOTUS whose processes all have the same clock; timers run by the real one. */
function createTimed(zone: string, moment: string): Timed {
  const own = createPrivateLotus()
  const file = join(own.base, 'clock')
  const set = (at: string): void => writeFileSync(file, `@${at}\n`)
  set(moment)
  const environment = {
    TZ: zone,
    LD_PRELOAD: library!,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    // what a file says of its time stays true
    NO_FAKE_STAT: '1',
  }
  Object.assign(own.environment, environment)
  const due = async (): Promise<Due[]> => (await own.get('/reminders/due')).body['reminders'] as Due[]
  return {
    ...own,
    set,
    due,
    untilDue: async (count) =>
      await waitFor(
        async () => {
          const found = await due()
          return found.length === count ? found : undefined
        },
        { timeoutMs: 60_000, what: `${count} that are due` },
      ),
    async tell(notices) {
      for (const { id } of notices) expect((await own.lotus(['reminders', 'done', id])).code).toBe(0)
    },
  }
}

describe.skipIf(library === undefined)('every day at 9', () => {
  it.each([
    ['Europe/Berlin', 'spring', '2027-03-27 08:59:00', '2027-03-28 08:59:58', '2027-03-28T09:00:00+02:00'],
    ['Europe/Berlin', 'autumn', '2027-10-30 08:59:00', '2027-10-31 08:59:58', '2027-10-31T09:00:00+01:00'],
    ['America/New_York', 'spring', '2027-03-13 08:59:00', '2027-03-14 08:59:58', '2027-03-14T09:00:00-04:00'],
    ['America/New_York', 'autumn', '2027-11-06 08:59:00', '2027-11-07 08:59:58', '2027-11-07T09:00:00-05:00'],
  ])(
    'in %s stays 9 by the wall over the change of %s',
    { timeout: limitMs },
    async (zone, _season, before, after, at) => {
      const own = createTimed(zone, before)
      try {
        await own.start()
        expect((await own.goal('remind me every day at 9 to stand up')).status).toBe('completed')
        await own.stop()
        own.set(after)
        await own.start()
        // the day before has passed while nobody was there, and this day's comes due in two seconds
        const due = await waitFor(async () => (await own.due()).find((one) => one.last_due_at === at), {
          timeoutMs: 60_000,
          what: `a reminder due ${at}`,
        })
        expect(due).toMatchObject({ text: 'stand up', times: 2 })
        const { body } = await own.get('/reminders')
        expect(body['reminders']).toMatchObject([{ due_at: expect.stringContaining('T09:00:00') as string }])
      } finally {
        await own.stop()
        await own.dispose()
      }
    },
  )
})

describe.skipIf(library === undefined)('a clock that is set while LOTUS runs', () => {
  it('back an hour tells nothing twice, forward tells once what was passed over', { timeout: limitMs }, async () => {
    const own = createTimed('Europe/Berlin', '2027-06-09 08:59:50')
    try {
      await own.start()
      await own.goal('remind me every day at 9 to stand up')
      own.set('2027-06-09 08:59:59')
      const [first] = await own.untilDue(1)
      expect(first).toMatchObject({ missed: false, times: 1, due_at: '2027-06-09T09:00:00+02:00' })
      await own.tell([first!])

      own.set('2027-06-09 07:59:59')
      // it comes due after the clock was set, so all looks at the clock since then are behind it
      await own.goal('remind me in 1 second to drink tea')
      own.set('2027-06-09 09:00:05')
      const [tea] = await own.untilDue(1)
      expect(tea).toMatchObject({ text: 'drink tea' })
      await own.tell([tea!])

      own.set('2027-06-12 12:00:00')
      const [passed] = await own.untilDue(1)
      expect(passed).toMatchObject({
        text: 'stand up',
        missed: true,
        times: 3,
        due_at: '2027-06-10T09:00:00+02:00',
        last_due_at: '2027-06-12T09:00:00+02:00',
      })
      const { stdout } = await own.lotus(['reminders'])
      expect(stdout).toContain('missed reminder: stand up — was due today at 09:00 (3 h ago), 3 times')
      expect(await own.due()).toEqual([])
    } finally {
      await own.stop()
      await own.dispose()
    }
  })
})
