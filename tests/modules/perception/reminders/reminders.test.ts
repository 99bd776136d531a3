// reminders on a real store and journal: told once a slot, in time, also over restarts and kills.
import { describe, expect, it, vi } from 'vitest'
import { live, run, type Life } from './life.ts'

const friday = Date.parse('2026-11-20T13:37:20+01:00')

describe('adding and listing', () => {
  it('says when in the person’s zone and by their clock', async () => {
    const life = await live({ now: () => friday })
    expect(await run(life, 'reminders.add', { text: 'lock the shed', at: '2026-11-20T23:55:00+01:00' })).toBe(
      'Reminder set: lock the shed — today at 23:55 (in 10 h 18 min)',
    )
    expect(await run(life, 'reminders.add', { text: 'take the bread out', in_ms: 2_700_000 })).toContain('(in 45 min)')
    expect(await run(life, 'reminders.add', { kind: 'timer', in_ms: 7_200_000 })).toBe(
      'Timer set: timer of 2 hours — today at 15:37 (in 2 h)',
    )
    expect(await run(life, 'reminders.add', { text: 'stand up', cron: '30 8 * * 1,4' })).toBe(
      'Reminder set: stand up — every Monday and Thursday at 08:30, next on Monday 23 November at 08:30 (in 2 days 18 h)',
    )
    expect((await run(life, 'reminders.list', {})).split('\n')).toEqual([
      'take the bread out — today at 14:22 (in 45 min)',
      'timer of 2 hours — today at 15:37 (in 2 h)',
      'lock the shed — today at 23:55 (in 10 h 18 min)',
      'stand up — every Monday and Thursday at 08:30, next on Monday 23 November at 08:30 (in 2 days 18 h)',
    ])
    expect(await run(life, 'reminders.list', { kind: 'timer' }, { locale: 'en-US' })).toBe(
      'timer of 2 hours — today at 3:37 PM (in 2 h)',
    )
  })

  it('gives them to programs with their offset', async () => {
    const life = await live({ now: () => friday })
    await run(life, 'reminders.add', { text: 'congratulate', at: '2027-06-09T09:00:00+02:00' })
    expect(await life.reminders.list()).toMatchObject([
      { text: 'congratulate', kind: 'reminder', dueAt: '2027-06-09T09:00:00+02:00', timeZone: 'Europe/Berlin' },
    ])
  })

  it('says so when there are none', async () => {
    const life = await live()
    expect(await run(life, 'reminders.list', {})).toBe('You have no reminders and no timers.')
  })

  it('happens once for one receipt', async () => {
    const life = await live({ now: () => friday })
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await run(life, 'reminders.add', { text: 'once', in_ms: 60_000 }, { receipt: 'same' })
    }
    expect(await life.reminders.list()).toHaveLength(1)
  })

  it.each([
    [{ text: 'x', at: '2026-11-20T13:00:00+01:00' }, 'REMINDER_TIME_PAST'],
    [{ text: 'x', at: '2026-11-20T23:00:00' }, 'REMINDER_TIME_INVALID'],
    [{ text: 'x', at: 'soon' }, 'REMINDER_TIME_INVALID'],
    [{ text: 'x', in_ms: -5 }, 'REMINDER_TIME_INVALID'],
    [{ text: 'x', cron: '* * * * * *' }, 'REMINDER_TIME_INVALID'],
    [{ text: 'x', cron: '0 9 31 2 *' }, 'REMINDER_TIME_INVALID'],
    [{ text: 'x', cron: 'R/2026-11-20T13:00:00Z/PT30S' }, 'REMINDER_TOO_OFTEN'],
    [{ text: 'x' }, 'REMINDER_TIME_MISSING'],
    [{ text: '', in_ms: 5000 }, 'REMINDER_TEXT_INVALID'],
    [{ text: 'x', when: 'now' }, 'REMINDER_ARGUMENTS_INVALID'],
  ])('refuses %o', async (args, code) => {
    const life = await live({ now: () => friday })
    await expect(run(life, 'reminders.add', args)).rejects.toMatchObject({ code })
    expect(await life.reminders.list()).toEqual([])
  })
})

