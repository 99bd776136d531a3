// reminders that come due while a shell is open: told above the line that is being typed, and said to be told.
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openPseudoTerminal } from '../../support/pseudo-terminal.ts'
import { waitFor } from '../../support/wait-for.ts'
import { startFakeLotus, type FakeLotus } from '../commands/fake-lotus.ts'
import { root } from '../commands/run-lotus.ts'

let fake: FakeLotus | undefined
afterEach(async () => {
  await fake?.close()
})

describe('a reminder that comes due in an open shell', () => {
  it('is claimed, shown above the line, and said to be told', async () => {
    const streams: ServerResponse[] = []
    let due: object[] = []
    fake = await startFakeLotus({
      'GET /health': () => ({ status: 'healthy' }),
      'GET /reminders': () => ({ reminders: [], due: [{}, {}] }),
      'POST /reminders/claim': () => ({ reminders: due }),
      'POST /reminders/told': () => ({ told: 1 }),
      'GET /events': (_seen, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(': here\n\n')
        streams.push(response)
        return undefined
      },
    })
    await using shell = openPseudoTerminal([process.execPath, join(root, 'scripts', 'lotus.ts'), 'shell'], {
      cwd: tmpdir(),
      environment: { PATH: process.env['PATH'], LOTUS_HOME: fake.home, TERM: 'xterm', HOME: tmpdir(), TZ: 'UTC' },
    })
    await shell.until(/~ \[2 due\]> ?$/)
    shell.type('what is')
    await shell.until(/> what is$/)
    await waitFor(() => streams[0], { timeoutMs: 10_000, what: 'the stream of events' })
    due = [{ id: 'n1', said: 'reminder: take the \u001b[2Jbread out', missed: false }]
    streams[0]!.write('event: timer.fired\ndata: {"data":{}}\n\n')
    await shell.until(/reminder: take the \\u001b\[2Jbread out\n~ \[2 due\]> what is$/)
    const told = await waitFor(() => fake?.requests.find(({ route }) => route === 'POST /reminders/told'), {
      timeoutMs: 10_000,
      what: 'that it was told',
    })
    expect(told.body).toEqual({ ids: ['n1'] })
    shell.type('\u0015exit\r')
    expect(await shell.ended).toBe(0)
  })
})
