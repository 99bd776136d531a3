// states goals to a running nucleus over HTTP, as a client that answers its confirmations at once. it speaks plain
// node:http over kept connections: `fetch` with its web streams takes as long for a goal as a third of LOTUS does.
import { readFileSync } from 'node:fs'
import { Agent, request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

interface GoalLine {
  readonly type: string
  readonly plan_id?: string
  readonly plan_hash?: string
  readonly outcome?: { readonly status: string }
}

export interface GoalClient {
  /** resolves when the goal has ended; throws where it was not completed. */
  perform(goal: string): Promise<void>
  close(): void
}

export function createGoalClient(url: string, home: string): GoalClient {
  const token = readFileSync(join(home, 'token'), 'utf8').trim()
  const agent = new Agent({ keepAlive: true })
  const post = (path: string, body: object): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const content = JSON.stringify(body)
      request(`${url}${path}`, {
        agent,
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(content),
          accept: 'application/x-ndjson',
        },
      })
        .once('response', resolve)
        .once('error', reject)
        .end(content)
    })
  const confirm = async ({ plan_id, plan_hash }: GoalLine): Promise<void> => {
    const response = await post(`/confirmations/${plan_id}`, { plan_hash, answer: 'yes' })
    const answer = await text(response)
    if (response.statusCode !== 200) throw new Error(`the confirmation was refused: ${answer}`)
  }
  return {
    async perform(goal) {
      const response = await post('/goals', { goal })
      if (response.statusCode !== 200) throw new Error(`'${goal}': ${await text(response)}`)
      let rest = ''
      let last: GoalLine | undefined
      for await (const piece of response.setEncoding('utf8') as AsyncIterable<string>) {
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
    close: () => agent.destroy(),
  }
}
