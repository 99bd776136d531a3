// an answer and the goal that waits for it make one sentence.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeGoal, waitingGoal } from '../../../../modules/reasoning/clarify/wording.ts'

const whole = (template: string, said: string, answer: string, bindings = {}): string =>
  completeGoal(waitingGoal(template, said, bindings), answer)

describe('a completed goal', () => {
  it.each([
    ['{goal} to {answer}', 'copy a.txt', 'b.txt', 'copy a.txt to b.txt'],
    ['{goal} to {answer}', 'copy a.txt.', 'to docs.', 'copy a.txt to docs'],
    ['{goal} to {answer}', 'copy a.txt to', 'b.txt', 'copy a.txt to b.txt'],
    ['{goal} to {answer}', 'copy a.txt', 'into docs', 'copy a.txt into docs'],
    ['{goal} to {answer}', 'remind me at 5', 'about the bread', 'remind me at 5 about the bread'],
    ['{goal} called {answer}', 'make a folder called', 'red', 'make a folder called red'],
    ['{goal} {answer}', 'delete', 'notes.txt', 'delete notes.txt'],
  ])('%s of “%s” with “%s”', (template, said, answer, sentence) => {
    expect(whole(template, said, answer)).toBe(sentence)
  })

  it('names files as they were meant', () => {
    const bindings = { from: ['tax papers.txt', 'a.txt'] }
    expect(whole('copy {from} to {answer}', '', 'docs', bindings)).toBe('copy "tax papers.txt" and a.txt to docs')
  })

  it('keeps every character of a text between quotes that it does not have', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        fc.pre(text.trim() === text && !/[\s.!…]$|^["'“‘«`]|\0|[“”«»]/u.test(text))
        const sentence = whole('append {quoted} to a.txt', '', text)
        expect(sentence.slice('append '.length + 1, -' to a.txt'.length - 1)).toBe(text)
        expect(sentence.slice('append '.length + 1, -' to a.txt'.length - 1)).not.toContain(sentence['append '.length])
      }),
    )
  })

  it('keeps what stood around the place of the answer', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (around, answer) => {
        fc.pre(!around.includes('\0') && !answer.includes('\0') && answer.trim() !== '')
        expect(completeGoal(`show \0answer\0${around}`, answer).endsWith(around)).toBe(true)
      }),
    )
  })
})
