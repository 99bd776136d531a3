// the life of the real LOTUS: from a home that does not exist yet to a stop that leaves nothing behind.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPrivateLotus, type PrivateLotus } from '../support/private-lotus.ts'
import { waitFor, within } from '../support/wait-for.ts'

const limitMs = 120_000
let own: PrivateLotus
beforeEach(() => {
  own = createPrivateLotus()
})
afterEach(async () => {
  await own.dispose()
}, limitMs)

const json = (text: string): Record<string, unknown> =>
  JSON.parse(text.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>

describe('a fresh home', () => {
  it('goes from start over status to stop, and back, with nothing left behind', { timeout: limitMs }, async () => {
    expect(existsSync(own.home)).toBe(false)
    expect((await own.start()).stdout).toMatch(/^LOTUS \S+ is running, healthy, started in /)
    const first = own.record()!

    const again = await own.lotus(['start'])
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.stdout).toMatch(/^LOTUS \S+ is already running, healthy: http:\/\/127\.0\.0\.1:\d+ \(process \d+\)\n$/)
    expect(own.record()).toEqual(first)

    const status = await own.lotus(['status', '--json'])
    expect(status.code).toBe(0)
    expect(json(status.stdout)).toMatchObject({ running: true, pid: first.pid, status: 'healthy' })
    expect((await own.goal('create a file called b.txt with the text "x"')).status).toBe('completed')

    const stopped = await own.stop()
    expect(stopped.code).toBe(0)
    expect(stopped.stdout).toMatch(/^LOTUS has stopped/)
    expect(stopped.stdout).toContain('completed 1')
    expect(own.leftovers()).toEqual([])
    expect((await own.lotus(['status'])).code).toBe(3)
    expect(await own.lotus(['stop'])).toMatchObject({ code: 0, stdout: 'LOTUS is not running\n' })

    await own.start()
    expect(own.record()!.pid).not.toBe(first.pid)
    expect((await own.stop()).code).toBe(0)
    expect(own.leftovers()).toEqual([])
  })

  it('is for nobody else to read', { timeout: limitMs }, async () => {
    await own.start()
    const modeOf = (name: string): string => (statSync(join(own.home, name)).mode & 0o777).toString(8)
    expect(modeOf('.')).toBe('750')
    expect(modeOf('run')).toBe('750')
    expect(modeOf('token')).toBe('600')
    expect(modeOf('run/osd.sock')).toBe('660')
    expect(modeOf('audit/chain.jsonl')).toBe('600')
    expect(modeOf('data')).toBe('700')
    await own.stop()
  })

  it('is brought up by several first commands at once, by one nucleus', { timeout: limitMs }, async () => {
    const results = await Promise.all([own.lotus(['start']), own.lotus(['start']), own.goal('what is 6 times 7?')])
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(results[2].answer).toContain('42')
    expect(own.processes().filter(({ command }) => command.startsWith('lotus-nucleus'))).toHaveLength(1)
    expect(own.processes().filter(({ command }) => command.startsWith('lotus-osd'))).toHaveLength(1)
    await own.stop()
    // those who came second end by themselves
    await waitFor(() => own.processes().length === 0, { timeoutMs: 30_000, what: 'the end of the others' })
    expect(own.leftovers()).toEqual([])
  })
})

describe('node nucleus.ts', () => {
  it('alone is a LOTUS whose processes have names, and drains at SIGTERM', { timeout: limitMs }, async () => {
    const nucleus = own.startNucleus()
    await own.untilStatus(['healthy'])
    const titles = own.processes().map(({ command }) => command.split(' ')[0]!)
    expect(titles.toSorted()).toEqual(['lotus-nucleus', 'lotus-osd'])
    expect((await own.goal('create a file called a.txt with the text "alone"')).status).toBe('completed')
    expect(readFileSync(join(own.folder, 'a.txt'), 'utf8').trim()).toBe('alone')
    nucleus.child.kill('SIGTERM')
    expect(await within(nucleus.ended, { timeoutMs: 60_000, what: 'the end of the nucleus' })).toBe(0)
    expect(nucleus.stderr()).toBe('')
    expect(own.leftovers()).toEqual([])
  })

  it('drains at SIGINT: a goal under way comes to its end first', { timeout: limitMs }, async () => {
    const nucleus = own.startNucleus()
    await own.untilStatus(['healthy'])
    const goal = own.goal(
      'create a file called a.txt with the text "one" and then create a file called b.txt with "two"',
    )
    // the file of the first step: from here on the goal is under way for sure
    await waitFor(() => existsSync(join(own.folder, 'a.txt')), { timeoutMs: 30_000, what: 'the first step' })
    nucleus.child.kill('SIGINT')
    expect(await within(nucleus.ended, { timeoutMs: 60_000, what: 'the end of the nucleus' })).toBe(0)
    expect(await goal).toMatchObject({ status: 'completed', code: 0 })
    expect(['a.txt', 'b.txt'].map((name) => existsSync(join(own.folder, name)))).toEqual([true, true])
    expect(own.leftovers()).toEqual([])
  })

  it('ends osd with it when it is killed', { timeout: limitMs }, async () => {
    const nucleus = own.startNucleus()
    await own.untilStatus(['healthy'])
    nucleus.child.kill('SIGKILL')
    await nucleus.ended
    await waitFor(() => own.processes().length === 0, { timeoutMs: 30_000, what: 'the end of osd' })
    expect((await own.lotus(['status'])).stdout).toContain('was killed or crashed')
  })
})

describe('lotus foreground', () => {
  it('is the nucleus itself, so that Ctrl+C in its terminal drains it', { timeout: limitMs }, async () => {
    let isInterrupted = false
    const ended = own.lotus(['foreground'], {
      timeoutMs: 100_000,
      terminal: (shown) => {
        if (isInterrupted || !/LOTUS is healthy/.test(shown)) return undefined
        isInterrupted = true
        return '\u0003'
      },
    })
    expect((await ended).code).toBe(0)
    expect(isInterrupted).toBe(true)
    expect(own.leftovers()).toEqual([])
  })
})
