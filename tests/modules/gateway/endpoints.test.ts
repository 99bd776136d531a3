// the remaining endpoints: each hands its question to the service that knows, and answers in snake_case.
import { describe, expect, it, vi } from 'vitest'
import type { Run } from '../../../modules/reasoning/contract.ts'
import { moduleErrors } from '../../../nucleus/modules/errors.ts'
import { outcomeOf } from './fakes.ts'
import { startHouse } from './house.ts'

const trace = '0199f3c8e6d57c1a8b6f2d3e4a5b6c7d'
const run: Run = {
  ...outcomeOf(trace),
  session: 's1',
  startedAt: '2026-11-02T10:00:00.000Z',
  endedAt: '2026-11-02T10:00:01.000Z',
  explanation: 'the only trace that fits',
}

describe('/runs', () => {
  it('lists them, newest first, and shows one', async () => {
    const { fetch, state } = await startHouse()
    state.runs.set(trace, run)
    const list = (await (await fetch('/runs?limit=5')).json()) as { runs: unknown[] }
    const one = await (await fetch(`/runs/${trace}`)).json()
    expect(list.runs).toEqual([one])
    expect(one).toMatchObject({
      trace_id: trace,
      session: 's1',
      started_at: run.startedAt,
      ended_at: run.endedAt,
      explanation: run.explanation,
      cost_usd: 0.0015,
      trace_name: 'files.make-folder',
    })
  })

  it('says of one that runs that it has not ended', async () => {
    const { fetch, state } = await startHouse()
    const { endedAt: _endedAt, ...running } = run
    state.runs.set(trace, running)
    expect(await (await fetch(`/runs/${trace}`)).json()).toMatchObject({ ended_at: null })
  })

  it('cancels one with DELETE, and tells whether there was anything to cancel', async () => {
    const { fetch, state } = await startHouse()
    state.runs.set(trace, run)
    const response = await fetch(`/runs/${trace}`, { method: 'DELETE' })
    expect(await response.json()).toEqual({ trace_id: trace, cancelled: false })
    expect(state.cancelled).toEqual([trace])
  })

  it.each(['GET', 'DELETE'])('%s of one that there is not answers 404', async (method) => {
    const { fetch, state } = await startHouse()
    const response = await fetch(`/runs/${trace}`, { method })
    expect([response.status, await response.json()]).toMatchObject([404, { error: { code: 'RUN_UNKNOWN' } }])
    expect(state.cancelled).toEqual([])
  })
})

describe('POST /undo', () => {
  it('takes back the named change, with the client’s ticket', async () => {
    const { post, state } = await startHouse()
    const response = await post('/undo', { ticket: 'tkt', undo_id: 'u1' })
    expect(await response.json()).toMatchObject({ undo_id: 'u1', status: 'completed', text: 'taken back' })
    expect(state.undone).toMatchObject([{ ticket: 'tkt', undoId: 'u1' }])
  })

  it('takes back the newest for the token’s person where nothing is named, also without a body', async () => {
    const { post, fetch, state } = await startHouse()
    expect((await post('/undo', {})).status).toBe(200)
    expect((await fetch('/undo', { method: 'POST' })).status).toBe(200)
    expect(state.undone.map(({ undoId, ticket }) => [undoId, ticket.startsWith('ticket of')])).toEqual([
      [undefined, true],
      [undefined, true],
    ])
  })
})

describe('/memory', () => {
  it('keeps, finds, lists and forgets', async () => {
    const { post, fetch } = await startHouse()
    const kept = await post('/memory', { text: 'the key is under the mat' })
    expect(kept.status).toBe(201)
    const note = {
      id: 'n1',
      text: 'the key is under the mat',
      source: 'person',
      created_at: '2026-11-02T10:00:00.000Z',
    }
    expect(await kept.json()).toEqual(note)
    expect(await (await fetch('/memory')).json()).toEqual({ notes: [note] })
    expect(await (await fetch('/memory?query=key&limit=3')).json()).toEqual({ notes: [{ ...note, relevance: 1 }] })
    expect(await (await fetch('/memory?query=door')).json()).toEqual({ notes: [] })
    expect(await (await fetch('/memory/n1', { method: 'DELETE' })).json()).toEqual({ forgotten: 1 })
    expect(await (await fetch('/memory/n1', { method: 'DELETE' })).json()).toEqual({ forgotten: 0 })
  })

  it.each([{ text: '' }, { text: '  ' }, { text: 'ä'.repeat(8_193) }, {}, { text: 'x', source: 'me' }])(
    'refuses a note that is none',
    async (body) => {
      const { post } = await startHouse()
      expect((await post('/memory', body)).status).toBe(400)
    },
  )
})

