// states goals to a running nucleus over HTTP, as a client that answers its confirmations at once.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface GoalLine {
  readonly type: string
  readonly plan_id?: string
  readonly plan_hash?: string
  readonly outcome?: { readonly status: string }
}

export interface GoalClient {
  /** resolves when the goal has ended; throws where it was not completed. */
  perform(goal: string): Promise<void>
}

export function createGoalClient(url: string, home: string): GoalClient {
  const token = readFileSync(join(home, 'token'), 'utf8').trim()
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/x-ndjson',
      },
      body: JSON.stringify(body),
    })
  const confirm = async ({ plan_id, plan_hash }: GoalLine): Promise<void> => {
    const response = await post(`/confirmations/${plan_id}`, { plan_hash, answer: 'yes' })
    if (!response.ok) throw new Error(`the confirmation was refused: ${await response.text()}`)
    await response.arrayBuffer()
  }
  return {
    async perform(goal) {
      const response = await post('/goals', { goal })
      if (!response.ok || response.body === null) throw new Error(`'${goal}': ${await response.text()}`)
      let rest = ''
      let last: GoalLine | undefined
      for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
        const lines = `${rest}${piece}`.split('\n')
        rest = lines.pop()!
        for (const line of lines) {
          if (line === '') continue
          last = JSON.parse(line) as GoalLine
          if (last.type === 'confirmation') await confirm(last)
        }
      }
      if (last?.outcome?.status !== 'completed') throw new Error(`'${goal}' was not completed: ${JSON.stringify(last)}`)
    },
  }
}
