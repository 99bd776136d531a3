// times in words: a table of what people say, the changes of the clock, and properties that hold for every zone.
import fc from 'fast-check'
import { DateTime } from 'luxon'
import { describe, expect, it } from 'vitest'
import { parseWhen } from '../../../../modules/perception/reminders/when.ts'

// a friday, a quarter to two in the afternoon.
const friday = new Date('2026-11-20T13:37:20+01:00')

async function read(text: string, options: { now?: Date; timeZone?: string; locale?: string } = {}): Promise<string> {
  const when = await parseWhen(text, { now: friday, timeZone: 'Europe/Berlin', locale: 'en-GB', ...options })
  if (when === undefined) return 'none'
  return `${when.at ?? when.cron ?? `${when.in_ms! / 60_000} min`} | ${when.rest}`
}

describe('distances', () => {
  it.each([
    ['remind me in 45 minutes to take the bread out', '45 min | remind me to take the bread out'],
    ['In 90 minutes, remind me to move the car', '90 min | remind me to move the car'],
    ['remind me to turn off the sprinkler in an hour', '60 min | remind me to turn off the sprinkler'],
    ['remind me in an hour and a half to stir', '90 min | remind me to stir'],
    ['remind me in half an hour to stir', '30 min | remind me to stir'],
    ['remind me in three quarters of an hour to stir', '45 min | remind me to stir'],
    ['remind me in a quarter of an hour that tea is ready', '15 min | remind me that tea is ready'],
    ['remind me in two and a half hours to stir', '150 min | remind me to stir'],
    ['remind me in 1h30 to stir', '90 min | remind me to stir'],
    ['remind me in 1.5 hours to stir', '90 min | remind me to stir'],
    ['remind me in twenty-five minutes to stir', '25 min | remind me to stir'],
    ['remind me in 1 hour and 20 minutes to stir', '80 min | remind me to stir'],
    ['remind me in a couple of hours to stir', '120 min | remind me to stir'],
    ['remind me an hour from now to stir', '60 min | remind me to stir'],
    ['remind me in 20 minuets to stir', '20 min | remind me to stir'],
    ['set a timer for 2 hours', '120 min | set a timer'],
    ['start a 75 minute timer', '75 min | start a timer'],
    ['5-minute egg timer', '5 min | egg timer'],
    ['timer: 90 seconds', '1.5 min | timer'],
    ['set timer of 1 hr 30 mins', '90 min | set timer'],
  ])('%s', async (text, expected) => {
    expect(await read(text)).toBe(expected)
  })
})

describe('clocks', () => {
  it.each([
    ['remind me at 23:55 to lock the shed', '2026-11-20T23:55:00+01:00 | remind me to lock the shed'],
    ['remind me at 11:40 pm to stir', '2026-11-20T23:40:00+01:00 | remind me to stir'],
    ['remind me at 9 am to stir', '2026-11-21T09:00:00+01:00 | remind me to stir'],
    ['remind me at noon to stir', '2026-11-21T12:00:00+01:00 | remind me to stir'],
    ['remind me at midnight to stir', '2026-11-21T00:00:00+01:00 | remind me to stir'],
    ['remind me at half past six to stir', '2026-11-20T18:30:00+01:00 | remind me to stir'],
    ['remind me at quarter to five to stir', '2026-11-20T16:45:00+01:00 | remind me to stir'],
    ['remind me at ten to three to stir', '2026-11-20T14:50:00+01:00 | remind me to stir'],
    ["remind me at 4 o'clock to stir", '2026-11-20T16:00:00+01:00 | remind me to stir'],
    ['remind me at 3 to stir', '2026-11-20T15:00:00+01:00 | remind me to stir'],
    ['remind me at 1430 to stir', '2026-11-20T14:30:00+01:00 | remind me to stir'],
    ['remind me at 17h to stir', '2026-11-20T17:00:00+01:00 | remind me to stir'],
    ['remind me of the cake at 3:15 this afternoon', '2026-11-20T15:15:00+01:00 | remind me of the cake'],
    ['wake me at 7', '2026-11-21T07:00:00+01:00 | wake me'],
    ['set an alarm for 6:45', '2026-11-21T06:45:00+01:00 | set an alarm'],
    ['remind me tonight at 8 to stir', '2026-11-20T20:00:00+01:00 | remind me to stir'],
    ['remind me this evening to stir', '2026-11-20T19:00:00+01:00 | remind me to stir'],
    ['remind me in the morning to stir', '2026-11-21T09:00:00+01:00 | remind me to stir'],
  ])('%s', async (text, expected) => {
    expect(await read(text)).toBe(expected)
  })

  it('reads 3:30 by the clock of the locale', async () => {
    expect(await read('remind me at 3:30 to stir', { locale: 'en-US' })).toContain('2026-11-20T15:30')
    expect(await read('remind me at 3:30 to stir', { locale: 'de-DE' })).toContain('2026-11-21T03:30')
  })
})

