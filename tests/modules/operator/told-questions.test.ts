// what osd has just told of a question: given once, for a moment, and not for ever many.
import { describe, expect, it } from 'vitest'
import { createToldQuestions } from '../../../modules/operator/link/told-questions.ts'

const question = (planId: string) => ({
  planId,
  planHash: 'a'.repeat(64),
  goal: 'make a file',
  preview: ['1. makes a file'],
  expiresAt: '2026-11-26T10:00:00.000Z',
  via: 'peer' as const,
})

describe('a question that was told', () => {
  it('is given once', () => {
    const told = createToldQuestions()
    told.keep('goal', question('plan'))
    expect(told.take('other')).toBeUndefined()
    expect(told.take('goal')).toEqual(question('plan'))
    expect(told.take('goal')).toBeUndefined()
  })

  it('is not given when it may have been answered since', () => {
    let now = 0
    const told = createToldQuestions(() => now)
    told.keep('goal', question('plan'))
    now = 501
    expect(told.take('goal')).toBeUndefined()
  })

  it('is not given when its plan has ended', () => {
    const told = createToldQuestions()
    told.keep('goal', question('plan'))
    told.drop('goal')
    expect(told.take('goal')).toBeUndefined()
  })

  it('gives way to newer ones where nobody takes it', () => {
    const told = createToldQuestions()
    for (let goal = 0; goal < 65; goal += 1) told.keep(`goal ${goal}`, question(`plan ${goal}`))
    expect(told.take('goal 0')).toBeUndefined()
    expect(told.take('goal 64')?.planId).toBe('plan 64')
  })
})
