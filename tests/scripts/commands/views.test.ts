// the commands that show and change what LOTUS keeps: what they ask for, what they show, what they give to programs.
import { afterEach, describe, expect, it } from 'vitest'
import { startFakeLotus } from './fake-lotus.ts'
import type { FakeLotus, Route } from './fake-lotus.ts'
import { lastJson, runLotus } from './run-lotus.ts'
import type { Ended } from './run-lotus.ts'

let fake: FakeLotus | undefined
afterEach(async () => {
  await fake?.close()
  fake = undefined
})

async function lotus(args: string[], routes: Record<string, Route>, osd = {}): Promise<Ended> {
  fake = await startFakeLotus(routes, osd)
  return await runLotus(args, { home: fake.home })
}

const health = {
  status: 'degraded',
  version: '0.1.0',
  uptime_ms: 7_500_000,
  modules: {
    memory: { status: 'healthy', since: '2026-11-21T03:00:00.000Z', restarts: 0, last_error: null },
    providers: { status: 'degraded', since: '2026-11-21T03:00:00.000Z', restarts: 2, reason: 'no model' },
  },
  infrastructure: { store: { backend: 'sqlite', status: 'healthy', reason: 'embedded: no LOTUS_POSTGRES_URL' } },
}

describe('undo', () => {
  it('takes back the change with this id, by ticket', async () => {
    const ended = await lotus(['undo', 'u7'], {
      'POST /undo': () => ({ undo_id: 'u7', status: 'completed', text: 'a.txt is back' }),
    })
    expect(ended).toEqual({ code: 0, stdout: 'a.txt is back\n', stderr: '' })
    expect(fake?.requests[0]?.body).toEqual({ ticket: 'ticket-1', undo_id: 'u7' })
  })

  it('takes back the last change without an id', async () => {
    await lotus(['undo'], { 'POST /undo': () => ({ undo_id: 'u7', status: 'completed', text: 'x' }) })
    expect(fake?.requests[0]?.body).toEqual({ ticket: 'ticket-1' })
  })

  it('that is refused ends with the status in its exit code', async () => {
    const refused = { undo_id: 'u7', status: 'failed', text: 'a.txt was changed since' }
    expect(await lotus(['undo'], { 'POST /undo': () => refused })).toMatchObject({
      code: 1,
      stdout: 'a.txt was changed since\n',
    })
  })
})

const run = {
  trace_id: '0193f6f28c0070018d3f9a4e1b7c2d10',
  goal: 'copy a to b',
  status: 'completed',
  mode: 'innate',
  trace_name: 'files.copy',
  answer: 'copied',
  cost_usd: 0,
  duration_ms: 31,
  explanation: 'the template fits, every word is used',
  started_at: '2026-11-21T03:00:00.000Z',
  ended_at: '2026-11-21T03:00:00.031Z',
  steps: [{ action: 'files.copy', args: { from: 'a', to: 'b' }, status: 'completed', text: 'b', undo_id: 'u7' }],
}

describe('runs', () => {
  it('are listed, newest first as LOTUS gives them', async () => {
    const ended = await lotus(['runs', '-n', '3'], { 'GET /runs': () => ({ runs: [run] }) })
    expect(ended.stdout).toMatch(
      /^0193f6f28c0070018d3f9a4e1b7c2d10 {2}2026-11-21 04:00:00 {2}completed {2}innate {2}copy a to b\n$/,
    )
    expect(fake?.requests[0]?.query).toEqual({ limit: '3' })
  })

  it('show one with its steps, reasons and ids to take back', async () => {
    const ended = await lotus(['runs', 'show', run.trace_id], { [`GET /runs/${run.trace_id}`]: () => run })
    expect(ended.stdout).toContain('copy a to b')
    expect(ended.stdout).toContain('innate, files.copy')
    expect(ended.stdout).toContain('the template fits')
    expect(ended.stdout).toContain('completed  files.copy {"from":"a","to":"b"}')
    expect(ended.stdout).toContain('lotus undo u7')
  })

  it('show the newest without an id', async () => {
    const routes = { 'GET /runs': () => ({ runs: [run] }), [`GET /runs/${run.trace_id}`]: () => run }
    expect(lastJson(await lotus(['runs', 'show', '--json'], routes))).toEqual(run)
  })
})

describe('memory', () => {
  const note = { id: 'n1', text: 'the wifi is\nlotus', source: 'person', created_at: '2026-11-21T03:00:00.000Z' }

  it('is listed on a line a note', async () => {
    const ended = await lotus(['memory'], { 'GET /memory': () => ({ notes: [note] }) })
    expect(ended.stdout).toBe('n1  2026-11-21 04:00:00  the wifi is lotus\n')
  })

  it('is searched with all the words', async () => {
    await lotus(['memory', 'search', 'wifi', '& more'], { 'GET /memory': () => ({ notes: [] }) })
    expect(fake?.requests[0]?.query).toEqual({ limit: '20', query: 'wifi & more' })
  })

  it('forgets nothing where nobody can be asked', async () => {
    const ended = await lotus(['memory', 'forget', 'n1'], {})
    expect(ended.code).toBe(4)
    expect(fake?.requests).toEqual([])
  })

  it('forgets each id with --yes and says which were none', async () => {
    const routes = { 'DELETE /memory/n1': () => ({ forgotten: 1 }), 'DELETE /memory/n2': () => ({ forgotten: 0 }) }
    const ended = await lotus(['memory', 'forget', 'n1', 'n2', '--yes', '--json'], routes)
    expect(lastJson(ended)).toEqual({ forgotten: 1, missing: 1 })
    expect(ended.code).toBe(1)
  })
})

