// questions and what answers them: names that are nearly there, places among choices, words that leave a question.
import { describe, expect, it } from 'vitest'
import { createClarifier, isWithdrawal } from '../../../../modules/reasoning/clarify/clarifier.ts'
import { nearNames } from '../../../../modules/reasoning/clarify/near-names.ts'
import { intentOf, names, traces } from '../support.ts'

const folder = names(
  'report.txt',
  'report-old.txt',
  'todo.md',
  'tax papers/',
  'tax papers/may.txt',
  'docs/',
  'docs/plan.txt',
)
const speaker = {
  client: { channel: 'cli' as const, timeZone: 'UTC', locale: 'en', width: 80 },
  ticket: 't',
}
const clarifier = createClarifier({
  traces,
  survey: async () => folder,
  interpret: (text, _client, known) => intentOf(text, known),
})

describe('a name that is nearly there', () => {
  it.each([
    ['show report', ['report.txt', 'report-old.txt']],
    ['delete the reprot', ['report.txt']],
    ['rename todo to list.md', ['todo.md']],
    ['how big is the tax paper?', ['tax papers']],
    ['show me docs/plan', ['docs/plan.txt']],
  ])('%s', async (goal, choices) => {
    const asked = await clarifier.askName(await intentOf(goal, folder), speaker)
    expect(asked?.clarification.choices).toEqual(choices)
  })

  it.each(['summarise report', 'is todo any good?', 'write a report', 'what is the weather like?'])(
    'is not what keeps “%s” from being understood',
    async (goal) => {
      expect(await clarifier.askName(await intentOf(goal, folder), speaker)).toBeUndefined()
    },
  )

  it('is offered where the one that was said is not there', async () => {
    const intent = await intentOf('delete "reprot.txt" and then show todo.md', folder)
    const asked = await clarifier.askOtherName(intent, 'reprot.txt', speaker)
    expect(asked?.clarification).toMatchObject({
      question: 'There is no “reprot.txt” here. Is report.txt meant?',
      example: 'delete report.txt and then show todo.md',
    })
  })

  it('is not offered where another name of the same list is not there either', async () => {
    const ask = async (goal: string) => clarifier.askOtherName(await intentOf(goal, folder), 'reprot.txt', speaker)
    expect(await ask('delete reprot.txt and invoice.pdf')).toBeUndefined()
    expect((await ask('delete reprot.txt and todo.md'))?.clarification.choices).toEqual(['report.txt'])
    expect((await ask('copy reprot.txt to backup.txt'))?.clarification.choices).toEqual(['report.txt'])
  })

  it.each(['b.txt', 'b', 'ab.txt'])('%s is too short to be nearly another', (said) => {
    expect(nearNames(said, names('z.txt', 'b/', 'ac.txt'))).toEqual([])
  })

  it.each([
    ['REPORT.txt', ['report.txt']],
    ['report', ['report.txt', 'report-old.txt']],
    ['reprot.txt', ['report.txt']],
    ['docs/plam.txt', ['docs/plan.txt']],
    ['photos/report.txt', []],
    ['tod', []],
    ['invoice.pdf', []],
  ])('%s: %j', (said, near) => {
    expect(nearNames(said, folder).map(({ path }) => path)).toEqual(near)
  })
})

describe('an answer', () => {
  const answered = async (goal: string, answer: string): Promise<string | undefined> => {
    const intent = await intentOf(goal, folder)
    const asked = clarifier.ask(intent, { context: {}, first: false }) ?? (await clarifier.askName(intent, speaker))
    expect(asked).toBeDefined()
    return (await clarifier.answer(asked!, answer, speaker))?.text
  }

  it.each([
    ['show report', '2', 'show report-old.txt'],
    ['show report', 'the first one', 'show report.txt'],
    ['show report', 'the last', 'show report-old.txt'],
    ['show report', 'Report.txt', 'show report.txt'],
    ['show report', 'docs/plan.txt', 'show docs/plan.txt'],
    ['rename todo to list.md', 'yes', 'rename todo.md to list.md'],
    ['how big is the tax paper?', 'yes', 'how big is the "tax papers"?'],
    ['copy report.txt', 'to docs', 'copy report.txt to docs'],
    ['remind me to call Bob', 'tomorrow at 9', 'remind me to call Bob tomorrow at 9'],
    ['append to todo.md', 'call Bob', 'append "call Bob" to todo.md'],
    // one question more
    ['rename', 'todo.md', 'rename todo.md'],
  ])('to “%s”: %s', async (goal, answer, sentence) => {
    expect(await answered(goal, answer)).toBe(sentence)
  })

  it.each([
    ['show report', '7'],
    ['copy report.txt', 'docs and then delete todo.md'],
    ['remind me to call Bob', 'why is the sky blue?'],
    ['delete', 'the notes about Bob'],
  ])('to “%s” is not: %s', async (goal, answer) => {
    expect(await answered(goal, answer)).toBeUndefined()
  })

  it('that is dangerous is read, so that it can be refused', async () => {
    const intent = await intentOf('delete', folder)
    const asked = clarifier.ask(intent, { context: {}, first: false })
    expect((await clarifier.answer(asked!, 'everything under /', speaker))?.risk).toBe('critical')
  })

  it.each(['no', 'Never mind.', 'forget it', 'cancel', 'none of them'])('“%s” leaves a question', (text) => {
    expect(isWithdrawal(text)).toBe(true)
  })

  it('about notes is not enough alone: they are said whole', async () => {
    const asked = clarifier.ask(await intentOf('remember', folder), { context: {}, first: true })
    expect(asked?.clarification.answerable).toBe(false)
  })
})