describe('days', () => {
  it.each([
    ['remind me tomorrow at 9 am to phone the vet', '2026-11-21T09:00:00+01:00 | remind me to phone the vet'],
    ['set a reminder for tomorrow at 8:30 to call', '2026-11-21T08:30:00+01:00 | set a reminder to call'],
    [
      'Remind me tomorrow afternoon at 4 that Vera is coming',
      '2026-11-21T16:00:00+01:00 | Remind me that Vera is coming',
    ],
    ['remind me tommorow at 9 to stir', '2026-11-21T09:00:00+01:00 | remind me to stir'],
    ['remind me the day after tomorrow to stir', '2026-11-22T09:00:00+01:00 | remind me to stir'],
    ['remind me next monday at 10 to stir', '2026-11-23T10:00:00+01:00 | remind me to stir'],
    ['remind me on friday to stir', '2026-11-27T09:00:00+01:00 | remind me to stir'],
    ['remind me on friday at 18:00 to stir', '2026-11-20T18:00:00+01:00 | remind me to stir'],
    ['remind me friday week at 3 to stir', '2026-11-27T15:00:00+01:00 | remind me to stir'],
    ['remind me a week from tuesday to stir', '2026-12-01T09:00:00+01:00 | remind me to stir'],
    ['remind me friday at midnight to stir', '2026-11-21T00:00:00+01:00 | remind me to stir'],
    [
      'remind me on the 9th of june to congratulate Marta',
      '2027-06-09T09:00:00+02:00 | remind me to congratulate Marta',
    ],
    ['remind me on june 9th, 2027 at 17:30 to stir', '2027-06-09T17:30:00+02:00 | remind me to stir'],
    ['remind me on Thursday, 26 November at 3pm to stir', '2026-11-26T15:00:00+01:00 | remind me to stir'],
    ['remind me on the 15th to stir', '2026-12-15T09:00:00+01:00 | remind me to stir'],
    ['remind me on 24.12. to stir', '2026-12-24T09:00:00+01:00 | remind me to stir'],
    ['remind me on 2026-12-24 at 10 to stir', '2026-12-24T10:00:00+01:00 | remind me to stir'],
    ['remind me in two weeks to stir', '2026-12-04T13:37:20+01:00 | remind me to stir'],
    ['remind me in two weeks at 8 to stir', '2026-12-04T08:00:00+01:00 | remind me to stir'],
    ['remind me at the end of the month to stir', '2026-11-30T09:00:00+01:00 | remind me to stir'],
    ['remind me on christmas eve to stir', '2026-12-24T09:00:00+01:00 | remind me to stir'],
    ['remind me on the 29th of february to stir', '2028-02-29T09:00:00+01:00 | remind me to stir'],
  ])('%s', async (text, expected) => {
    expect(await read(text)).toBe(expected)
  })

  it('reads 6/9 by the order of the locale', async () => {
    expect(await read('remind me on 6/9 to stir', { locale: 'en-US' })).toContain('2027-06-09')
    expect(await read('remind me on 6/9 to stir', { locale: 'en-GB' })).toContain('2027-09-06')
  })
})