describe('cancelling', () => {
  const fill = async (): Promise<Life> => {
    const life = await live({ now: () => friday })
    const texts = [
      'turn off the sprinkler',
      'water the ferns',
      'water the tomatoes',
      'take the vitamins',
      'call the roofer',
    ]
    for (const [index, text] of texts.entries()) {
      await run(life, 'reminders.add', { text, in_ms: (index + 1) * 3_600_000 })
    }
    await run(life, 'reminders.add', { kind: 'timer', in_ms: 2_400_000 })
    return life
  }
  const texts = async (life: Life) => (await life.reminders.list()).map((reminder) => reminder.text)

  it.each([
    ['the sprinkler', 'turn off the sprinkler'],
    ['water the tomatoes', 'water the tomatoes'],
    ['tomatos', 'water the tomatoes'],
    ['vitamin', 'take the vitamins'],
    ['my call to the roofer', 'call the roofer'],
    ['the 40 minutes timer', 'timer of 40 minutes'],
  ])('%s', async (words, text) => {
    const life = await fill()
    expect(await run(life, 'reminders.cancel', { text: words })).toContain(`Cancelled: ${text} — `)
    const left = await texts(life)
    expect(left).toHaveLength(5)
    expect(left).not.toContain(text)
  })

  it.each([
    ['9', 1],
    ["9 o'clock", 1],
    ['9 am', 0],
    ['9 pm', 1],
    ['21:00', 1],
    ['9:30', 0],
  ])('at %s means when it is due, and no number in its words', async (words, count) => {
    const life = await live({ now: () => friday })
    await run(life, 'reminders.add', { text: 'buy 9 eggs', in_ms: 1000 })
    await run(life, 'reminders.add', {
      text: 'lock up',
      at: `${new Date(friday).toISOString().slice(0, 10)}T21:00:00+01:00`,
    })
    await run(life, 'reminders.cancel', { text: words })
    expect(await texts(life)).toEqual(count === 1 ? ['buy 9 eggs'] : ['buy 9 eggs', 'lock up'])
  })

  it('asks which, and cancels none, where several fit', async () => {
    const life = await fill()
    const answer = await run(life, 'reminders.cancel', { text: 'water' })
    expect(answer).toContain('Which one? 2 fit')
    expect(answer).toContain('ferns')
    expect(answer).toContain('tomatoes')
    expect(await texts(life)).toHaveLength(6)
  })

  it('cancels none where a word does not fit, and shows the nearest', async () => {
    const life = await fill()
    const answer = await run(life, 'reminders.cancel', { text: 'call the plumber' })
    expect(answer).toContain('No reminder is about call the plumber')
    expect(answer).toContain('call the roofer')
    expect(await run(life, 'reminders.cancel', { text: 'submarine' })).not.toContain('nearest')
    expect(await texts(life)).toHaveLength(6)
  })

  it('cancels all of a kind', async () => {
    const life = await fill()
    expect(await run(life, 'reminders.cancel', { all: true, kind: 'reminder' })).toContain('Cancelled 5 reminders:')
    expect(await texts(life)).toEqual(['timer of 40 minutes'])
    expect(await run(life, 'reminders.cancel', { all: true, kind: 'reminder' })).toBe(
      'There is nothing to cancel: you have no reminders.',
    )
  })

  it('answers the same to the same receipt', async () => {
    const life = await fill()
    const first = await run(life, 'reminders.cancel', { text: 'sprinkler' }, { receipt: 'same' })
    expect(await run(life, 'reminders.cancel', { text: 'sprinkler' }, { receipt: 'same' })).toBe(first)
  })
})