describe('/modules', () => {
  it('lists them with what they hold', async () => {
    const { fetch } = await startHouse()
    const { modules } = (await (await fetch('/modules')).json()) as { modules: unknown[] }
    expect(modules[0]).toEqual({
      name: 'memory',
      version: '1.0.0',
      description: 'the memory of a test',
      status: 'healthy',
      reason: null,
      core: true,
      enabled: true,
      here: true,
      generation: 1,
      since: '2026-11-02T10:00:00.000Z',
      restarts: 0,
      last_error: null,
      details: {},
      open: ['timer'],
    })
  })

  it.each(['load', 'unload', 'reload', 'enable', 'disable'])('%ss one and answers with its state', async (change) => {
    const { post, state } = await startHouse()
    const response = await post(`/modules/memory/${change}`, {})
    expect([response.status, await response.json()]).toMatchObject([200, { name: 'memory', status: 'healthy' }])
    expect(state.changes).toEqual([`${change} memory`])
  })

  it('show what the log says of one', async () => {
    const { fetch } = await startHouse()
    expect(await (await fetch('/modules/memory/logs?limit=5&level=warn')).json()).toEqual({
      lines: [{ module: 'memory', msg: '5 of warn' }],
    })
    expect((await fetch('/modules/nobody/logs')).status).toBe(404)
    expect((await fetch('/modules/memory/logs?level=loud')).status).toBe(400)
  })

  it('are made and graded', async () => {
    const { post } = await startHouse()
    const made = await post('/modules', { name: 'weather' })
    expect([made.status, await made.json()]).toMatchObject([201, { name: 'weather', status: 'healthy' }])
    expect((await post('/modules', { name: '../weather' })).status).toBe(400)
    const finding = { part: 'test', status: 'warning', message: 'it has no test', fix: 'write one' }
    expect(await (await post('/modules/weather/check', {})).json()).toEqual({
      name: 'weather',
      grade: 'fair',
      findings: [finding],
    })
    expect((await post('/modules/nobody/check', {})).status).toBe(404)
  })

  it('answers before the gateway itself is changed', async () => {
    const { post, state } = await startHouse()
    expect((await post('/modules/gateway/reload', {})).status).toBe(202)
    await vi.waitFor(() => expect(state.changes).toEqual(['reload gateway']))
  })

  it('that is the gateway itself is not unloaded, and the refusal is the answer', async () => {
    const house = await startHouse()
    house.services.nucleus.unload = async (value) => {
      throw moduleErrors.MODULE_KEPT({ value })
    }
    const response = await house.post('/modules/gateway/unload', {})
    expect([response.status, await response.json()]).toMatchObject([409, { error: { code: 'MODULE_KEPT' } }])
  })

  it.each([
    ['/modules/nobody/reload', 404],
    ['/modules/memory/explode', 400],
    ['/modules/..%2f..%2fetc/load', 400],
  ])('%s answers %i', async (path, status) => {
    const { post } = await startHouse()
    expect((await post(path, {})).status).toBe(status)
  })
})