describe('repetition', () => {
  it.each([
    ['remind me every day at 7 am to take the vitamins', '0 7 * * * | remind me to take the vitamins'],
    ['remind me every monday at 8:30 to stir', '30 8 * * 1 | remind me to stir'],
    ['remind me every monday and thursday at 8:30 to stir', '30 8 * * 1,4 | remind me to stir'],
    ['every weekday at 9 remind me to stir', '0 9 * * 1,2,3,4,5 | remind me to stir'],
    ['remind me mondays at 8 to stir', '0 8 * * 1 | remind me to stir'],
    ['remind me every evening at 8 to stir', '0 20 * * * | remind me to stir'],
    ['remind me daily at 7 and 19 to stir', '0 7,19 * * * | remind me to stir'],
    ['remind me every 2 hours to drink', '37 1,3,5,7,9,11,13,15,17,19,21,23 * * * | remind me to drink'],
    ['remind me every hour to stretch', '37 * * * * | remind me to stretch'],
    ['remind me every 15 minutes to stretch', '7,22,37,52 * * * * | remind me to stretch'],
    ['remind me every 5 hours to drink', 'R/2026-11-20T18:37:20+01:00/PT300M | remind me to drink'],
    ['remind me every other day at 8 to stir', 'R/2026-11-21T08:00:00+01:00/P2D | remind me to stir'],
    ['remind me every two weeks on tuesday at 7 pm to stir', 'R/2026-11-24T19:00:00+01:00/P14D | remind me to stir'],
    ['remind me every month on the 1st to pay rent', '0 9 1 * * | remind me to pay rent'],
    ['remind me on the 1st of every month to pay rent', '0 9 1 * * | remind me to pay rent'],
    ['remind me on the last day of every month to pay', '0 9 L * * | remind me to pay'],
    ['remind me every first monday of the month at 10 to stir', '0 10 * * 1#1 | remind me to stir'],
    ['remind me on the last friday of each month to stir', '0 9 * * 5#L | remind me to stir'],
    ['remind me every year on june 9 to congratulate', '0 9 9 6 * | remind me to congratulate'],
    ['remind me weekly on sunday at 18:00 to stir', '0 18 * * 0 | remind me to stir'],
  ])('%s', async (text, expected) => {
    expect(await read(text)).toBe(expected)
  })
})

describe('what belongs to the matter and not to the time', () => {
  it.each([
    ['remind me in 2 hours to book the table for friday', '120 min | remind me to book the table for friday'],
    ['remind me to book the table for friday in 2 hours', '120 min | remind me to book the table for friday'],
    ['remind me tomorrow to phone the vet at 9 am', '2026-11-21T09:00:00+01:00 | remind me to phone the vet'],
    ['remind me tomorrow that the meeting is at 10', '2026-11-21T09:00:00+01:00 | remind me that the meeting is at 10'],
    ['remind me tomorrow to catch the 9 am train', '2026-11-21T09:00:00+01:00 | remind me to catch the 9 am train'],
    ["remind me at 6 pm to say 'see you tomorrow'", "2026-11-20T18:00:00+01:00 | remind me to say 'see you tomorrow'"],
    ['remind me at 6 pm to print notes-9am.txt', '2026-11-20T18:00:00+01:00 | remind me to print notes-9am.txt'],
  ])('%s', async (text, expected) => {
    expect(await read(text)).toBe(expected)
  })
})

describe('what is not understood for certain is not understood', () => {
  it.each([
    'remind me to take the 9 am train',
    'remind me 20 minutes before the meeting',
    'remind me to look at 5 houses',
    'remind me to march to the shop',
    'remind me later to stir',
    'remind me in a while to stir',
    'remind me in 5 to stir',
    'remind me in 0 minutes to stir',
    'remind me every day until june to stir',
    'remind me every day except sunday to stir',
    'remind me every day for two weeks to stir',
    'remind me daily at 7 and 19:30 to stir',
    'remind me twice a day to stir',
    'remind me on the 31st of june to stir',
    'remind me on 2026-02-30 to stir',
    'remind me at 25:00 to stir',
    'remind me at 8:75 to stir',
    'set a timer for 7',
    'open notes-9am.txt',
    '',
  ])('%s', async (text) => {
    expect(await read(text)).toBe('none')
  })
})

