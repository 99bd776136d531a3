// every string of the data folder as a message and as a note over HTTP: taken as it is or refused with a reason, and answered
// in JSON that no terminal obeys.
import { expect, it } from 'vitest'
import { GoalCompleted } from '../../../modules/reasoning/contract.ts'
import { dataPath, describeWithData } from '../../support/data.ts'
import { hostileStrings, unsafeIn } from '../../support/hostile.ts'
import { outcomeOf } from './fakes.ts'
import { startHouse } from './house.ts'

describeWithData('a hostile message', () => {
  const strings = hostileStrings(dataPath('hostile'))

  it('reaches perception as it was sent, or is refused as what it is', { timeout: 300_000 }, async () => {
    const house = await startHouse()
    house.state.goal = async ({ text, traceId }) =>
      await house.publish(GoalCompleted, outcomeOf(traceId, { goal: text, answer: text }), traceId)
    const wrong: string[] = []
    for (const message of strings) {
      const response = await house.post('/chat', { message })
      const text = await response.text()
      const shown = unsafeIn(text)
      if (shown !== undefined) wrong.push(`shown: ${shown}`)
      const isRefused = message.trim() === '' || message.includes('\0')
      if (response.status !== (isRefused ? 400 : 200)) wrong.push(`${response.status} for ${JSON.stringify(message)}`)
      // half a character can’t be sent: what arrives is what the client’s own JSON made of it
      if (!isRefused && message.isWellFormed()) {
        const { response: answer } = JSON.parse(text) as { response: string }
        if (answer !== message || house.state.inputs.at(-1)?.text !== message) wrong.push(JSON.stringify(message))
      }
    }
    expect(wrong).toEqual([])
  })

  it('as a part of an address finds nothing and breaks nothing', { timeout: 300_000 }, async () => {
    const house = await startHouse()
    const wrong: string[] = []
    for (const one of strings.filter((text) => text.isWellFormed() && text.length < 2_000)) {
      const part = encodeURIComponent(one)
      for (const path of [`/runs/${part}`, `/memory?query=${part}`, `/${part}`]) {
        const response = await house.fetch(path)
        const shown = unsafeIn(await response.text())
        const isFine = path.startsWith('/memory') ? [200, 400] : [400, 404, 405, 414]
        if (!isFine.includes(response.status) && one !== '') wrong.push(`${response.status} for ${path}`)
        if (shown !== undefined) wrong.push(`shown: ${shown}`)
      }
      const stop = new AbortController()
      const { status } = await house.fetch(`/events?types=${part}`, { signal: stop.signal })
      stop.abort()
      // one that looks like the name of an event is waited for
      if (![200, 400].includes(status)) wrong.push(`${status} for the events ${part}`)
    }
    expect(wrong).toEqual([])
    expect(house.failures).toEqual([])
  })
})