describe('what LOTUS knows of itself', () => {
  it.each([
    ['/abilities', 'abilities', { name: 'disk.free', examples: ['how much space is left?'] }],
    [
      '/reminders',
      'reminders',
      { id: 'r1', due_at: '2026-11-02T11:00:00+01:00', repeats: null, time_zone: 'Europe/Berlin' },
    ],
    ['/policies', 'policies', { name: 'reads are allowed', decision: 'allow' }],
    ['/audit?limit=1', 'rows', { sequence: 1, trace_id: 't', previous_hash: 'a', body: { planId: 'p' } }],
    ['/providers', 'providers', { name: 'ollama', status: 'absent', models: [] }],
  ])('%s', async (path, list, first) => {
    const { fetch } = await startHouse()
    const body = (await (await fetch(path)).json()) as Record<string, unknown[]>
    expect(body[list]?.[0]).toMatchObject(first)
  })

  it('/providers tells what was spent, in dollars', async () => {
    const { fetch } = await startHouse()
    expect(await (await fetch('/providers')).json()).toMatchObject({
      spend: { cost_usd: 2.5, input_tokens: 100, output_tokens: 50, calls: 2 },
    })
  })

  it('/audit/verify', async () => {
    const { fetch } = await startHouse()
    expect(await (await fetch('/audit/verify')).json()).toEqual({ ok: true, rows: 1, head: 'b', fault: null })
  })
})

describe('/dead-letters', () => {
  it('lists them, and gives one another try by group and id', async () => {
    const house = await startHouse()
    const event = house.journal.append('goal.accepted', { traceId: trace }, trace)
    house.state.deadLetters.push({ group: 'reasoning/goal.accepted', event, attempts: 5, error: 'no', parkedAt: 'now' })
    expect(await (await house.fetch('/dead-letters')).json()).toEqual({
      dead_letters: [
        {
          group: 'reasoning/goal.accepted',
          event: { ...event, data: { trace_id: trace } },
          attempts: 5,
          error: 'no',
          parked_at: 'now',
        },
      ],
    })
    const response = await house.post(
      `/dead-letters/${encodeURIComponent('reasoning/goal.accepted')}/${event.id}/replay`,
      {},
    )
    expect(await response.json()).toEqual({ group: 'reasoning/goal.accepted', id: event.id, replayed: true })
    expect(house.state.replayed).toEqual([`reasoning/goal.accepted ${event.id}`])
  })
})

describe('/events/…', () => {
  it('gives one event of the journal', async () => {
    const house = await startHouse()
    const event = house.journal.append('goal.accepted', { traceId: trace }, trace)
    expect(await (await house.fetch(`/events/${event.id}`)).json()).toEqual({ ...event, data: { trace_id: trace } })
    expect((await house.fetch('/events/0199f3c8-e6d5-7c1a-8b6f-2d3e4a5b6c7d')).status).toBe(404)
    expect((await house.fetch('/events/yesterday')).status).toBe(400)
  })

  it('are given to a subscription once more', async () => {
    const house = await startHouse()
    const after = '0199f3c8-e6d5-7c1a-8b6f-2d3e4a5b6c7d'
    const response = await house.post('/events/replay', { group: 'memory/goal.completed', after })
    expect(await response.json()).toEqual({ group: 'memory/goal.completed', replayed: 2 })
    expect(house.state.changes).toEqual([`replay memory/goal.completed {"after":"${after}"}`])
  })
})

describe('DELETE /dead-letters', () => {
  it('forgets one by group and id', async () => {
    const house = await startHouse()
    const path = `/dead-letters/${encodeURIComponent('memory/goal.completed')}/e1`
    const response = await house.fetch(path, { method: 'DELETE' })
    expect(await response.json()).toEqual({ group: 'memory/goal.completed', id: 'e1', dropped: true })
    expect(house.state.changes).toEqual(['drop memory/goal.completed e1'])
  })
})

describe('POST /keeping/purge', () => {
  it('removes runs or events that are old, or only counts them', async () => {
    const house = await startHouse()
    const runs = await house.post('/keeping/purge', { what: 'runs', older_than_ms: 5_000 })
    expect(await runs.json()).toEqual({ what: 'runs', count: 4 })
    const events = await house.post('/keeping/purge', { what: 'journal', older_than_ms: 0, dry_run: true })
    expect(await events.json()).toEqual({ what: 'journal', count: 3 })
    expect(house.state.changes).toEqual(['drop runs 5000 false', 'drop events 0 true'])
  })

  it('removes nothing that it does not know', async () => {
    const house = await startHouse()
    expect((await house.post('/keeping/purge', { what: 'notes', older_than_ms: 0 })).status).toBe(400)
    expect((await house.post('/keeping/purge', { what: 'runs' })).status).toBe(400)
    expect(house.state.changes).toEqual([])
  })
})