describe('being told', () => {
  it('comes in time and once', async () => {
    const life = await live()
    await run(life, 'reminders.add', { text: 'tea', in_ms: 300 })
    const started = Date.now()
    await vi.waitFor(async () => expect(await life.fired()).toHaveLength(1), { timeout: 3000, interval: 10 })
    expect(Date.now() - started).toBeGreaterThan(250)
    expect((await life.fired())[0]).toMatchObject({ text: 'tea', late: false })
    expect(await life.reminders.list()).toEqual([])
    expect(life.house.failures).toEqual([])
  })

  it('a nearer one overtakes one that was waited for', async () => {
    const life = await live()
    await run(life, 'reminders.add', { text: 'far', in_ms: 86_400_000 })
    await run(life, 'reminders.add', { text: 'near', in_ms: 100 })
    await vi.waitFor(async () => expect(await life.fired()).toMatchObject([{ text: 'near' }]), { timeout: 3000 })
  })

  it('what was missed is told once at the next start, late, and goes on from now', async () => {
    let now = friday
    const first = await live({ now: () => now })
    await run(first, 'reminders.add', { text: 'once', in_ms: 60_000 })
    await run(first, 'reminders.add', { text: 'daily', cron: '0 7 * * *' })
    await first.end()
    now = friday + 10 * 86_400_000
    const second = await live({ now: () => now })
    await vi.waitFor(async () => expect(await second.fired()).toHaveLength(2), { timeout: 3000 })
    expect(await second.fired()).toMatchObject([
      { text: 'once', late: true },
      { text: 'daily', late: true, dueAt: '2026-11-21T07:00:00+01:00' },
    ])
    await vi.waitFor(async () =>
      expect(await second.reminders.list()).toMatchObject([{ text: 'daily', dueAt: '2026-12-01T07:00:00+01:00' }]),
    )
  })

  it('a kill between event and advance does not tell it twice', async () => {
    let killed = false
    const first = await live({
      onAdvance: () => {
        killed = true
        throw new Error('killed here')
      },
    })
    await run(first, 'reminders.add', { text: 'tea', in_ms: 20 })
    await vi.waitFor(() => expect(killed).toBe(true), { timeout: 3000 })
    await first.end()
    const second = await live()
    await vi.waitFor(async () => expect(await second.reminders.list()).toEqual([]), { timeout: 3000 })
    expect(await second.fired()).toHaveLength(1)
  })

  it('a kill between claim and event does not lose it', async () => {
    let killed = false
    const first = await live({
      onEmit: () => {
        killed = true
        throw new Error('killed here')
      },
    })
    await run(first, 'reminders.add', { text: 'tea', in_ms: 20 })
    await vi.waitFor(() => expect(killed).toBe(true), { timeout: 3000 })
    await first.end()
    const second = await live()
    await vi.waitFor(async () => expect(await second.fired()).toHaveLength(1), { timeout: 3000 })
    await vi.waitFor(async () => expect(await second.reminders.list()).toEqual([]), { timeout: 3000 })
  })

  it('leaves no timer behind', async () => {
    const life = await live()
    await run(life, 'reminders.add', { text: 'far', in_ms: 86_400_000 })
    await run(life, 'reminders.cancel', { all: true })
    await life.end()
    expect(life.house.failures).toEqual([])
    expect(life.house.context.signal.aborted).toBe(true)
  })
})

describe('changes of the clock', () => {
  it('a daily reminder keeps its wall clock over both of them', async () => {
    let now = Date.parse('2027-03-27T12:00:00+01:00')
    const life = await live({ now: () => now })
    await run(life, 'reminders.add', { text: 'daily', cron: '0 7 * * *' })
    expect((await life.reminders.list())[0]?.dueAt).toBe('2027-03-28T07:00:00+02:00')
    now = Date.parse('2027-10-30T12:00:00+02:00')
    await run(life, 'reminders.add', { text: 'autumn', cron: '0 7 * * *' })
    const autumn = (await life.reminders.list()).find((reminder) => reminder.text === 'autumn')
    expect(autumn?.dueAt).toBe('2027-10-31T07:00:00+01:00')
  })

  it('every other week keeps its wall clock, 90 minutes do not', async () => {
    const now = Date.parse('2027-03-20T12:00:00+01:00')
    const life = await live({ now: () => now })
    await run(life, 'reminders.add', { text: 'bins', cron: 'R/2027-03-16T19:00:00+01:00/P14D' })
    await run(life, 'reminders.add', { text: 'drink', cron: 'R/2027-03-20T11:00:00+01:00/PT90M' })
    const due = Object.fromEntries((await life.reminders.list()).map((reminder) => [reminder.text, reminder.dueAt]))
    expect(due).toEqual({ bins: '2027-03-30T19:00:00+02:00', drink: '2027-03-20T12:30:00+01:00' })
  })
})
