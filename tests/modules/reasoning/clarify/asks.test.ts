// goals that lack one thing: each trace asks for what its own examples lack, and its answer makes a whole goal.
import { describe, expect, it } from 'vitest'
import { findAsk } from '../../../../modules/reasoning/clarify/asks.ts'
import { completeGoal } from '../../../../modules/reasoning/clarify/wording.ts'
import { understand } from '../../../../modules/reasoning/understand.ts'
import { intentOf, names, traces } from '../support.ts'

const folder = names('report.txt', 'notes.txt', 'names.txt', 'letters/', 'letters/a.txt', 'backup.zip', 'photos/')

/** what a goal is asked, as the flow asks it; undefined where it is done or declined. */
async function askedOf(goal: string) {
  const intent = await intentOf(goal, folder)
  const first = findAsk(intent, traces, { context: {}, first: true })
  if (first !== undefined || understand(intent, traces).bound.length > 0) return first
  return findAsk(intent, traces, { context: {}, first: false })
}

describe('asks of traces', () => {
  it('are put for each of their examples, and their answers make goals of the same trace', async () => {
    const missed: string[] = []
    for (const trace of traces) {
      for (const ask of trace.compiledAsks) {
        for (const example of ask.examples) {
          const asked = await askedOf(example)
          if (asked?.ask !== ask) {
            missed.push(`${trace.trace}: '${example}' is asked ${asked?.question ?? 'nothing'}`)
            continue
          }
          const whole = completeGoal(asked.waiting, ask.answer)
          const [bound] = understand(await intentOf(whole, folder), traces).bound
          if (bound?.trace !== trace) missed.push(`${trace.trace}: '${whole}' is served by ${bound?.trace.trace}`)
        }
      }
    }
    expect(missed).toEqual([])
  })

  it.each([
    ['please could you copy report.txt for me?', 'Where shall report.txt be copied to?'],
    ['duplicate the file report.txt', 'Where shall report.txt be copied to?'],
    ['show notes.txt and then rename report.txt', 'What shall report.txt be called?'],
    ['get rid of the old documents', 'How old must a file be?'],
    ['remove the big files in the letters folder', 'How large must a file be?'],
    ['Set a timer, please.', 'For how long?'],
  ])('%s', async (goal, question) => {
    expect((await askedOf(goal))?.question).toBe(question)
  })

  it.each([
    // a judgement, a text to be thought up, other people's words
    'delete the files I do not need any more',
    'rename the pictures to something sensible',
    'please call me Tom',
    'call me a taxi',
    'write a poem',
    'remind me of how many days I had off',
    // what is missing is no single thing, or it is there already
    'sort and show the top ten processes',
    'unpack and open "a.tar.gz"',
    'remind me to eat when I get home',
    'set an alarm for 2pm and 3pm',
    'delete report.txt',
    'delete files older than 30 days',
    'list my files',
  ])('are not put for %s', async (goal) => {
    expect(await askedOf(goal)).toBeUndefined()
  })
})
