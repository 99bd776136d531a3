// POST /chat: the fields of llmos-lite (seed 004), with an identity that comes from the token only.
import { userInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { ConfirmationRequested } from '../../../modules/operator/contract.ts'
import { GoalCompleted } from '../../../modules/reasoning/contract.ts'
import { outcomeOf } from './fakes.ts'
import { startHouse, type House } from './house.ts'

const user = userInfo().username

async function startChat(): Promise<House> {
  const house = await startHouse()
  house.state.goal = ({ traceId }) => house.publish(GoalCompleted, outcomeOf(traceId), traceId)
  return house
}

describe('POST /chat', () => {
  it('answers with the fields of seed 004, and a few of its own', async () => {
    const house = await startChat()
    const response = await house.post('/chat', {
      user_id: user,
      team_id: null,
      message: 'make a folder notes',
      include_skills: true,
      max_skills: 5,
    })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      response: 'made notes',
      skills_used: [],
      trace_id: house.state.inputs[0]?.traceId,
      status: 'completed',
      mode: 'innate',
      cost_usd: 0.0015,
    })
    expect(house.state.inputs[0]).toMatchObject({ text: 'make a folder notes', client: { channel: 'chat' } })
  })

  it('needs nothing but the message, and passes over fields that it does not know', async () => {
    const house = await startChat()
    expect((await house.post('/chat', { message: 'x' })).status).toBe(200)
    expect((await house.post('/chat', { message: 'x', temperature: 1 })).status).toBe(200)
  })

  it.each([
    ['another user', { user_id: `${user}-not` }, 'user_id'],
    ['an empty user', { user_id: '' }, 'user_id'],
    ['a team', { team_id: 'engineering' }, 'team_id'],
  ])('for %s answers 403 with the reason, and takes no goal', async (_name, claim, reason) => {
    const house = await startChat()
    const response = await house.post('/chat', { message: 'x', ...claim })
    const { error } = (await response.json()) as { error: { code: string; message: string } }
    expect([response.status, error.code]).toEqual([403, 'IDENTITY_MISMATCH'])
    expect(error.message).toContain(reason)
    expect(house.state.inputs).toEqual([])
  })

  it('without a message answers 400', async () => {
    const house = await startChat()
    expect((await house.post('/chat', {})).status).toBe(400)
    expect((await house.post('/chat', { message: '' })).status).toBe(400)
  })

  it('tells which plan waits for the person', async () => {
    const house = await startHouse()
    const planHash = 'd'.repeat(64)
    const plan = { planId: 'p1', planHash, expiresAt: 'soon' }
    house.state.shown = [{ step: 's1', changes: [{ kind: 'remove', path: 'it' }] }]
    house.state.goal = async ({ traceId }) => {
      const preview = ['1. delete it (to the trash)']
      house.state.questions.set(traceId, { ...plan, goal: 'delete it', preview, via: 'token' })
      await house.publish(ConfirmationRequested, plan, traceId)
    }
    const response = await house.post('/chat', { message: 'delete it' })
    expect(await response.json()).toMatchObject({
      status: 'needs_confirmation',
      plan_id: 'p1',
      plan_hash: planHash,
      response: expect.stringMatching(/1\. delete it[^]*POST \/confirmations\/p1/) as string,
      preview: ['1. delete it (to the trash)'],
      changes: house.state.shown,
      skills_used: [],
    })
  })
})
