// lotus run: what it sends, what it shows, what it answers when it is asked, and how it ends.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { goalThatEnds, outcome, sendLines, startFakeLotus, token } from './fake-lotus.ts'
import type { FakeLotus, Route } from './fake-lotus.ts'
import { lastJson, runLotus } from './run-lotus.ts'
import type { Ended } from './run-lotus.ts'

let fake: FakeLotus | undefined
afterEach(async () => {
  await fake?.close()
  fake = undefined
})

async function start(goals: Route, osd = {}, more: Record<string, Route> = {}): Promise<FakeLotus> {
  fake = await startFakeLotus({ 'POST /goals': goals, ...more }, osd)
  return fake
}

async function endsWith(status: string): Promise<number | null> {
  const { home, close } = await startFakeLotus({ 'POST /goals': goalThatEnds({ status }) })
  const { code } = await runLotus(['run', 'x'], { home })
  await close()
  return code
}

describe('a goal', () => {
  it('is posted with a ticket of osd, the token and what the client knows', async () => {
    const { home, requests } = await start(goalThatEnds())
    await runLotus(['run', 'count', 'the', 'files'], { home, environment: { COLUMNS: '132' } })
    expect(requests).toEqual([
      {
        route: 'POST /goals',
        query: {},
        authorization: `Bearer ${token}`,
        body: {
          goal: 'count the files',
          ticket: 'ticket-1',
          client: { time_zone: 'Europe/Berlin', locale: 'en-GB', width: 132 },
        },
      },
    ])
  })

  it('may begin with a dash after --', async () => {
    const { home, requests } = await start(goalThatEnds())
    await runLotus(['run', '--json', '--', '-5 plus 3'], { home })
    expect(requests[0]?.body['goal']).toBe('-5 plus 3')
  })

  it('is asked in other words too', async () => {
    const { home } = await start(goalThatEnds({ answer: '4' }))
    expect(await runLotus(['ask', 'what is 2 + 2?'], { home })).toMatchObject({ code: 0, stdout: '4\n' })
  })

  it('that is empty is wrong usage', async () => {
    const { home } = await start(goalThatEnds())
    expect((await runLotus(['run'], { home })).code).toBe(2)
    expect((await runLotus(['run', '   '], { home })).code).toBe(2)
    expect(lastJson(await runLotus(['run', '--json', ''], { home }))).toMatchObject({ status: 'failed', code: 'USAGE' })
  })
})

describe('an outcome', () => {
  it('is the answer on stdout and a line about it on stderr', async () => {
    const steps = [{ action: 'files.create', args: {}, status: 'completed', undo_id: 'u1' }]
    const { home } = await start(goalThatEnds({ answer: 'made notes\n', steps }))
    expect(await runLotus(['run', 'make notes'], { home })).toEqual({
      code: 0,
      stdout: 'made notes\n',
      stderr: 'innate · free · 12 ms · take it back with `lotus undo`\n',
    })
  })

  it('is the answer alone with --quiet', async () => {
    const { home } = await start(goalThatEnds({ answer: '42' }))
    expect(await runLotus(['run', '-q', 'x'], { home })).toEqual({ code: 0, stdout: '42\n', stderr: '' })
  })

  it('is one line of JSON with --json', async () => {
    const steps = [{ action: 'math.evaluate', args: { expression: '1+1' }, status: 'completed' }]
    const { home } = await start(goalThatEnds({ answer: '2', steps }))
    const ended = await runLotus(['run', '--json', '1+1'], { home })
    expect(ended.stdout.split('\n')).toHaveLength(2)
    expect(lastJson(ended)).toMatchObject({
      status: 'completed',
      mode: 'innate',
      answer: '2',
      trace_id: '0193f6f28c0070018d3f9a4e1b7c2d10',
      cost_usd: 0,
      steps,
    })
  })

  it('decides the exit code', async () => {
    const codes = [
      await endsWith('completed'),
      await endsWith('failed'),
      await endsWith('denied'),
      await endsWith('refused'),
      await endsWith('needs_confirmation'),
      await endsWith('needs_model'),
    ]
    expect(codes).toEqual([0, 1, 3, 3, 4, 5])
  })

  it('cannot rewrite the terminal', async () => {
    const { home } = await start(goalThatEnds({ answer: 'a\u001b[2Jb\u202ec\td\r\ne' }))
    expect((await runLotus(['run', 'x'], { home })).stdout).toBe('a\\u001b[2Jb\\u202ec\td\ne\n')
    const { stdout } = await runLotus(['run', '--json', 'x'], { home })
    expect([stdout.includes('\u001b'), stdout.includes('\u202e')]).toEqual([false, false])
  })
})

