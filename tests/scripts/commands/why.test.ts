// lotus why: the story of a decision, from the run, the rows of the audit chain and the rules in force.
import { afterEach, describe, expect, it } from 'vitest'
import { startFakeLotus, type FakeLotus } from './fake-lotus.ts'
import { lastJson, runLotus } from './run-lotus.ts'

let fake: FakeLotus | undefined
afterEach(async () => {
  await fake?.close()
})

const run = {
  trace_id: 'a'.repeat(32),
  goal: 'delete \u001b[2Ja.txt',
  status: 'denied',
  code: 'POLICY_DENIED',
  started_at: '2026-11-21T03:02:35Z',
  trace_name: 'files.delete',
  explanation: "files.delete by '<delete> {paths:paths}'",
}
const step = { action: 'files.delete', decision: 'confirm', policy: 'change-working-folder' }
// newest first, as the gateway gives them
const rows = [
  { kind: 'plan.denied', body: {} },
  { kind: 'plan.answered', body: { answer: 'no', by: 'person' } },
  { kind: 'plan.decided', body: { steps: [step] } },
]

async function why(args: string[], story: object = run, told: readonly object[] = rows) {
  fake = await startFakeLotus({
    'GET /runs': () => ({ runs: [story] }),
    [`GET /runs/${run.trace_id}`]: () => story,
    'GET /audit': () => ({ rows: told }),
    'GET /policies': () => ({ policies: [{ name: 'change-working-folder', description: 'changes are asked for' }] }),
  })
  return await runLotus(['why', ...args], { home: fake.home })
}

describe('lotus why', () => {
  it('tells what the newest goal was taken for, which rule decided and who answered', async () => {
    const { code, stdout } = await why([])
    expect(code).toBe(0)
    expect(stdout).toContain('taken for  files.delete')
    expect(stdout).toContain("because    files.delete by '<delete> {paths:paths}'")
    expect(stdout).toMatch(/1\. +files\.delete +confirm +by change-working-folder: changes are asked for/)
    expect(stdout).toContain('you said no')
    expect(stdout).toContain('delete \\u001b[2Ja.txt')
  })

  it('asks for the rows of the run that is named', async () => {
    await why([run.trace_id])
    expect(fake?.requests.find(({ route }) => route === 'GET /audit')?.query).toMatchObject({ trace_id: run.trace_id })
  })

  it('says so where it ended before there was a plan', async () => {
    const { stdout } = await why([], { ...run, trace_name: undefined, status: 'refused' }, [])
    expect(stdout).toContain('nothing that LOTUS can do by itself')
    expect(stdout).toContain('none: it ended before there was a plan')
  })

  it('gives run and rows as JSON, in the order in which they happened', async () => {
    const { rows: told } = lastJson(await why(['--json'])) as { rows: { kind: string }[] }
    expect(told.map(({ kind }) => kind)).toEqual(['plan.decided', 'plan.answered', 'plan.denied'])
  })
})
