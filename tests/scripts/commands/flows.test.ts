// lotus flows: what it asks for, what it shows, what it gives to programs.
import { afterEach, expect, it } from 'vitest'
import { startFakeLotus } from './fake-lotus.ts'
import type { FakeLotus, Route } from './fake-lotus.ts'
import { lastJson, runLotus } from './run-lotus.ts'
import type { Ended } from './run-lotus.ts'

let fake: FakeLotus | undefined
afterEach(async () => {
  await fake?.close()
  fake = undefined
})

async function lotus(args: string[], routes: Record<string, Route>): Promise<Ended> {
  fake = await startFakeLotus(routes)
  return await runLotus(['flows', ...args], { home: fake.home })
}

const flow = {
  id: 'order-1',
  name: 'shop/order\u001b[1A',
  status: 'failed',
  error: { code: 'NO_ROOM', message: 'no room' },
  created_at: '2026-11-21T03:00:00.000Z',
  updated_at: '2026-11-21T03:00:01.000Z',
}

it('lists flows of a status, with nothing in them that moves on a terminal', async () => {
  const ended = await lotus(['list', '--status', 'failed', '-n', '5'], { 'GET /flows': () => ({ flows: [flow] }) })
  expect(fake?.requests[0]?.query).toEqual({ limit: '5', status: 'failed' })
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('no room') })
  expect(ended.stdout).not.toContain('\u001b')
})

it('says that there are none', async () => {
  const ended = await lotus([], { 'GET /flows': () => ({ flows: [] }) })
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('no durable flows') })
})

it('refuses a status that there is not', async () => {
  const ended = await lotus(['--status', 'sleepy'], {})
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('waiting, running') })
})

it('shows what a flow has done', async () => {
  const entries = [
    { position: 0, name: 'reserve' },
    { position: 1, name: 'pay' },
  ]
  const ended = await lotus(['show', 'order-1'], { 'GET /flows/order-1': () => ({ ...flow, entries }) })
  expect(ended.stdout).toMatch(/1 +reserve\n2 +pay/)
})

it('gives programs the whole flow', async () => {
  const whole = { ...flow, entries: [] }
  const ended = await lotus(['show', 'order-1', '--json'], { 'GET /flows/order-1': () => whole })
  expect(lastJson(ended)).toEqual(whole)
})

it('cancels a flow, and fails where it had ended already', async () => {
  const first = await lotus(['cancel', 'order-1'], {
    'POST /flows/order-1/cancel': () => ({ id: 'order-1', cancelled: true }),
  })
  expect(first.code).toBe(0)
  await fake?.close()
  const second = await lotus(['cancel', 'order-1'], {
    'POST /flows/order-1/cancel': () => ({ id: 'order-1', cancelled: false }),
  })
  expect(second).toMatchObject({ code: 1, stdout: expect.stringContaining('had ended already') })
})
