// what has come due is told to each person once: however many ask, whoever dies in between, and whatever the clock does.
import { describe, expect, it, vi } from 'vitest'
import { createNotices, loanMs } from '../../../../modules/perception/reminders/notices.ts'
import { listener, live, run, type Life, type LifeOptions } from './life.ts'

const hour = 3_600_000
const day = 24 * hour
const friday = Date.parse('2026-11-20T13:37:20+01:00')

/** a life whose clock a test sets; it looks at it every few milliseconds. */
async function liveAt(start: number, options: LifeOptions = {}): Promise<Life & { set(moment: number): void }> {
  let now = start
  const life = await live({ now: () => now, lookEveryMs: 5, ...options })
  return { ...life, set: (moment) => void (now = moment) }
}

const due = (life: Life, lend = false) => life.telling.dueReminders({ ...listener, lend })
const untilDue = (life: Life, count: number) =>
  vi.waitFor(
    async () => {
      const found = await due(life)
      expect(found).toHaveLength(count)
      return found
    },
    { timeout: 5_000, interval: 5 },
  )
const texts = (notices: readonly { text: string }[]) => notices.map(({ text }) => text)

describe('what has come due', () => {
  it('waits to be told, in words by the clock of the one who asks', async () => {
    const life = await liveAt(friday)
    await run(life, 'reminders.add', { text: 'tea', in_ms: 60_000 })
    life.set(friday + 61_000)
    const [notice] = await untilDue(life, 1)
    expect(notice).toMatchObject({
      text: 'tea',
      dueAt: '2026-11-20T13:38:20+01:00',
      times: 1,
      missed: false,
      said: 'reminder: tea — due today at 13:38 (1 s ago)',
    })
    const elsewhere = { person: 'ada', timeZone: 'America/New_York', locale: 'en-US', lend: false }
    expect((await life.telling.dueReminders(elsewhere))[0]?.said).toBe('reminder: tea — due today at 7:38 AM (1 s ago)')
  })

  it('is told to each person once', async () => {
    const life = await liveAt(friday)
    await run(life, 'reminders.add', { text: 'tea', in_ms: 1_000 })
    life.set(friday + 1_000)
    const [notice] = await untilDue(life, 1)
    expect(await life.telling.remindersTold({ person: 'ada', ids: [notice!.id] })).toBe(1)
    expect(await life.telling.remindersTold({ person: 'ada', ids: [notice!.id] })).toBe(0)
    expect(await due(life)).toEqual([])
    expect(texts(await life.telling.dueReminders({ ...listener, person: 'grace', lend: false }))).toEqual(['tea'])
  })

  it('is lent to one of many who ask at once', async () => {
    const life = await liveAt(friday)
    for (const text of ['tea', 'bread', 'shed']) await run(life, 'reminders.add', { text, in_ms: 1_000 })
    life.set(friday + 1_000)
    await untilDue(life, 3)
    const lent = await Promise.all(Array.from({ length: 20 }, () => due(life, true)))
    expect(texts(lent.flat()).toSorted()).toEqual(['bread', 'shed', 'tea'])
    expect(await due(life)).toEqual([])
  })

  it('is lent again where nobody said that it was shown', async () => {
    const life = await liveAt(friday)
    await run(life, 'reminders.add', { text: 'tea', in_ms: 1_000 })
    life.set(friday + 1_000)
    await untilDue(life, 1)
    let clock = 0
    const notices = createNotices(life.house.context.infra.store, () => clock)
    expect(await notices.lend('ada')).toHaveLength(1)
    clock = loanMs - 1
    expect(await notices.lend('ada')).toHaveLength(0)
    clock = loanMs
    expect(await notices.lend('ada')).toHaveLength(1)
  })

  it('is shown on the desktop beside that, and is still to be told', async () => {
    const life = await liveAt(friday)
    await run(life, 'reminders.add', { text: 'tea', in_ms: 1_000 })
    life.set(friday + 1_000)
    await untilDue(life, 1)
    await vi.waitFor(() => expect(life.shown).toEqual([{ text: 'tea', kind: 'reminder', late: false }]))
  })

  it('stays in the list until it is done', async () => {
    const life = await liveAt(friday)
    await run(life, 'reminders.add', { text: 'tea', in_ms: 1_000 })
    life.set(friday + 1_000)
    const [notice] = await untilDue(life, 1)
    await life.telling.remindersTold({ person: 'ada', ids: [notice!.id] })
    expect(await life.telling.openReminders(listener)).toMatchObject([
      { text: 'tea', toldAt: new Date(friday + 1_000).toISOString() },
    ])
    await life.telling.reminderDone(notice!.id)
    expect(await life.telling.openReminders(listener)).toEqual([])
    await expect(life.telling.reminderDone(notice!.id)).rejects.toMatchObject({ code: 'REMINDER_UNKNOWN' })
  })

  it('can be put off, once', async () => {
    const life = await liveAt(friday)
    await run(life, 'reminders.add', { text: 'tea', in_ms: 1_000 })
    life.set(friday + 1_000)
    const [notice] = await untilDue(life, 1)
    const again = { id: notice!.id, forMs: 10 * 60_000 }
    expect(await life.telling.snoozeReminder(again)).toMatchObject({ dueAt: '2026-11-20T13:47:21+01:00' })
    await expect(life.telling.snoozeReminder(again)).rejects.toMatchObject({ code: 'REMINDER_UNKNOWN' })
    expect(await due(life)).toEqual([])
    life.set(friday + 11 * 60_000)
    expect(texts(await untilDue(life, 1))).toEqual(['tea'])
    await vi.waitFor(async () => expect(await life.fired()).toHaveLength(2))
  })
})