describe('module', () => {
  const memory = {
    name: 'memory',
    version: '1.0.0',
    description: 'remembers',
    status: 'healthy',
    core: true,
    generation: 2,
  }

  it('lists what LOTUS is made of', async () => {
    const ended = await lotus(['module', 'list'], { 'GET /modules': () => ({ modules: [memory] }) })
    expect(ended.stdout).toBe('memory  1.0.0  healthy  core  remembers\n')
  })

  it('reloads one and says which generation runs', async () => {
    const ended = await lotus(['module', 'reload', 'memory'], { 'POST /modules/memory/reload': () => memory })
    expect(ended.stdout).toBe('memory is reloaded: healthy, generation 2\n')
  })

  it('disables one, of whose state there is nothing left to say', async () => {
    const ended = await lotus(['module', 'disable', 'memory'], { 'POST /modules/memory/disable': () => memory })
    expect(ended.stdout).toBe('memory is disabled\n')
  })

  it('shows a grade with what to do, and ends with 1 where something must be mended', async () => {
    const grade = (status: string, name: string) => ({
      name: 'memory',
      grade: name,
      findings: [{ part: 'docs', status, message: 'it has no README.md', fix: 'write one' }],
    })
    const route = 'POST /modules/memory/check'
    const poor = await lotus(['module', 'check', 'memory'], { [route]: () => grade('bad', 'poor') })
    expect(poor).toMatchObject({ code: 1 })
    expect(poor.stdout).toBe('bad  docs  it has no README.md\n         write one\n\nmemory is poor\n')
    const fair = await lotus(['module', 'check', 'memory', '--json'], { [route]: () => grade('warning', 'fair') })
    expect([fair.code, lastJson(fair)]).toEqual([0, grade('warning', 'fair')])
  })

  it('says where a change goes on after the answer', async () => {
    const later: Route = (_seen, response) => {
      response.writeHead(202, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ ...memory, name: 'gateway' }))
    }
    const ended = await lotus(['module', 'reload', 'gateway'], { 'POST /modules/gateway/reload': later })
    expect(ended.stdout).toContain('gateway is being reloaded')
  })

  it('says what was meant', async () => {
    const ended = await lotus(['module', 'relaod', 'memory'], {})
    expect(ended).toMatchObject({ code: 2 })
    expect(ended.stderr).toContain('did you mean `lotus module reload`?')
  })
})

describe('audit', () => {
  const row = {
    sequence: 7,
    time: '2026-11-21T03:00:00.000Z',
    kind: 'plan.decided',
    trace_id: 't1',
    uid: 1000,
    body: {
      plan_id: 'p1',
      goal: 'copy a',
      cwd: '/w',
      decision: 'allow',
      steps: [{ id: 's1', action: 'files.copy', decision: 'allow', policy: 'in-folder', resources: ['path:/w/b'] }],
    },
  }

  it('shows who did what under which rule', async () => {
    const ended = await lotus(['audit', 'show', '--run', 't1'], { 'GET /audit': () => ({ rows: [row] }) })
    expect(ended.stdout).toBe(
      '7  2026-11-21 04:00:00  plan.decided  user 1000  t1  ' +
        'goal: copy a; cwd: /w; decision: allow; files.copy allow by in-folder (path:/w/b)\n',
    )
    expect(fake?.requests[0]?.query).toEqual({ limit: '20', trace_id: 't1' })
  })

  it('verifies the chain, and ends with 1 where it was changed', async () => {
    const fault = { sequence: 3, reason: 'its hash does not fit' }
    const ended = await lotus(['audit', 'verify'], {
      'GET /audit/verify': () => ({ ok: false, rows: 2, head: 'x', fault }),
    })
    expect(ended).toMatchObject({ code: 1 })
    expect(ended.stdout).toContain('was changed at row 3: its hash does not fit')
  })
})

describe('health and status', () => {
  it('show the tree with its reasons', async () => {
    const { code, stdout } = await lotus(['status'], { 'GET /health': () => health })
    expect(code).toBe(0)
    expect(stdout).toContain('LOTUS 0.1.0 is degraded, up for 2 h 5 min')
    expect(stdout).toContain('memory     healthy')
    expect(stdout).toContain('providers  degraded  no model, restarted 2 times')
    expect(stdout).toContain('store  sqlite  healthy  embedded: no LOTUS_POSTGRES_URL')
  })

  it('give programs the answer as it is', async () => {
    expect(lastJson(await lotus(['health', '--json'], { 'GET /health': () => health }))).toEqual(health)
  })

  it('end with 1 where it is unhealthy, also when that comes as 503', async () => {
    const unwell: Route = (_seen, response) => {
      response.writeHead(503, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ ...health, status: 'unhealthy' }))
    }
    expect((await lotus(['health'], { 'GET /health': unwell })).code).toBe(1)
  })

  it('need no token', async () => {
    await lotus(['health'], { 'GET /health': () => health })
    expect(fake?.requests[0]?.authorization).toBeUndefined()
  })
})

describe('grant', () => {
  it('gives osd the folder itself, over its own socket', async () => {
    const { home, calls, close } = await startFakeLotus(
      {},
      { 'grant.add': (params: Record<string, unknown>) => params },
    )
    expect((await runLotus(['grant', '.'], { home })).code).toBe(0)
    await close()
    expect(calls).toEqual([{ method: 'grant.add', params: { path: home } }])
  })

  it('of what is no folder is refused before anybody is asked', async () => {
    expect((await lotus(['grant', 'token'], {})).code).toBe(2)
    expect(fake?.calls).toEqual([])
  })
})