/** a goal that asks once and ends when osd was answered. */
function goalThatAsks(): { route: Route; answered: (params: Record<string, unknown>) => unknown } {
  let end: ((answer: string) => void) | undefined
  return {
    route: (_seen, response) => {
      end = (answer) => {
        const status = answer === 'yes' ? 'completed' : answer === 'no' ? 'refused' : 'needs_confirmation'
        sendLines(response, [{ type: 'outcome', outcome: outcome({ status }) }])
        response.end()
      }
      sendLines(response, [
        { type: 'accepted', trace_id: 't1' },
        {
          type: 'confirmation',
          plan_id: 'p1',
          plan_hash: 'h1',
          expires_at: new Date(Date.now() + 60_000).toISOString(),
        },
      ])
    },
    answered: (params) => {
      end?.(String(params['answer']))
      return { taken: true }
    },
  }
}

async function ask(args: string[], yesAnswers: boolean, typed?: string): Promise<{ ended: Ended; answers: unknown[] }> {
  const { route, answered } = goalThatAsks()
  const shown = { goal: 'remove \u001b[8mit', preview: ['1. files.remove path=x'], yes_answers: yesAnswers }
  const { home, calls } = await start(route, { 'plan.show': () => shown, 'plan.answer': answered })
  const ended = await runLotus(['run', ...args, 'remove x'], { home, ...(typed === undefined ? {} : { typed }) })
  return { ended, answers: calls.filter(({ method }) => method === 'plan.answer').map(({ params }) => params) }
}

const bound = { plan_id: 'p1', plan_hash: 'h1' }

describe('a confirmation', () => {
  it('is answered by --yes where osd lets it', async () => {
    const { ended, answers } = await ask(['--yes'], true)
    expect(answers).toEqual([{ ...bound, answer: 'yes', by: 'yes_flag' }])
    expect(ended.code).toBe(0)
  })

  it('is not answered by --yes where osd does not, and nobody is there', async () => {
    const { ended, answers } = await ask(['--yes'], false)
    expect(answers).toEqual([{ ...bound, answer: 'absent', by: 'person' }])
    expect(ended.code).toBe(4)
  })

  it('without a terminal finds nobody', async () => {
    const { ended, answers } = await ask([], true)
    expect(answers).toEqual([{ ...bound, answer: 'absent', by: 'person' }])
    expect(ended.code).toBe(4)
  })

  it('is shown to the person on a terminal and answered with their yes', async () => {
    const { ended, answers } = await ask([], true, 'y\n')
    expect(answers).toEqual([{ ...bound, answer: 'yes', by: 'person' }])
    expect(ended.code).toBe(0)
    expect(ended.stdout).toContain('1. files.remove path=x')
    expect(ended.stdout).toContain('remove \\u001b[8mit')
  })

  it('is a no for anything but a clear yes', async () => {
    const { ended, answers } = await ask([], true, 'maybe\n')
    expect(answers).toEqual([{ ...bound, answer: 'no', by: 'person' }])
    expect(ended.code).toBe(3)
  })

  it('asks the person where --yes does not reach', async () => {
    const { ended, answers } = await ask(['--yes'], false, 'yes\n')
    expect(answers).toEqual([{ ...bound, answer: 'yes', by: 'person' }])
    expect(ended.stdout).toContain('--yes does not answer this')
  })

  it('that has expired meanwhile leaves the outcome to LOTUS', async () => {
    const { home } = await start(
      (_seen, response) => {
        sendLines(response, [
          { type: 'accepted', trace_id: 't1' },
          { type: 'confirmation', plan_id: 'p1', plan_hash: 'h1', expires_at: '2020-01-01T00:00:00Z' },
          { type: 'outcome', outcome: outcome({ status: 'needs_confirmation' }) },
        ])
        response.end()
      },
      {
        'plan.show': () => {
          throw new Error('no such plan')
        },
      },
    )
    expect((await runLotus(['run', 'x'], { home })).code).toBe(4)
  })
})