describe('one that waits', () => {
  it('can be done before its time, and put off', async () => {
    const life = await liveAt(friday)
    await run(life, 'reminders.add', { text: 'tea', in_ms: hour })
    await run(life, 'reminders.add', { text: 'bread', in_ms: hour })
    const [tea, bread] = await life.reminders.list()
    await life.telling.reminderDone(tea!.id)
    await life.telling.snoozeReminder({ id: bread!.id, forMs: 2 * hour })
    expect(await life.reminders.list()).toMatchObject([{ text: bread!.text, dueAt: '2026-11-20T15:37:20+01:00' }])
  })

  it('that repeats is ended by a goal only', async () => {
    const life = await liveAt(friday)
    await run(life, 'reminders.add', { text: 'stand up', cron: '0 9 * * *' })
    const [one] = await life.reminders.list()
    await expect(life.telling.reminderDone(one!.id)).rejects.toMatchObject({ code: 'REMINDER_REPEATS' })
    await expect(life.telling.snoozeReminder({ id: one!.id, forMs: hour })).rejects.toMatchObject({
      code: 'REMINDER_REPEATS',
    })
    expect(await life.reminders.list()).toHaveLength(1)
  })
})

describe('a repeated one that nobody was told of', () => {
  it('is one notice that counts, and begins anew once somebody was told', async () => {
    const life = await liveAt(friday)
    await run(life, 'reminders.add', { text: 'stand up', cron: '0 * * * *' })
    for (const at of ['14:00:00', '15:00:00', '16:00:00']) {
      life.set(Date.parse(`2026-11-20T${at}+01:00`))
      await vi.waitFor(async () => expect(await due(life)).toMatchObject([{ lastDueAt: `2026-11-20T${at}+01:00` }]))
    }
    const [notice] = await due(life)
    expect(notice).toMatchObject({ times: 3, dueAt: '2026-11-20T14:00:00+01:00', missed: false })
    expect(notice?.said).toContain('due today at 16:00 (now), 3 times, first today at 14:00')
    await life.telling.remindersTold({ person: 'ada', ids: [notice!.id] })
    life.set(Date.parse('2026-11-20T17:00:00+01:00'))
    expect(await untilDue(life, 1)).toMatchObject([{ times: 1, dueAt: '2026-11-20T17:00:00+01:00' }])
  })

  it('is left as it is while somebody shows it', async () => {
    const life = await liveAt(friday)
    await run(life, 'reminders.add', { text: 'stand up', cron: '0 * * * *' })
    life.set(Date.parse('2026-11-20T14:00:00+01:00'))
    await untilDue(life, 1)
    const [lent] = await due(life, true)
    life.set(Date.parse('2026-11-20T15:00:00+01:00'))
    expect(await untilDue(life, 1)).toMatchObject([{ times: 1, dueAt: '2026-11-20T15:00:00+01:00' }])
    expect(await life.telling.remindersTold({ person: 'ada', ids: [lent!.id] })).toBe(1)
    expect(await due(life)).toHaveLength(1)
  })
})

