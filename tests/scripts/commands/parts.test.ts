// the small parts of the client: escaping, the client's own facts, numbers for people.
import { describe, expect, it } from 'vitest'
import { findLocale, findTimeZone } from '../../../scripts/client/context.ts'
import { readDuration } from '../../../scripts/client/duration.ts'
import { readEvents } from '../../../scripts/client/event-stream.ts'
import { escapeLine, escapeText, jsonLine } from '../../../scripts/client/escape.ts'
import { formatCost, formatDuration, formatSize, formatTime } from '../../../scripts/client/format.ts'
import { columns } from '../../../scripts/client/terminal.ts'

describe('escapeText', () => {
  it('keeps letters of every script, newlines and tabs', () => {
    expect(escapeText('größe 文件 שלום\tx\n')).toBe('größe 文件 שלום\tx\n')
  })

  it('shows what could move the cursor or turn text around', () => {
    expect(escapeText('\u001b[1A\u0007\u009b\u202e\u2066\u200b\ufeff\r')).toBe(
      '\\u001b[1A\\u0007\\u009b\\u202e\\u2066\\u200b\\ufeff\\u000d',
    )
  })

  it('keeps a name on its line', () => {
    expect(escapeLine('a\nb\tc')).toBe('a\\nb\\tc')
  })
})

describe('jsonLine', () => {
  it('is the same value, in safe characters', () => {
    const value = { name: 'a\u202eb\u009bc', list: [1, null] }
    expect(jsonLine(value)).toBe('{"name":"a\\u202eb\\u009bc","list":[1,null]}')
    expect(JSON.parse(jsonLine(value))).toEqual(value)
  })
})

describe('findTimeZone', () => {
  it('takes the environment’s where that is a name', () => {
    expect(findTimeZone({ TZ: 'Asia/Tokyo' })).toBe('Asia/Tokyo')
    expect(findTimeZone({ TZ: ':America/Argentina/Ushuaia' })).toBe('America/Argentina/Ushuaia')
    expect(findTimeZone({ TZ: '../../etc/passwd' })).not.toContain('passwd')
    expect(findTimeZone({ TZ: 'XYZ-1ABC' })).not.toContain('XYZ')
  })

  it('takes the machine’s otherwise', () => {
    expect(findTimeZone({})).toMatch(/^[A-Za-z_]+/)
  })
})

describe('findLocale', () => {
  it('reads what the environment says', () => {
    expect(findLocale({ LANG: 'de_DE.UTF-8' })).toBe('de-DE')
    expect(findLocale({ LC_ALL: 'pt_BR@euro', LANG: 'de_DE' })).toBe('pt-BR')
    expect(findLocale({ LANG: 'fr' })).toBe('fr')
  })

  it('is English where it says nothing', () => {
    expect([findLocale({}), findLocale({ LANG: 'C.UTF-8' }), findLocale({ LANG: 'POSIX' })]).toEqual([
      'en-US',
      'en-US',
      'en-US',
    ])
  })
})

describe('readDuration', () => {
  it.each([
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1h 30 min', 5_400_000],
    ['2 days', 172_800_000],
    ['1.5 hours', 5_400_000],
    ['90 seconds', 90_000],
    ['1w', 604_800_000],
  ])('reads %s', (text, ms) => {
    expect(readDuration(text, '10m')).toBe(ms)
  })

  it.each(['', 'soon', '10', '-5m', '10m ago', 'm', '0s', '10 parsecs'])('refuses %j', (text) => {
    expect(() => readDuration(text, '10m')).toThrow('this is no duration')
  })
})

describe('the stream of events', () => {
  it('is read across pieces of any size, comments and other lines passed over', async () => {
    const text = 'retry: 1000\n\n: still here\n\nid: 1\nevent: timer.fired\ndata: {"data": {"text": "ä"}}\n\n'
    async function* pieces(size: number): AsyncGenerator<Buffer> {
      const bytes = Buffer.from(text)
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
    }
    for (const size of [1, 7, 1_000]) {
      const events = []
      for await (const event of readEvents(pieces(size))) events.push(event)
      const data = { text: 'ä' }
      expect(events).toEqual(['open', { id: '1', type: 'timer.fired', data, envelope: { data } }])
    }
  })
})

describe('numbers for people', () => {
  it('have their unit', () => {
    expect([412, 3210, 300_000, 7_500_000, 273_600_000].map(formatDuration)).toEqual([
      '412 ms',
      '3.2 s',
      '5 min',
      '2 h 5 min',
      '3 d 4 h',
    ])
    expect([0, 0.000012, 0.5].map(formatCost)).toEqual(['free', '$0.000012', '$0.50'])
    expect([512, 1536, 3 * 1024 ** 3].map(formatSize)).toEqual(['512 B', '1.5 KiB', '3.0 GiB'])
  })

  it('leave a time alone that is none', () => {
    expect(formatTime('soon')).toBe('soon')
  })
})

describe('columns', () => {
  it('line up, escaped, without trailing blanks', () => {
    expect(
      columns([
        ['a', 'bbb', ''],
        ['aaa', 'b\u001b', 'x'],
      ]),
    ).toBe('a    bbb\naaa  b\\u001b  x')
  })
})
