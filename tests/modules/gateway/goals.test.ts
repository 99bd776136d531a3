// POST /goals: a goal goes in with its client, and what becomes of it comes out, at once or line by line.
import { describe, expect, it, vi } from 'vitest'
import { ConfirmationRequested } from '../../../modules/operator/contract.ts'
import { GoalCompleted, GoalProgressed, type Run } from '../../../modules/reasoning/contract.ts'
import { moduleStatus, outcomeOf } from './fakes.ts'
import { startHouse, type House } from './house.ts'

const asLines = { accept: 'application/x-ndjson' }
const planHash = 'c'.repeat(64)
const confirmation = { planId: 'p1', planHash, expiresAt: '2026-11-02T10:05:00.000Z' }

const wire = (traceId: string) => ({
  status: 'completed',
  mode: 'innate',
  answer: 'made notes',
  trace_id: traceId,
  cost_usd: 0.0015,
  goal: 'make a folder notes',
  duration_ms: 12,
  trace_name: 'files.make-folder',
  steps: [
    { action: 'files.makeFolder', args: { newPath: 'notes' }, status: 'completed', text: 'made notes', undo_id: 'u1' },
  ],
})

const question = {
  ...confirmation,
  via: 'token' as const,
  goal: 'delete it',
  preview: ['1. delete it (to the trash)', '   files.delete paths=\'["it"]\''],
}

/** osd asks: the event tells of it, and osd itself says what it is about. */
async function ask(house: House, traceId: string): Promise<void> {
  house.state.questions.set(traceId, question)
  await house.publish(ConfirmationRequested, confirmation, traceId)
}

/** goals complete at once. */
function completeAtOnce(house: House): void {
  house.state.goal = ({ traceId }) => house.publish(GoalCompleted, outcomeOf(traceId), traceId)
}