describe('what was missed', () => {
  it('is listed as missed, with its time and how often, and told once', async () => {
    const first = await live({ now: () => friday })
    await run(first, 'reminders.add', { text: 'once', in_ms: 60_000 })
    await run(first, 'reminders.add', { text: 'daily', cron: '0 7 * * *' })
    await first.end()
    const second = await live({ now: () => friday + 10 * day })
    const notices = await untilDue(second, 2)
    expect(notices).toMatchObject([
      { text: 'once', missed: true, times: 1, dueAt: '2026-11-20T13:38:20+01:00' },
      {
        text: 'daily',
        missed: true,
        times: 10,
        dueAt: '2026-11-21T07:00:00+01:00',
        lastDueAt: '2026-11-30T07:00:00+01:00',
      },
    ])
    expect(notices[0]?.said).toBe('missed reminder: once — was due on Friday 20 November at 13:38 (9 days ago)')
    expect(notices[1]?.said).toContain('10 times, first on Saturday 21 November at 07:00')
    await vi.waitFor(async () =>
      expect(await second.reminders.list()).toMatchObject([{ text: 'daily', dueAt: '2026-12-01T07:00:00+01:00' }]),
    )
    await second.telling.remindersTold({ person: 'ada', ids: notices.map(({ id }) => id) })
    await second.end()
    const third = await live({ now: () => friday + 10 * day })
    expect(await due(third)).toEqual([])
  })

  it('more than three of them come to the desktop as one', async () => {
    const { showOnDesktop } = await import('../../../../modules/perception/reminders/desktop.ts')
    const notices: string[] = []
    const operator = { notify: async ({ title }: { title: string }) => (notices.push(title), { shown: true }) }
    const missed = { text: 'tea', kind: 'reminder', late: true } as const
    await showOnDesktop(operator, [missed, missed, missed])
    await showOnDesktop(operator, [missed, missed, missed, missed, { ...missed, late: false }])
    expect(notices).toEqual([...Array.from({ length: 3 }, () => 'missed reminder'), 'reminder', '4 missed reminders'])
  })
})

describe('a kill', () => {
  it.each([
    ['between notice and event', { onEmit: 'throws' }],
    ['between event and advance', { onAdvance: 'throws' }],
  ])('%s leaves one notice and one event', async (_name, where) => {
    let killed = false
    const die = (): never => {
      killed = true
      throw new Error('killed here')
    }
    const first = await live('onEmit' in where ? { onEmit: die } : { onAdvance: die })
    await run(first, 'reminders.add', { text: 'tea', in_ms: 20 })
    await vi.waitFor(() => expect(killed).toBe(true), { timeout: 3_000 })
    await first.end()
    const second = await live()
    await vi.waitFor(async () => expect(await second.reminders.list()).toEqual([]), { timeout: 3_000 })
    expect(texts(await due(second))).toEqual(['tea'])
    expect(await second.fired()).toHaveLength(1)
  })

  it('after it was told does not tell it again', async () => {
    const first = await live()
    await run(first, 'reminders.add', { text: 'tea', in_ms: 20 })
    const [notice] = await untilDue(first, 1)
    await first.telling.remindersTold({ person: 'ada', ids: [notice!.id] })
    await first.end()
    const second = await live()
    expect(await due(second)).toEqual([])
  })
})

describe('a clock that is set', () => {
  it('back tells nothing twice', async () => {
    const nine = Date.parse('2026-11-20T09:00:00+01:00')
    const life = await liveAt(nine - 1_000)
    await run(life, 'reminders.add', { text: 'once', at: '2026-11-20T09:00:00+01:00' })
    await run(life, 'reminders.add', { text: 'daily', cron: '0 9 * * *' })
    life.set(nine)
    const notices = await untilDue(life, 2)
    await life.telling.remindersTold({ person: 'ada', ids: notices.map(({ id }) => id) })
    life.set(nine - hour)
    await run(life, 'reminders.add', { text: 'probe', in_ms: 1_000 })
    life.set(nine - hour + 1_000)
    const [probe] = await untilDue(life, 1)
    await life.telling.remindersTold({ person: 'ada', ids: [probe!.id] })
    life.set(nine)
    await run(life, 'reminders.add', { text: 'second probe', in_ms: 1_000 })
    life.set(nine + 1_000)
    expect(texts(await untilDue(life, 1))).toEqual(['second probe'])
    await vi.waitFor(async () => expect(texts(await life.fired())).toEqual(['once', 'daily', 'probe', 'second probe']))
  })

  it('forward tells once what was passed over, as missed', async () => {
    const life = await liveAt(friday)
    await run(life, 'reminders.add', { text: 'once', in_ms: 60_000 })
    await run(life, 'reminders.add', { text: 'daily', cron: '0 9 * * *' })
    life.set(friday + 3 * day)
    expect(await untilDue(life, 2)).toMatchObject([
      { text: 'once', missed: true, times: 1 },
      { text: 'daily', missed: true, times: 3 },
    ])
    await vi.waitFor(async () => expect(texts(await life.fired())).toEqual(['once', 'daily']))
  })
})
