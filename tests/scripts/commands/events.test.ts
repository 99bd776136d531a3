// lotus events: what it asks for, what it shows, what it gives to programs.
import { afterEach, describe, expect, it } from 'vitest'
import { startFakeLotus } from './fake-lotus.ts'
import type { FakeLotus, Route } from './fake-lotus.ts'
import { lastJson, runLotus } from './run-lotus.ts'
import type { Ended } from './run-lotus.ts'

let fake: FakeLotus | undefined
afterEach(async () => {
  await fake?.close()
  fake = undefined
})

async function lotus(args: string[], routes: Record<string, Route>): Promise<Ended> {
  fake = await startFakeLotus(routes)
  return await runLotus(['events', ...args], { home: fake.home })
}

const id = '0193f6f2-8c00-7001-8d3f-9a4e1b7c2d10'
const event = {
  specversion: '1.0',
  id,
  source: 'reasoning',
  type: 'goal.completed',
  time: '2026-11-21T03:00:00.000Z',
  traceparent: '00-0193f6f28c0070018d3f9a4e1b7c2d10-0123456789abcdef-01',
  data: { answer: 'done\u001b[1A' },
}
const letter = { group: 'memory/goal.completed', event, attempts: 5, error: 'no room', parked_at: event.time }
const dead = { 'GET /dead-letters': () => ({ dead_letters: [letter] }) }

describe('events tail', () => {
  const stream: Route = (_seen, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('retry: 1000\n\n')
    for (let count = 0; count < 3; count += 1) {
      response.write(`id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    }
  }

  it('follows the events of some types after one, and ends after so many', async () => {
    const ended = await lotus(['tail', '--type', 'goal.completed', '--after', id, '-n', '2'], { 'GET /events': stream })
    expect(fake?.requests[0]?.query).toEqual({ types: 'goal.completed', after: id })
    expect(ended.code).toBe(0)
    expect(ended.stdout.trim().split('\n')).toHaveLength(2)
    expect(ended.stdout).toContain('goal.completed')
    expect(ended.stdout).not.toContain('\u001b')
  })

  it('gives programs the whole event', async () => {
    const ended = await lotus(['tail', '-n', '1', '--json'], { 'GET /events': stream })
    expect(lastJson(ended)).toEqual(event)
  })
})

describe('events show', () => {
  it('shows one event whole', async () => {
    const ended = await lotus(['show', id], { [`GET /events/${id}`]: () => event })
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('source:') })
    expect(ended.stdout).toContain('"answer": "done')
  })

  it('without an id is a wrong use', async () => {
    expect(await lotus(['show'], {})).toMatchObject({ code: 2 })
  })
})

describe('events replay', () => {
  it('gives a range to a subscription', async () => {
    const ended = await lotus(['replay', 'memory/goal.completed', '--after', id], {
      'POST /events/replay': () => ({ group: 'memory/goal.completed', replayed: 3 }),
    })
    expect(ended.stdout).toBe('3 events are given to memory/goal.completed once more\n')
    expect(fake?.requests[0]?.body).toEqual({ group: 'memory/goal.completed', after: id })
  })
})

describe('events dead', () => {
  it('lists what failed, and says when nothing did', async () => {
    const ended = await lotus(['dead'], dead)
    expect(ended.stdout).toMatch(/memory\/goal\.completed +5 tries +no room/)
    await fake?.close()
    expect((await lotus(['dead', 'list'], { 'GET /dead-letters': () => ({ dead_letters: [] }) })).stdout).toContain(
      'no dead',
    )
  })

  it('shows one with its event', async () => {
    const ended = await lotus(['dead', 'show', id, '--json'], dead)
    expect(lastJson(ended)).toEqual(letter)
  })

  it('gives one another try, or drops it', async () => {
    const path = `/dead-letters/${encodeURIComponent(letter.group)}/${id}`
    const replayed = await lotus(['dead', 'replay', id], {
      ...dead,
      [`POST ${path}/replay`]: () => ({ group: letter.group, id, replayed: true }),
    })
    expect(replayed).toMatchObject({ code: 0, stdout: `${id} is given to memory/goal.completed once more\n` })
    await fake?.close()
    const dropped = await lotus(['dead', 'drop', id], {
      ...dead,
      [`DELETE ${path}`]: () => ({ group: letter.group, id, dropped: true }),
    })
    expect(dropped).toMatchObject({ code: 0, stdout: `${id} is dropped for memory/goal.completed\n` })
  })

  it('asks which subscription is meant where there are several', async () => {
    const routes = {
      'GET /dead-letters': () => ({ dead_letters: [letter, { ...letter, group: 'other/goal.completed' }] }),
    }
    expect(await lotus(['dead', 'drop', id], routes)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--group'),
    })
  })

  it('refuses what it does not know', async () => {
    expect(await lotus(['dead', 'bury'], {})).toMatchObject({ code: 2 })
    expect(await lotus(['dead', 'show', 'nothing'], dead)).toMatchObject({ code: 2 })
  })
})