describe('changes of the clock', () => {
  const beforeSpring = new Date('2027-03-27T12:00:00+01:00')
  const beforeAutumn = new Date('2027-10-30T12:00:00+02:00')

  it('keeps the wall clock over a night that is an hour short', async () => {
    expect(await read('remind me tomorrow at 9 am to stir', { now: beforeSpring })).toContain(
      '2027-03-28T09:00:00+02:00',
    )
  })
  it('counts real hours over the same night', async () => {
    expect(await read('remind me in 24 hours to stir', { now: beforeSpring })).toBe('1440 min | remind me to stir')
  })
  it('keeps the hour of now for days', async () => {
    expect(await read('remind me in 2 days to stir', { now: beforeSpring })).toContain('2027-03-29T12:00:00+02:00')
  })
  it('moves a time that the spring leaves out to after the gap', async () => {
    expect(await read('remind me tomorrow at 02:30 to stir', { now: beforeSpring })).toContain(
      '2027-03-28T03:30:00+02:00',
    )
  })
  it('takes the first of two equal times in autumn', async () => {
    expect(await read('remind me tomorrow at 02:30 to stir', { now: beforeAutumn })).toContain(
      '2027-10-31T02:30:00+02:00',
    )
  })
  it('does so in a zone whose clock changes by half an hour', async () => {
    const now = new Date('2027-04-03T12:00:00+11:00')
    const answer = await read('remind me tomorrow at 01:45 to stir', { now, timeZone: 'Australia/Lord_Howe' })
    expect(answer).toContain('2027-04-04T01:45:00+11:00')
  })
})

describe('properties', () => {
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia']
  const moment = fc.date({ min: new Date('2025-01-01'), max: new Date('2034-12-31'), noInvalidDate: true })

  it('a bare clock is always the next such time: ahead, and less than a day and an hour away', async () => {
    await fc.assert(
      fc.asyncProperty(
        moment,
        fc.constantFrom(...zones),
        fc.nat(23),
        fc.nat(59),
        async (now, timeZone, hour, minute) => {
          const clock = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
          const when = await parseWhen(`remind me at ${clock} to stir`, { now, timeZone, locale: 'en-GB' })
          const at = DateTime.fromISO(when!.at!, { zone: timeZone })
          expect(at.toMillis()).toBeGreaterThan(now.getTime())
          expect(at.toMillis() - now.getTime()).toBeLessThanOrEqual(25 * 3_600_000)
          const isGap = !DateTime.fromObject(
            { ...at.toObject(), hour, minute, second: 0, millisecond: 0 },
            { zone: timeZone },
          ).hasSame(at, 'minute')
          if (!isGap && at.minute === minute) expect([hour, minute]).toEqual([at.hour, at.minute])
        },
      ),
      { numRuns: 300 },
    )
  })

  it('what is cut out and what is left are the whole text', async () => {
    const piece = fc.constantFrom(
      'remind me',
      'tomorrow',
      'at 9',
      'to',
      'every day',
      'in 2 hours',
      'call',
      '"x"',
      'on friday',
      ',',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const text = pieces.join(' ')
        const when = await parseWhen(text, { now: friday, timeZone: 'UTC', locale: 'en-GB' })
        if (when === undefined) return
        const letters = (part: string) => part.replaceAll(/[^\p{L}\p{N}]/gu, '')
        const cut = when.spans.map((span) => text.slice(span.from, span.to)).join('')
        expect(letters(cut).length + letters(when.rest).length).toBe(letters(text).length)
        expect([when.at, when.cron, when.in_ms].filter((one) => one !== undefined)).toHaveLength(1)
      }),
      { numRuns: 500 },
    )
  })

  it('any text is read without an error, and fast', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        await parseWhen(`remind me at 9 ${text}`, { now: friday, timeZone: 'UTC', locale: 'C' })
      }),
      { numRuns: 500 },
    )
    const started = performance.now()
    await parseWhen('every 1 hour and '.repeat(60_000), { now: friday, timeZone: 'UTC', locale: 'en' })
    await parseWhen('"'.repeat(1_000_000), { now: friday, timeZone: 'UTC', locale: 'en' })
    await parseWhen('-'.repeat(1_000_000), { now: friday, timeZone: 'UTC', locale: 'en' })
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('refuses a time zone that does not exist', async () => {
    const reading = parseWhen('remind me tomorrow', { now: friday, timeZone: 'Mars/Olympus', locale: 'en' })
    await expect(reading).rejects.toMatchObject({ code: 'TIME_ZONE_UNKNOWN' })
  })
})
