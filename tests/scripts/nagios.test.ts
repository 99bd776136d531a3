// `lotus health --nagios`: what every state of LOTUS becomes for a monitor.
import { afterEach, describe, expect, it } from 'vitest'
import { startFakeLotus, type FakeLotus } from './commands/fake-lotus.ts'
import { runLotus } from './commands/run-lotus.ts'

let lotus: FakeLotus
afterEach(async () => {
  await lotus.close()
})

const health = (fields: Record<string, unknown>): Record<string, unknown> => ({
  status: 'healthy',
  version: '0.1.0',
  uptime_ms: 61_200,
  modules: { memory: { status: 'healthy', restarts: 2 }, weather: { status: 'healthy', restarts: 1 } },
  infrastructure: { store: { backend: 'sqlite', status: 'healthy', reason: null } },
  notices: [],
  ...fields,
})

async function check(fields: Record<string, unknown>): Promise<{ code: number | null; line: string }> {
  lotus = await startFakeLotus({ 'GET /health': () => health(fields) })
  const { code, stdout } = await runLotus(['health', '--nagios'], { home: lotus.home })
  return { code, line: stdout.replace(/ time=[\d.]+s/, ' time=T') }
}

describe('lotus health --nagios', () => {
  it('is OK, with figures, where all is well', async () => {
    expect(await check({})).toEqual({
      code: 0,
      line: 'LOTUS OK - healthy | uptime=61s;;;0; modules=2;;;0;2 restarts=3c;;;0; time=T;;;0;\n',
    })
  })

  it('is a warning with the reasons where LOTUS is degraded', async () => {
    const { code, line } = await check({
      status: 'degraded',
      modules: { weather: { status: 'parked', reason: 'too many | restarts\nin a row', restarts: 4 } },
      notices: [{ code: 'SAFE_MODE', message: 'only the core modules run', fix: '' }],
    })
    expect(code).toBe(1)
    expect(line).toBe(
      'LOTUS WARNING - degraded: only the core modules run, weather parked (too many / restarts in a row)' +
        ' | uptime=61s;;;0; modules=0;;;0;1 restarts=4c;;;0; time=T;;;0;\n',
    )
  })

  it('is critical where a core module is down', async () => {
    const { code, line } = await check({ status: 'unhealthy', modules: { memory: { status: 'unhealthy' } } })
    expect([code, line.slice(0, 50)]).toEqual([2, 'LOTUS CRITICAL - unhealthy: memory unhealthy | upt'])
  })

  it('is a warning while LOTUS drains', async () => {
    expect((await check({ status: 'draining' })).code).toBe(1)
  })

  it('is unknown for a word that it does not know', async () => {
    expect((await check({ status: 'puzzled' })).code).toBe(3)
  })

  it('is critical where LOTUS does not answer', async () => {
    lotus = await startFakeLotus({ 'GET /health': (_seen, response) => void response.destroy() })
    const { code, stdout } = await runLotus(['health', '--nagios'], { home: lotus.home })
    expect([code, stdout.startsWith('LOTUS CRITICAL - ')]).toEqual([2, true])
  })

  it('lets nothing through that a terminal would act on', async () => {
    const { line } = await check({
      status: 'degraded',
      modules: { weather: { status: 'parked', reason: 'a\u001b[2Jb' } },
    })
    expect(line).not.toContain('\u001b')
  })

  it('is not asked for together with --json', async () => {
    lotus = await startFakeLotus({})
    expect((await runLotus(['health', '--nagios', '--json'], { home: lotus.home })).code).toBe(2)
  })
})
