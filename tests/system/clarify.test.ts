// questions about goals through the whole house: at a terminal, in a pipe, over HTTP.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createHttpGoals } from '../support/http-goals.ts'
import { createPrivateLotus, project, type PrivateLotus } from '../support/private-lotus.ts'
import { openPseudoTerminal } from '../support/pseudo-terminal.ts'

let lotus: PrivateLotus
beforeAll(async () => {
  lotus = createPrivateLotus()
  await lotus.start()
}, 120_000)
afterAll(async () => {
  await lotus?.dispose()
})
beforeEach(() => {
  rmSync(lotus.folder, { recursive: true, force: true })
  mkdirSync(join(lotus.folder, 'drafts'), { recursive: true })
  writeFileSync(join(lotus.folder, 'letter.md'), 'Dear Anna\n')
})
const isThere = (name: string): boolean => existsSync(join(lotus.folder, name))

describe('lotus run', () => {
  it('asks at a terminal, until the goal is whole', async () => {
    const { NO_COLOR: _, ...environment } = lotus.environment
    const words = [process.execPath, join(project, 'scripts', 'lotus.ts'), 'run', '--yes', 'copy']
    await using terminal = openPseudoTerminal(words, {
      cwd: lotus.folder,
      columns: 90,
      rows: 30,
      environment: { ...environment, TERM: 'xterm-256color' },
    })
    await terminal.until(/What shall be copied\?[^]*answer \(Enter leaves it\): ?$/)
    terminal.type('letter.md\r')
    await terminal.until(/Where shall letter\.md be copied to\?[^]*answer \(Enter leaves it\): ?$/)
    terminal.type('to drafts\r')
    expect(await terminal.ended).toBe(0)
    expect(isThere('drafts/letter.md')).toBe(true)
  })

  it('without a terminal ends refused, with the question in JSON', async () => {
    const { code, stdout } = await lotus.lotus(['run', '--json', 'rename letter.md'])
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'refused',
      code: 'GOAL_UNCLEAR',
      steps: [],
      clarification: {
        question: 'What shall letter.md be called?',
        missing: 'to',
        example: 'rename letter.md to summary.txt',
        choices: [],
        answerable: true,
      },
    })
  })
})

describe('over HTTP', () => {
  const post = async (path: string, body: object): Promise<Readonly<Record<string, unknown>>> =>
    (await createHttpGoals(lotus).request('POST', path, body)).body

  it('`answers` names the run whose question is answered', async () => {
    const asked = await post('/goals', { goal: 'remind me to call Bob' })
    expect(asked).toMatchObject({ status: 'refused', clarification: { missing: 'when' } })
    const answered = await post('/goals', { goal: 'tomorrow at 9', answers: asked['trace_id'] })
    expect(answered).toMatchObject({ status: 'completed', goal: 'remind me to call Bob tomorrow at 9' })
  })

  it('the story of a run has its question', async () => {
    const asked = await post('/goals', { goal: 'rename' })
    const { body } = await lotus.get(`/runs/${String(asked['trace_id'])}`)
    expect(body).toMatchObject({ status: 'refused', clarification: { missing: 'from' } })
  })

  it('what does not answer is told so, and the question stays', async () => {
    const asked = await post('/goals', { goal: 'remind me to call Bob' })
    const wrong = await post('/goals', { goal: 'why is the sky blue?', answers: asked['trace_id'] })
    expect(wrong).toMatchObject({ status: 'refused', code: 'GOAL_UNCLEAR', clarification: { missing: 'when' } })
    const right = await post('/goals', { goal: 'tomorrow at 9', answers: wrong['trace_id'] })
    expect(right).toMatchObject({ status: 'completed' })
  })

  it('a run that asked nothing has no answer', async () => {
    const done = await post('/goals', { goal: 'what is 1 + 1?' })
    const answered = await post('/goals', { goal: '2', answers: done['trace_id'] })
    expect(answered).toMatchObject({ status: 'failed', code: 'ANSWER_UNASKED' })
  })

  it('the next message of a session answers, in POST /chat too', async () => {
    const asked = await post('/chat', { message: 'set a timer', session: 'kitchen' })
    expect(asked).toMatchObject({ status: 'refused', clarification: { question: 'For how long?' } })
    expect(await post('/chat', { message: '10 minutes', session: 'kitchen' })).toMatchObject({ status: 'completed' })
  })

  it('a danger that an answer makes is refused', async () => {
    const asked = await post('/chat', { message: 'delete', session: 'danger' })
    expect(asked['status']).toBe('refused')
    expect(await post('/goals', { goal: 'everything under /', session: 'danger' })).toMatchObject({
      status: 'refused',
      code: 'GOAL_DANGEROUS',
    })
  })

  it('a line that could be an answer or a goal is done as neither', async () => {
    await post('/goals', { goal: 'remind me tomorrow at 9', session: 'two' })
    const both = await post('/goals', { goal: 'make a folder called red', session: 'two' })
    expect(both).toMatchObject({ status: 'refused', code: 'ANSWER_AMBIGUOUS' })
    expect(await post('/goals', { goal: 'never mind', session: 'two' })).toMatchObject({
      status: 'completed',
      steps: [],
    })
  })
})

describe('a goal with a condition', () => {
  it('is done where it is met', async () => {
    const { status } = await lotus.goal('if letter.md exists, delete it')
    expect([status, isThere('letter.md')]).toEqual(['completed', false])
  })

  it('is told as not done where it is not, and asks nothing', async () => {
    const missing = await lotus.lotus(['run', '--json', 'if gone.md exists, delete it'])
    expect(missing.code).toBe(0)
    expect(JSON.parse(missing.stdout)).toMatchObject({
      status: 'completed',
      code: 'CONDITION_NOT_MET',
      answer: 'Not done: gone.md is not there. Nothing was changed.',
    })
    const full = await lotus.lotus(['run', '--json', 'delete letter.md if it is empty'])
    expect(JSON.parse(full.stdout)).toMatchObject({ answer: 'Not done: letter.md is not empty. Nothing was changed.' })
    expect(isThere('letter.md')).toBe(true)
  })
})