describe('Ctrl+C', () => {
  it('ends the goal and waits for what came of it', async () => {
    let end: (() => void) | undefined
    const { home, requests } = await start(
      (_seen, response) => {
        end = () => {
          sendLines(response, [
            { type: 'outcome', outcome: outcome({ status: 'failed', answer: 'cancelled, and undone' }) },
          ])
          response.end()
        }
        sendLines(response, [{ type: 'accepted', trace_id: 't1' }])
        setTimeout(() => interrupt?.(), 50)
      },
      {},
      {
        'DELETE /runs/t1': () => {
          end?.()
          return { cancelled: true }
        },
      },
    )
    let interrupt: (() => void) | undefined
    const running = runLotus(['run', 'x'], { home, onChild: (child) => (interrupt = () => child.kill('SIGINT')) })
    expect(await running).toMatchObject({ code: 130, stdout: 'cancelled, and undone\n' })
    expect(requests.map(({ route }) => route)).toEqual(['POST /goals', 'DELETE /runs/t1'])
  })

  it('twice does not wait', async () => {
    let interrupt: (() => void) | undefined
    const { home } = await start(
      (_seen, response) => {
        sendLines(response, [{ type: 'accepted', trace_id: 't1' }])
        setTimeout(() => interrupt?.(), 50)
      },
      {},
      {
        'DELETE /runs/t1': () => {
          interrupt?.()
          return undefined
        },
      },
    )
    const startedMs = Date.now()
    const ended = await runLotus(['run', 'x'], { home, onChild: (child) => (interrupt = () => child.kill('SIGINT')) })
    expect(ended.code).toBe(130)
    expect(Date.now() - startedMs).toBeLessThan(3000)
  })
})

describe('a goal whose stream is lost', () => {
  const closing = {
    type: 'error',
    error: { code: 'GATEWAY_CLOSING', message: 'it is being closed', fix: 'ask again', retryable: true },
  }
  const question = (planId: string) => ({
    type: 'confirmation',
    plan_id: planId,
    plan_hash: 'h1',
    expires_at: new Date(Date.now() + 60_000).toISOString(),
  })
  const accepted = { type: 'accepted', trace_id: 't1' }
  const endsAs =
    (...lines: unknown[]): Route =>
    (_seen, response) => {
      sendLines(response, lines)
      response.end()
    }

  it('because the gateway is reloaded is taken up again', async () => {
    const { home, requests } = await start(
      endsAs(accepted, closing),
      {},
      { 'GET /goals/t1': endsAs(accepted, { type: 'outcome', outcome: outcome({ answer: 'after all' }) }) },
    )
    expect(await runLotus(['run', '-q', 'x'], { home })).toEqual({ code: 0, stdout: 'after all\n', stderr: '' })
    expect(requests.map(({ route }) => route)).toEqual(['POST /goals', 'GET /goals/t1'])
  })

  it('because it was cut off is taken up again, as often as it takes', async () => {
    let times = 0
    const { home } = await start(
      (_seen, response) => {
        sendLines(response, [accepted])
        setTimeout(() => response.destroy(), 20)
      },
      {},
      {
        'GET /goals/t1': (seen, response) => {
          times += 1
          if (times < 3) return void response.destroy()
          return endsAs(accepted, { type: 'outcome', outcome: outcome() })(seen, response)
        },
      },
    )
    expect((await runLotus(['run', 'x'], { home })).code).toBe(0)
    expect(times).toBe(3)
  })

  it('asks the person once, and again for another plan', async () => {
    const again = endsAs(accepted, question('p1'), question('p2'), { type: 'outcome', outcome: outcome() })
    const { home, calls } = await start(endsAs(accepted, question('p1'), closing), {}, { 'GET /goals/t1': again })
    await runLotus(['run', '--yes', 'x'], { home })
    const answered = calls.filter(({ method }) => method === 'plan.answer').map(({ params }) => params['plan_id'])
    expect(answered).toEqual(['p1', 'p2'])
  })

  it('is ended by Ctrl+C meanwhile', async () => {
    let interrupt: (() => void) | undefined
    let isCancelled = false
    const { home } = await start(
      endsAs(accepted, closing),
      {},
      {
        'GET /goals/t1': (seen, response) => {
          interrupt?.()
          if (!isCancelled) return void response.destroy()
          return endsAs(accepted, { type: 'outcome', outcome: outcome({ status: 'failed', answer: 'taken back' }) })(
            seen,
            response,
          )
        },
        'DELETE /runs/t1': () => {
          isCancelled = true
          return { cancelled: true }
        },
      },
    )
    let count = 0
    const ended = await runLotus(['run', 'x'], {
      home,
      onChild: (child) => (interrupt = () => void (count++ === 0 && child.kill('SIGINT'))),
    })
    expect(ended).toMatchObject({ code: 130, stdout: 'taken back\n' })
  })

  it('is not waited for where the nucleus drains', async () => {
    const { home, requests } = await start((_seen, response) => {
      const path = join(home, 'run', 'nucleus.json')
      const record = JSON.parse(readFileSync(path, 'utf8')) as object
      writeFileSync(path, JSON.stringify({ ...record, status: 'draining' }))
      endsAs(accepted, closing)(_seen, response)
    })
    expect((await runLotus(['run', 'x'], { home })).code).toBe(6)
    expect(requests.map(({ route }) => route)).toEqual(['POST /goals'])
  })
})