async function linesOf(response: Response): Promise<Record<string, unknown>[]> {
  const text = await response.text()
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

function runOf(traceId: string, fields: Partial<Run> = {}): Run {
  return { ...outcomeOf(traceId), session: 's', startedAt: '2026-11-02T10:00:00.000Z', explanation: 'exact', ...fields }
}

describe('a goal', () => {
  it('answers with its outcome in snake_case, money as a decimal number, arguments untouched', async () => {
    const house = await startHouse()
    completeAtOnce(house)
    const response = await house.post('/goals', { goal: 'make a folder notes' })
    const body = (await response.json()) as { trace_id: string }
    expect(response.status).toBe(200)
    expect(body).toEqual(wire(body.trace_id))
  })

  it('goes in with its ticket, its client and a trace id that the gateway has made', async () => {
    const house = await startHouse()
    completeAtOnce(house)
    const client = { time_zone: 'Europe/Berlin', locale: 'de-DE', width: 120 }
    const response = await house.post('/goals', { goal: 'x', ticket: 'tkt', session: 's1', client, yes: false })
    const { trace_id: traceId } = (await response.json()) as { trace_id: string }
    expect(house.state.inputs).toEqual([
      {
        text: 'x',
        ticket: 'tkt',
        session: 's1',
        traceId,
        client: { channel: 'cli', timeZone: 'Europe/Berlin', locale: 'de-DE', width: 120 },
      },
    ])
  })

  it('without a ticket gets one from osd, for the token', async () => {
    const house = await startHouse()
    completeAtOnce(house)
    await house.post('/goals', { goal: 'x' })
    expect(house.state.inputs[0]).toMatchObject({
      ticket: `ticket of ${house.token.length} signs`,
      client: { channel: 'http' },
    })
  })

  it.each([
    ['empty', ''],
    ['of spaces', ' \n\t '],
    ['with a NUL', 'list\0files'],
  ])('that is %s answers 400', async (_name, goal) => {
    const house = await startHouse()
    expect((await house.post('/goals', { goal })).status).toBe(400)
    expect(house.state.inputs).toEqual([])
  })

  it('over 64 KiB answers 413, counted in bytes', async () => {
    const house = await startHouse()
    completeAtOnce(house)
    const response = await house.post('/goals', { goal: 'ä'.repeat(32_769) })
    expect([response.status, await response.json()]).toMatchObject([413, { error: { code: 'GOAL_TOO_LARGE' } }])
    expect((await house.post('/goals', { goal: 'ä'.repeat(32_768) })).status).toBe(200)
  })

  it('that waits for the person answers at once with what it waits for', async () => {
    const house = await startHouse()
    house.state.goal = ({ traceId }) => ask(house, traceId)
    const response = await house.post('/goals', { goal: 'delete it' })
    expect(await response.json()).toMatchObject({
      status: 'needs_confirmation',
      plan_id: 'p1',
      plan_hash: planHash,
      expires_at: confirmation.expiresAt,
      goal: 'delete it',
      preview: question.preview,
    })
  })

  it('that waits shows what would be changed, as data and in its answer, with nothing that hides in it', async () => {
    const house = await startHouse()
    house.state.shown = [
      {
        step: 's1',
        changes: [
          { kind: 'change', path: 'a.txt', diff: '@@ -1,1 +1,1 @@\n-old\n+new \u202e\u001b[2J', note: '5 bytes' },
        ],
        note: 'looking ahead took too long',
      },
    ]
    house.state.goal = ({ traceId }) => ask(house, traceId)
    const response = await house.post('/goals', { goal: 'change it' })
    const body = (await response.json()) as { answer: string }
    expect(body).toMatchObject({ status: 'needs_confirmation', changes: house.state.shown })
    expect(body.answer.split('\n').slice(3, -1)).toEqual([
      '  changed: a.txt (5 bytes)',
      '    @@ -1,1 +1,1 @@',
      '    -old',
      '    +new \\u202e\\u001b[2J',
      '  looking ahead took too long',
    ])
  })

  it.each([
    ['token', 1],
    ['peer', 0],
  ] as const)('that waits shows them line by line where its person has only a %s', async (via, looks) => {
    const house = await startHouse()
    house.state.shown = [{ step: 's1', changes: [{ kind: 'remove', path: 'it' }] }]
    house.state.goal = async ({ traceId }) => {
      house.state.questions.set(traceId, { ...question, via })
      await house.publish(ConfirmationRequested, confirmation, traceId)
      await house.publish(GoalCompleted, outcomeOf(traceId), traceId)
    }
    const lines = await linesOf(await house.post('/goals', { goal: 'delete it' }, asLines))
    const asked = lines.find((line) => line['type'] === 'confirmation')
    expect(asked?.['changes']).toEqual(via === 'token' ? house.state.shown : undefined)
    expect(house.state.looks).toBe(looks)
  })

  it('that waits says in its answer what it would do and how it is answered', async () => {
    const house = await startHouse()
    house.state.goal = ({ traceId }) => ask(house, traceId)
    const { answer } = (await (await house.post('/goals', { goal: 'delete it' })).json()) as { answer: string }
    expect(answer.split('\n')).toEqual([
      'This needs your confirmation:',
      '  1. delete it (to the trash)',
      '     files.delete paths=\'["it"]\'',
      `Answer with POST /confirmations/p1 {"plan_hash": "${planHash}", "answer": "yes"}, before ${confirmation.expiresAt}.`,
    ])
  })

  it('whose question was told to nobody is asked all the same', { timeout: 10_000 }, async () => {
    const house = await startHouse()
    house.state.goal = ({ traceId }) => void house.state.questions.set(traceId, question)
    expect(await (await house.post('/goals', { goal: 'delete it' })).json()).toMatchObject({ plan_id: 'p1' })
  })

  it('that runs longer than the request waits answers 504, and goes on', async () => {
    const house = await startHouse({ settings: { goalWaitMs: 100 } })
    const response = await house.post('/goals', { goal: 'x' })
    expect([response.status, await response.json()]).toMatchObject([504, { error: { code: 'GOAL_STILL_RUNNING' } }])
    expect(house.state.cancelled).toEqual([])
  })

  it('whose end was told to nobody is found in its run', async () => {
    const house = await startHouse()
    house.state.goal = ({ traceId }) => void house.state.runs.set(traceId, runOf(traceId, { endedAt: 'now' }))
    const response = await house.post('/goals', { goal: 'x' })
    expect(await response.json()).toMatchObject({ status: 'completed' })
  })

  it.each(['perception', 'reasoning', 'operator'])(
    'answers 503 at once while %s is not running, names it, and is not handed in',
    async (name) => {
      const house = await startHouse({ without: [name] })
      house.state.modules.set(name, moduleStatus(name, { status: 'parked', reason: 'too many restarts' }))
      const response = await house.post('/goals', { goal: 'x' }, asLines)
      expect([response.status, await response.json()]).toMatchObject([
        503,
        {
          error: {
            code: 'MODULE_DOWN',
            message: expect.stringMatching(`${name}.*parked: too many restarts`) as string,
            fix: expect.stringContaining(`lotus module load ${name}`) as string,
          },
        },
      ])
      expect(house.state.inputs).toEqual([])
    },
  )

  it('beyond as many as may be waited for answers 503', async () => {
    const house = await startHouse({ settings: { maxGoals: 1 } })
    const first = house.post('/goals', { goal: 'x' })
    await vi.waitFor(() => expect(house.state.inputs).toHaveLength(1))
    expect((await house.post('/goals', { goal: 'y' })).status).toBe(503)
    const [input] = house.state.inputs
    await house.publish(GoalCompleted, outcomeOf(input?.traceId ?? ''), input?.traceId ?? '')
    expect((await first).status).toBe(200)
    completeAtOnce(house)
    expect((await house.post('/goals', { goal: 'z' })).status).toBe(200)
  })
})

describe('a goal with Accept: application/x-ndjson', () => {
  it('tells accepted, progress, the question and the outcome, a line each', async () => {
    const house = await startHouse()
    house.state.goal = async ({ traceId }) => {
      await house.publish(GoalProgressed, { traceId, text: 'making notes' }, traceId)
      await ask(house, traceId)
      await house.publish(GoalCompleted, outcomeOf(traceId), traceId)
    }
    const response = await house.post('/goals', { goal: 'make a folder notes' }, asLines)
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    const lines = await linesOf(response)
    const traceId = house.state.inputs[0]?.traceId ?? ''
    expect(lines).toEqual([
      { type: 'accepted', trace_id: traceId },
      { type: 'progress', text: 'making notes' },
      {
        type: 'confirmation',
        plan_id: 'p1',
        plan_hash: planHash,
        expires_at: confirmation.expiresAt,
        preview: question.preview,
        changes: [],
      },
      { type: 'outcome', outcome: wire(traceId) },
    ])
    expect(house.state.cancelled).toEqual([])
  })

  it('hears nothing of other goals', async () => {
    const house = await startHouse()
    const other = 'f'.repeat(32)
    house.state.goal = async ({ traceId }) => {
      await house.publish(GoalProgressed, { traceId: other, text: 'of another' }, other)
      await house.publish(GoalCompleted, outcomeOf(other), other)
      await house.publish(GoalCompleted, outcomeOf(traceId), traceId)
    }
    const lines = await linesOf(await house.post('/goals', { goal: 'x' }, asLines))
    expect(lines.map(({ type }) => type)).toEqual(['accepted', 'outcome'])
  })

  it('tells each of twenty at once its own outcome', async () => {
    const house = await startHouse()
    house.state.goal = async ({ traceId, text }) => {
      setTimeout(() => void house.publish(GoalCompleted, outcomeOf(traceId, { answer: `did ${text}` }), traceId), 20)
    }
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const lines = await linesOf(await house.post('/goals', { goal: `goal ${index}` }, asLines))
        return (lines.at(-1) as { outcome: { answer: string } }).outcome.answer
      }),
    )
    expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => `did goal ${index}`))
  })

  it('fails with a status where it was not accepted', async () => {
    const house = await startHouse()
    house.state.token = 'another'
    const response = await house.post('/goals', { goal: 'x' }, asLines)
    expect([response.status, await response.json()]).toMatchObject([403, { error: { code: 'TOKEN_REFUSED' } }])
  })

  it('ends with an error in a line where the wait was too long, without cancelling', async () => {
    const house = await startHouse({ settings: { goalWaitMs: 100 } })
    const lines = await linesOf(await house.post('/goals', { goal: 'x' }, asLines))
    expect(lines.at(-1)).toMatchObject({ type: 'error', error: { code: 'GOAL_STILL_RUNNING' } })
    expect(house.state.cancelled).toEqual([])
  })

  it('is cancelled when its client vanishes before the outcome', async () => {
    const house = await startHouse()
    const controller = new AbortController()
    const response = await house.fetch('/goals', {
      method: 'POST',
      headers: { ...asLines, 'content-type': 'application/json' },
      body: JSON.stringify({ goal: 'x' }),
      signal: controller.signal,
    })
    await response.body?.getReader().read()
    controller.abort()
    await vi.waitFor(() => expect(house.state.cancelled).toEqual([house.state.inputs[0]?.traceId]))
  })

  it('is not cancelled when only the answer as a whole was waited for', async () => {
    const house = await startHouse()
    const controller = new AbortController()
    const asking = house.fetch('/goals', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ goal: 'x' }),
      signal: controller.signal,
    })
    await vi.waitFor(() => expect(house.state.inputs).toHaveLength(1))
    controller.abort()
    await expect(asking).rejects.toThrow('aborted')
    await vi.waitFor(async () => {
      const { details } = (await house.instance.health()) ?? {}
      expect(details?.['goals_waiting']).toBe(0)
    })
    expect(house.state.cancelled).toEqual([])
  })
})

