// what becomes of a plan: read strictly, decided before anything happens, run all or nothing.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Condition, Plan, ToolCall } from '../../../modules/operator/contract.ts'
import { attach, nextTrace, openSession, planOf, startOsd, temporaryFolder } from './support/osd.ts'
import { snapshot } from './support/snapshot.ts'

/** an osd with a working folder and a session there. */
async function house() {
  const folder = temporaryFolder()
  const work = join(folder.path, 'work')
  mkdirSync(work)
  const osd = await startOsd(join(folder.path, 'home'))
  const session = await openSession(osd, work)
  return {
    osd,
    work,
    ...session,
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]()
      await osd.stop()
      folder[Symbol.dispose]()
    },
  }
}

const create = (path: string, text = '') => ({ action: 'files.create', args: { path, text } })

describe('a plan', () => {
  it('is denied as a whole when one step is, before any step has run', async () => {
    await using h = await house()
    const outcome = await h.submit(
      planOf(create('a'), { action: 'files.write', args: { path: '/etc/motd', text: 'x' } }),
    )
    expect(outcome).toMatchObject({
      status: 'denied',
      steps: [{ status: 'skipped' }, { status: 'denied' }],
      decisions: [{ decision: 'confirm' }, { decision: 'deny', policy: 'system-files' }],
    })
    expect(readdirSync(h.work)).toEqual([])
  })

  it('with an action that nobody knows is denied', async () => {
    await using h = await house()
    expect(await h.submit(planOf({ action: 'disk.format', args: { device: 'sda' } }))).toMatchObject({
      status: 'denied',
      decisions: [{ policy: 'unknown-action' }],
    })
  })

  it('is taken back when a later step fails', async () => {
    await using h = await house()
    writeFileSync(join(h.work, 'old'), 'content')
    const before = snapshot(h.work)
    const outcome = await h.submit(
      planOf(
        create('new'),
        { action: 'files.write', args: { path: 'old', text: 'changed' } },
        { action: 'files.delete', args: { paths: ['old'] } },
        create('new'),
        create('never'),
      ),
    )
    expect(outcome.status).toBe('failed')
    expect(outcome.steps.map(({ status }) => status)).toEqual(['undone', 'undone', 'undone', 'failed', 'skipped'])
    expect(outcome.steps[3]?.error?.code).toBe('PATH_EXISTS')
    expect(snapshot(h.work)).toEqual(before)
  })

  it('passes results on by reference, and decides on those steps when they are known', async () => {
    await using h = await house()
    writeFileSync(join(h.work, 'a.tmp'), '')
    writeFileSync(join(h.work, 'keep.txt'), '')
    const find = { action: 'files.find', args: { query: { extensions: ['tmp'] } } }
    const outcome = await h.submit(planOf(find, { action: 'files.delete', args: { paths: { $ref: 's1.paths' } } }))
    expect(outcome).toMatchObject({
      status: 'completed',
      decisions: [{ decision: 'allow' }, { policy: 'change-working-folder' }],
    })
    expect(readdirSync(h.work)).toEqual(['keep.txt'])
  })

  it('does not get past the policy through a reference', async () => {
    await using h = await house()
    writeFileSync(join(h.work, 'list'), '/etc/passwd')
    const outcome = await h.submit(
      planOf(
        { action: 'files.read', args: { path: 'list' } },
        { action: 'files.read', args: { path: { $ref: 's1.text' } } },
      ),
    )
    expect(outcome.status).toBe('denied')
    expect(outcome.steps[1]).toMatchObject({ status: 'denied', error: { code: 'POLICY_DENIED' } })
    expect(JSON.stringify(outcome)).not.toContain('root:x')
  })

  it('checks facts about files before a step', async () => {
    await using h = await house()
    writeFileSync(join(h.work, 'five'), 'hello')
    writeFileSync(join(h.work, 'none'), '')
    mkdirSync(join(h.work, 'folder'))
    const met = async (condition: Condition): Promise<boolean> => {
      const read = { action: 'files.exists', args: { path: 'five' } }
      const outcome = await h.submit(planOf({ ...read, before: [condition] }))
      return outcome.status === 'completed'
    }
    const facts: readonly (readonly [Condition, boolean])[] = [
      [{ path: 'none', is: 'empty' }, true],
      [{ path: 'none', is: 'not_empty' }, false],
      [{ path: 'five', is: 'empty' }, false],
      [{ path: 'folder', is: 'empty' }, true],
      [{ path: 'folder', is: 'larger', than: 0 }, false],
      [{ path: 'five', is: 'larger', than: 4 }, true],
      [{ path: 'five', is: 'larger', than: 5 }, false],
      [{ path: 'five', is: 'smaller', than: 5 }, false],
      [{ path: 'five', is: 'smaller', than: 6 }, true],
      [{ path: 'five', is: 'older', than: 3_600_000 }, false],
      [{ path: 'five', is: 'newer', than: 3_600_000 }, true],
      [{ path: 'gone', is: 'empty' }, false],
    ]
    const found = await Promise.all(facts.map(async ([condition]) => [condition, await met(condition)]))
    expect(found).toEqual(facts)
  })

  it('asks nobody about a plan that could not begin', async () => {
    await using h = await house()
    writeFileSync(join(h.work, 'five'), 'hello')
    const step = { action: 'files.delete', args: { paths: ['five'] }, before: [{ path: 'five', is: 'empty' }] as const }
    let asked = 0
    const outcome = await h.submit(planOf(step), { onWaiting: () => void (asked += 1) })
    expect(asked).toBe(0)
    expect(outcome).toMatchObject({ status: 'failed', steps: [{ error: { code: 'CONDITION_NOT_MET' } }] })
    expect(readdirSync(h.work)).toEqual(['five'])
  })

  it('checks what must hold before and after a step', async () => {
    await using h = await house()
    const missing = await h.submit(planOf({ ...create('a'), before: [{ exists: 'b' }] }))
    expect(missing.steps[0]?.error?.code).toBe('CONDITION_NOT_MET')
    const wrong = await h.submit(planOf({ ...create('a'), after: [{ folder: 'a' }] }))
    expect(wrong.status).toBe('failed')
    expect(existsSync(join(h.work, 'a'))).toBe(false)
    expect((await h.submit(planOf({ ...create('a'), before: [{ absent: 'a' }], after: [{ file: 'a' }] }))).status).toBe(
      'completed',
    )
  })

  it('is judged on the paths of its conditions, too', async () => {
    await using h = await house()
    expect((await h.submit(planOf({ ...create('a'), before: [{ exists: '/etc/shadow' }] }))).status).toBe('denied')
  })

  it('changes nothing beyond what was decided on', async () => {
    await using h = await house()
    // more than a hundred at once: the person is asked, --yes is not enough.
    for (let index = 0; index < 101; index += 1) writeFileSync(join(h.work, `${index}.tmp`), '')
    const many = planOf({ action: 'files.delete_matching', args: { query: { extensions: ['tmp'] } } })
    expect(await h.submit(many, { by: 'yes_flag' })).toMatchObject({
      status: 'needs_confirmation',
      decisions: [{ policy: 'many-files', yesAnswers: false }],
    })
    expect(readdirSync(h.work)).toHaveLength(101)
    expect((await h.submit(many)).status).toBe('completed')
    expect(readdirSync(h.work)).toEqual([])
  })

  it('ends between two steps when it is cancelled, and what it had done is undone', async () => {
    await using h = await house()
    const controller = new AbortController()
    let called = (): void => undefined
    const calling = new Promise<void>((resolve) => (called = resolve))
    const tools = await attach(h.osd, async () => {
      called()
      await new Promise((resolve) => setTimeout(resolve, 5_000).unref())
      return { text: '', data: {} }
    })
    await tools.call('tools.register', {
      tools: [{ name: 'slow.tool', description: '', risk: 'low', undoable: false, input: {} }],
    })
    const running = h.submit(planOf(create('a'), { action: 'slow.tool', args: {} }), { signal: controller.signal })
    await calling
    expect(existsSync(join(h.work, 'a'))).toBe(true)
    controller.abort()
    expect(await running).toMatchObject({
      status: 'failed',
      steps: [{ status: 'undone' }, { error: { code: 'PLAN_CANCELLED' } }],
    })
    expect(existsSync(join(h.work, 'a'))).toBe(false)
    tools.close()
  })

  it('never half overwrites what another plan writes at the same time', async () => {
    await using h = await house()
    writeFileSync(join(h.work, 'log'), '')
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`)
    const outcomes = await Promise.all(
      lines.map((text) => h.submit(planOf({ action: 'files.append', args: { path: 'log', text } }))),
    )
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['completed']))
    expect(readFileSync(join(h.work, 'log'), 'utf8').trim().split('\n').sort()).toEqual(lines.sort())
  })

  it('has its effect once, however often the same goal submits it', async () => {
    await using h = await house()
    writeFileSync(join(h.work, 'log'), '')
    const plan = planOf({ action: 'files.append', args: { path: 'log', text: 'x' } })
    const traceId = nextTrace()
    const outcomes = await Promise.all([h.submit(plan, { traceId }), h.submit(plan, { traceId })])
    outcomes.push(await h.submit(plan, { traceId }))
    expect(new Set(outcomes.map(({ planId }) => planId)).size).toBe(1)
    expect(readFileSync(join(h.work, 'log'), 'utf8').trim()).toBe('x')
  })

  it('shows no control characters of what it read', async () => {
    await using h = await house()
    writeFileSync(join(h.work, 'trick'), 'one\u001b[2Jtwo\u202ethree\n')
    const outcome = await h.submit(planOf({ action: 'files.read', args: { path: 'trick' } }))
    expect(outcome.steps[0]?.text).toContain('one\\u001b[2Jtwo\\u202ethree')
  })
})

describe('a tool', () => {
  const describeTool = (risk: string) => ({
    name: 'memory.remember',
    description: 'keeps a note',
    risk,
    undoable: false,
    input: {
      type: 'object',
      properties: { text: { type: 'string' } },
      required: ['text'],
      additionalProperties: false,
    },
  })

  it('is run by its module with a receipt that stays the same', async () => {
    await using h = await house()
    const calls: { name: string; args: unknown; call: ToolCall }[] = []
    const tools = await attach(h.osd, (_, params) => {
      calls.push(params as (typeof calls)[number])
      return { text: 'noted', data: { id: 7 } }
    })
    await tools.call('tools.register', { tools: [describeTool('low')] })
    const traceId = nextTrace()
    const plan = planOf({ action: 'memory.remember', args: { text: 'buy milk' } })
    expect(await h.submit(plan, { traceId })).toMatchObject({
      status: 'completed',
      decisions: [{ policy: 'tools-harmless' }],
      steps: [{ text: 'noted', data: { id: 7 } }],
    })
    await h.submit(plan, { traceId })
    expect(calls).toHaveLength(1)
    expect(calls[0]).toMatchObject({
      name: 'memory.remember',
      args: { text: 'buy milk' },
      call: { traceId, receipt: expect.stringContaining(traceId) as string },
    })
    tools.close()
  })

  it('is decided on by its risk', async () => {
    await using h = await house()
    const tools = await attach(h.osd, () => ({ text: '', data: {} }))
    const run = async (risk: string, by: 'person' | 'yes_flag') => {
      await tools.call('tools.register', { tools: [describeTool(risk)] })
      const { status, decisions } = await h.submit(planOf({ action: 'memory.remember', args: { text: 'x' } }), { by })
      return `${status} by ${decisions[0]?.policy}`
    }
    expect(await run('none', 'yes_flag')).toBe('completed by tools-harmless')
    expect(await run('medium', 'yes_flag')).toBe('completed by tools-medium')
    expect(await run('high', 'yes_flag')).toBe('needs_confirmation by tools-high')
    expect(await run('high', 'person')).toBe('completed by tools-high')
    expect(await run('critical', 'person')).toBe('denied by tools-critical')
    tools.close()
  })

  it('can’t take the name of an action, and gets no arguments that it does not describe', async () => {
    await using h = await house()
    const tools = await attach(h.osd, () => ({ text: '', data: {} }))
    const offered = [
      describeTool('none'),
      { ...describeTool('none'), name: 'files.delete' },
      { name: 'half.described' },
    ]
    expect(await tools.call('tools.register', { tools: offered })).toMatchObject({
      refused: [{ name: 'files.delete', reason: 'the name is taken' }, { name: 'half.described' }],
    })
    const outcome = await h.submit(planOf({ action: 'memory.remember', args: { text: 'x', user: 'root' } }))
    expect(outcome.steps[0]?.error?.code).toBe('ARGUMENTS_INVALID')
    tools.close()
  })

  it('that fails takes the file changes of its plan with it', async () => {
    await using h = await house()
    const tools = await attach(h.osd, () => {
      throw new Error('no')
    })
    await tools.call('tools.register', { tools: [describeTool('low')] })
    const outcome = await h.submit(planOf(create('a'), { action: 'memory.remember', args: { text: 'x' } }))
    expect(outcome).toMatchObject({ status: 'failed', steps: [{ status: 'undone' }, { status: 'failed' }] })
    expect(existsSync(join(h.work, 'a'))).toBe(false)
    tools.close()
  })
})

describe('a confirmation', () => {
  async function waiting(h: Awaited<ReturnType<typeof house>>, plan: Plan) {
    let asked: ((question: { plan_id: string; plan_hash: string }) => void) | undefined
    const question = new Promise<{ plan_id: string; plan_hash: string }>((resolve) => (asked = resolve))
    const outcome = h.submit(plan, { answer: 'none', onWaiting: (one) => asked?.(one) })
    return { outcome, question: await question }
  }

  it('is told again to the nucleus by the goal that it belongs to, for as long as it is open', async () => {
    await using h = await house()
    const traceId = nextTrace()
    const asked = Promise.withResolvers<{ plan_id: string; plan_hash: string }>()
    const outcome = h.submit(planOf(create('a.txt')), { answer: 'none', traceId, onWaiting: asked.resolve })
    const question = await asked.promise
    const told = await h.nucleus.call('plan.question', { trace_id: traceId })
    expect(told).toEqual(await h.client.call('plan.show', question))
    expect(await h.nucleus.call('plan.question', { trace_id: nextTrace() })).toBe(null)
    await expect(h.client.call('plan.question', { trace_id: traceId })).rejects.toMatchObject({ code: 'NOT_ATTACHED' })
    await h.client.call('plan.answer', { ...question, answer: 'no', by: 'person' })
    await outcome
    expect(await h.nucleus.call('plan.question', { trace_id: traceId })).toBe(null)
  })

  it('shows exactly the plan, escaped, and is answered once for exactly its hash', async () => {
    await using h = await house()
    const { outcome, question } = await waiting(h, planOf(create('a\u001b[31m.txt')))
    const shown = (await h.client.call('plan.show', question)) as { preview: string[]; yes_answers: boolean }
    expect(shown).toMatchObject({
      plan_hash: question.plan_hash,
      yes_answers: true,
      plan: { steps: [{ action: 'files.create' }] },
    })
    expect(shown.preview.join('\n')).toContain('a\\u001b[31m.txt')
    expect(shown.preview.join('\n')).not.toContain('\u001b')
    const yes = { answer: 'yes', by: 'person' }
    await expect(
      h.client.call('plan.answer', { ...question, plan_hash: '0'.repeat(64), ...yes }),
    ).rejects.toMatchObject({ code: 'ANSWER_MISMATCH' })
    expect(await h.client.call('plan.answer', { ...question, ...yes })).toEqual({ accepted: true })
    expect((await outcome).status).toBe('completed')
    await expect(h.client.call('plan.answer', { ...question, ...yes })).rejects.toMatchObject({ code: 'PLAN_UNKNOWN' })
  })

  it('that is a no ends denied, and one that nobody is there for needs confirmation', async () => {
    await using h = await house()
    expect((await h.submit(planOf(create('a')), { answer: 'no' })).status).toBe('denied')
    expect((await h.submit(planOf(create('a')), { answer: 'absent' })).status).toBe('needs_confirmation')
    expect(readdirSync(h.work)).toEqual([])
  })

  it('counts for nothing when the files changed after it was asked', async () => {
    await using h = await house()
    writeFileSync(join(h.work, '1.tmp'), '')
    const { outcome, question } = await waiting(
      h,
      planOf({ action: 'files.delete_matching', args: { query: { extensions: ['tmp'] } } }),
    )
    writeFileSync(join(h.work, 'precious.tmp'), 'mine')
    await h.client.call('plan.answer', { ...question, answer: 'yes', by: 'person' })
    expect((await outcome).status).toBe('failed')
    expect(readdirSync(h.work).sort()).toEqual(['1.tmp', 'precious.tmp'])
  })

  it('expires to a no', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'work'))
    await using osd = await startOsd(join(folder.path, 'home'), { confirmationMs: 50 })
    await using session = await openSession(osd, join(folder.path, 'work'))
    expect(await session.submit(planOf(create('a')), { answer: 'none' })).toMatchObject({
      status: 'denied',
      reason: 'nobody answered in time, which counts as a no',
    })
  })

  it('does not wait for ever for a client that gave up', async () => {
    await using h = await house()
    const controller = new AbortController()
    const outcome = h.submit(planOf(create('a')), {
      answer: 'none',
      signal: controller.signal,
      onWaiting: () => controller.abort(),
    })
    expect((await outcome).status).toBe('failed')
  })

  it('of a client without a peer is given with its token', async () => {
    using folder = temporaryFolder()
    await using osd = await startOsd(join(folder.path, 'home'), { httpToken: 'secret-token' })
    let question: { plan_id: string; plan_hash: string } | undefined
    const { connectPeer } = await import('../../../nucleus/wire/peer.ts')
    const nucleus = await connectPeer(osd.socket, {
      onNotice: (method, params) => void (method === 'plan.waiting' ? (question = params as typeof question) : 0),
    })
    await nucleus.call('nucleus.attach', { secret: osd.secret })
    const { ticket } = (await nucleus.call('ticket.forToken', { token: 'secret-token' })) as { ticket: string }
    const params = {
      plan: JSON.stringify(planOf(create('a'))),
      ticket,
      trace_id: nextTrace(),
      client: { time_zone: 'UTC', locale: 'en', width: 80 },
    }
    const outcome = nucleus.call('plan.submit', params)
    await expect.poll(() => question).toBeDefined()
    const { plan_id, plan_hash } = question!
    await expect(
      nucleus.call('plan.answerWithToken', { plan_id, plan_hash, token: 'wrong', answer: 'yes' }),
    ).rejects.toMatchObject({ code: 'TOKEN_REFUSED' })
    await nucleus.call('plan.answerWithToken', { plan_id, plan_hash, token: 'secret-token', answer: 'yes' })
    expect(await outcome).toMatchObject({ status: 'completed' })
    expect(readdirSync(join(osd.home, 'workspace'))).toEqual(['a'])
    nucleus.close()
  })
})

describe('a plan that is not one', () => {
  const step = '{"id":"s1","action":"system.uptime","args":{}}'
  const wrap = (steps: string, more = '') => `{"version":1,"goal":"g","origin":"o","steps":[${steps}]${more}}`

  it.each([
    ['no JSON', '{', 'JSON_INVALID'],
    ['something behind it', `${wrap(step)} x`, 'JSON_INVALID'],
    [
      'a duplicate key',
      wrap('{"id":"s1","action":"files.read","args":{"path":"a","path":"/etc/shadow"}}'),
      'JSON_DUPLICATE_KEY',
    ],
    ['the key of a prototype', wrap('{"id":"s1","action":"files.read","args":{"__proto__":{}}}'), 'JSON_FORBIDDEN_KEY'],
    [
      'the same key, escaped',
      wrap('{"id":"s1","action":"files.read","args":{"\\u005f_proto__":{}}}'),
      'JSON_FORBIDDEN_KEY',
    ],
    [
      'a number that a double can’t keep',
      wrap('{"id":"s1","action":"x.y","args":{"n":9007199254740993}}'),
      'JSON_NUMBER_IMPRECISE',
    ],
    ['half a character', wrap('{"id":"s1","action":"x.y","args":{"t":"\\ud800"}}'), 'JSON_TEXT_BROKEN'],
    ['an unknown field', wrap(step, ',"approved":true'), 'PLAN_INVALID'],
    ['another version', wrap(step).replace('"version":1', '"version":2'), 'PLAN_INVALID'],
    ['two steps of one name', wrap(`${step},${step}`), 'PLAN_INVALID'],
    ['a reference to a later step', wrap('{"id":"s1","action":"x.y","args":{"p":{"$ref":"s2.path"}}}'), 'PLAN_INVALID'],
    [
      'a reference with something else in it',
      wrap('{"id":"s1","action":"x.y","args":{"p":{"$ref":"s1.path","x":1}}}'),
      'PLAN_INVALID',
    ],
    ['no step', wrap(''), 'PLAN_INVALID'],
    [
      '65 steps',
      wrap(Array.from({ length: 65 }, (_, index) => step.replace('s1', `s${index}`)).join(',')),
      'PLAN_INVALID',
    ],
    ['too deep', wrap(`{"id":"s1","action":"x.y","args":{"a":${'['.repeat(40)}${']'.repeat(40)}}}`), 'JSON_TOO_DEEP'],
    ['too large', wrap(`{"id":"s1","action":"x.y","args":{"a":"${'x'.repeat(300_000)}"}}`), 'JSON_TOO_LARGE'],
  ])('is refused: %s', async (_, text, code) => {
    const { parsePlan } = await import('../../../modules/operator/osd/plan/parse.ts')
    expect(() => parsePlan(text)).toThrow(expect.objectContaining({ code }) as Error)
  })

  it('reads what JSON.parse reads, where nothing is doubtful', async () => {
    const { parseStrictJson } = await import('../../../modules/operator/osd/plan/strict-json.ts')
    const fc = await import('fast-check')
    const keys = fc
      .string({ maxLength: 8 })
      .filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key) && key.isWellFormed())
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'grapheme' }),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(keys, tie('any'), { maxKeys: 4 }),
      ),
    })).any
    fc.assert(
      fc.property(value, (one) => {
        const text = JSON.stringify(one)
        let read: unknown
        try {
          read = parseStrictJson(text, { maxBytes: 1e6, maxDepth: 20 })
        } catch (error) {
          // a double whose shortest spelling is longer than it keeps exactly, or an integer beyond the safe ones.
          expect((error as { code: string }).code).toBe('JSON_NUMBER_IMPRECISE')
          return
        }
        expect(JSON.stringify(read)).toBe(text)
      }),
      { numRuns: 2_000 },
    )
  })
})