describe('what goes wrong', () => {
  it('in the middle is told, with where to look', async () => {
    const { home } = await start((_seen, response) => {
      sendLines(response, [{ type: 'accepted', trace_id: 't1' }])
      setTimeout(() => response.destroy(), 20)
    })
    const ended = await runLotus(['run', 'x'], { home })
    expect(ended.code).toBe(6)
    expect(ended.stderr).toContain('the connection ended before the goal did')
    expect(ended.stderr).toContain('lotus runs')
  })

  it('in the middle, told by LOTUS itself, is told on', async () => {
    const { home } = await start((_seen, response) => {
      const error = { code: 'GATEWAY_CLOSING', message: 'it is being closed', fix: 'ask again' }
      sendLines(response, [
        { type: 'accepted', trace_id: 't1' },
        { type: 'error', error, trace_id: 't1' },
      ])
      response.end()
    })
    expect(await runLotus(['run', 'x'], { home })).toMatchObject({
      code: 6,
      stderr: 'lotus: it is being closed\nask again\n',
    })
  })

  it('keeps the last line of --json what programs expect', async () => {
    const { home } = await start((_seen, response) => void response.destroy())
    expect(lastJson(await runLotus(['run', '--json', 'x'], { home }))).toMatchObject({
      status: 'failed',
      mode: 'none',
      trace_id: '',
      cost_usd: 0,
      steps: [],
      error: { code: 'UNREACHABLE' },
    })
  })

  it('names the operator where osd has no socket because its module does not run', async () => {
    const { home } = await start(goalThatEnds())
    const path = join(home, 'run', 'nucleus.json')
    const record = JSON.parse(readFileSync(path, 'utf8')) as object
    writeFileSync(path, JSON.stringify({ ...record, osd_socket: '', status: 'degraded' }))
    const ended = await runLotus(['run', 'x'], { home })
    expect(ended.code).toBe(6)
    expect(ended.stderr).toContain('the module operator does not run')
    expect(ended.stderr).toContain('lotus module load operator')
  })

  it('is told in the words of the nucleus', async () => {
    const { home } = await start((_seen, response) => {
      response.writeHead(401, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: { code: 'TOKEN_WRONG', message: 'not this token', fix: 'take that one' } }))
    })
    const ended = await runLotus(['run', 'x'], { home })
    expect(ended).toMatchObject({ code: 1, stderr: 'lotus: not this token\ntake that one\n' })
  })
})