describe('GET /goals/{trace_id}', () => {
  const traceId = 'a'.repeat(32)
  const running = (): Run => {
    const { endedAt: _none, ...run } = runOf(traceId)
    return { ...run, status: 'running' }
  }

  it('gives the outcome of a goal that has ended, in both forms', async () => {
    const house = await startHouse()
    house.state.runs.set(traceId, runOf(traceId, { endedAt: 'now' }))
    expect(await (await house.fetch(`/goals/${traceId}`)).json()).toEqual(wire(traceId))
    expect(await linesOf(await house.fetch(`/goals/${traceId}`, { headers: asLines }))).toEqual([
      { type: 'accepted', trace_id: traceId },
      { type: 'outcome', outcome: wire(traceId) },
    ])
  })

  it('watches one that runs, after the question that it has open', async () => {
    const house = await startHouse()
    house.state.runs.set(traceId, running())
    house.state.questions.set(traceId, question)
    const response = await house.fetch(`/goals/${traceId}`, { headers: asLines })
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('confirmation')) text += (await reader.read()).value ?? ''
    // the event that comes a second time asks nobody a second time
    await ask(house, traceId)
    house.state.questions.clear()
    await house.publish(GoalCompleted, outcomeOf(traceId), traceId)
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ type }) => type)).toEqual(['accepted', 'confirmation', 'outcome'])
    expect(lines[1]).toMatchObject({ plan_id: 'p1', preview: question.preview })
  })

  it('answers as JSON with the question that is open', async () => {
    const house = await startHouse()
    house.state.runs.set(traceId, running())
    house.state.questions.set(traceId, question)
    const response = await house.fetch(`/goals/${traceId}`)
    expect(await response.json()).toMatchObject({ status: 'needs_confirmation', goal: 'delete it', plan_id: 'p1' })
  })

  it('waits for one that was accepted and that reasoning has not come to', async () => {
    const house = await startHouse()
    house.journal.append('goal.accepted', {}, traceId)
    const asking = house.fetch(`/goals/${traceId}`)
    await vi.waitFor(async () => {
      const { details } = (await house.instance.health()) ?? {}
      expect(details?.['goals_waiting']).toBe(1)
    })
    await house.publish(GoalCompleted, outcomeOf(traceId), traceId)
    expect(await (await asking).json()).toEqual(wire(traceId))
  })

  it('leaves the goal as it is when its reader goes', async () => {
    const house = await startHouse()
    house.state.runs.set(traceId, running())
    const controller = new AbortController()
    const response = await house.fetch(`/goals/${traceId}`, { headers: asLines, signal: controller.signal })
    await response.body?.getReader().read()
    controller.abort()
    await vi.waitFor(async () => {
      const { details } = (await house.instance.health()) ?? {}
      expect(details?.['goals_waiting']).toBe(0)
    })
    expect(house.state.cancelled).toEqual([])
  })

  it.each([
    ['nobody has stated', []],
    ['has ended and was removed with the oldest', ['goal.accepted', 'goal.completed']],
  ])('of a goal that %s answers 404', async (_name, events) => {
    const house = await startHouse()
    for (const type of events) house.journal.append(type, {}, traceId)
    const response = await house.fetch(`/goals/${traceId}`, { headers: asLines })
    expect([response.status, await response.json()]).toMatchObject([404, { error: { code: 'RUN_UNKNOWN' } }])
  })

  it('needs the token', async () => {
    const house = await startHouse()
    expect((await fetch(`${house.url}/goals/${traceId}`)).status).toBe(401)
  })
})

describe('POST /confirmations/{plan_id}', () => {
  it('answers osd with the caller’s own token, and gives the outcome of the goal', async () => {
    const house = await startHouse()
    house.state.goal = ({ traceId }) => ask(house, traceId)
    await house.post('/goals', { goal: 'delete it' })
    const traceId = house.state.inputs[0]?.traceId ?? ''
    house.state.onConfirm = () => void house.publish(GoalCompleted, outcomeOf(traceId), traceId)
    const response = await house.post('/confirmations/p1', { plan_hash: planHash, answer: 'yes' })
    expect(await response.json()).toEqual({ plan_id: 'p1', answer: 'yes', trace_id: traceId, outcome: wire(traceId) })
    expect(house.state.answers).toEqual([{ planId: 'p1', planHash, token: house.token, yes: true }])
  })

  it('leaves the outcome also to whoever stated the goal and still listens', async () => {
    const house = await startHouse()
    house.state.goal = ({ traceId }) => ask(house, traceId)
    const listening = house.post('/goals', { goal: 'delete it' }, asLines).then(linesOf)
    await vi.waitFor(() => expect(house.state.inputs).toHaveLength(1))
    const traceId = house.state.inputs[0]?.traceId ?? ''
    house.state.onConfirm = () => void house.publish(GoalCompleted, outcomeOf(traceId), traceId)
    await vi.waitFor(async () => {
      const response = await house.post('/confirmations/p1', { plan_hash: planHash, answer: 'yes' })
      expect(await response.json()).toMatchObject({ trace_id: traceId, outcome: wire(traceId) })
    })
    expect((await listening).at(-1)).toMatchObject({ type: 'outcome', outcome: wire(traceId) })
  })

  it('gives the outcome also where the gateway was reloaded since the question, and did not hear of it', async () => {
    const house = await startHouse()
    const traceId = 'a'.repeat(32)
    house.state.questions.set(traceId, question)
    const times = { startedAt: '2026-11-02T10:00:00.000Z', endedAt: '2026-11-02T10:00:01.000Z' }
    const run: Run = { ...outcomeOf(traceId), ...times, session: 's', explanation: 'exact' }
    house.state.onConfirm = () => void house.state.runs.set(traceId, run)
    const response = await house.post('/confirmations/p1', { plan_hash: planHash, answer: 'yes' })
    expect(await response.json()).toEqual({ plan_id: 'p1', answer: 'yes', trace_id: traceId, outcome: wire(traceId) })
  })

  it.each([
    ['a hash that is none', { plan_hash: 'abc', answer: 'yes' }, 400],
    ['no hash', { answer: 'yes' }, 400],
    ['another word', { plan_hash: planHash, answer: 'maybe' }, 400],
  ])('with %s answers 400', async (_name, body, status) => {
    const house = await startHouse()
    expect((await house.post('/confirmations/p1', body)).status).toBe(status)
    expect(house.state.answers).toEqual([])
  })

  it('of a plan that does not wait answers 404', async () => {
    const house = await startHouse()
    expect((await house.post('/confirmations/unknown', { plan_hash: planHash, answer: 'yes' })).status).toBe(404)
  })
})
