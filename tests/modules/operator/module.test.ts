// the operator as a module: it keeps osd running, passes plans on, runs tools of modules and tells what was done.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { createTraceId } from '../../../nucleus/identifiers.ts'
import { openHouse } from './support/house.ts'
import type { OperatorHouse } from './support/house.ts'
import { planOf, startClient, temporaryFolder } from './support/osd.ts'
import type { TestClient } from './support/osd.ts'

const client = { timeZone: 'UTC', locale: 'en', width: 80 }

/** a client with a ticket that says yes to what it is asked. */
async function openClient(
  house: OperatorHouse,
  cwd: string,
): Promise<TestClient & { ticket: string; answer(): Promise<void> }> {
  const socket = house.kernel.announcements()['osd_socket'] ?? ''
  const made = await startClient(socket, { cwd })
  const { ticket } = (await made.peer.call('ticket.issue')) as { ticket: string }
  return {
    ...made,
    ticket,
    async answer() {
      const asked = await vi.waitFor(() => {
        const event = house.events.findLast(({ type }) => type === 'confirmation.requested')
        expect(event).toBeDefined()
        return event!
      })
      const { planId, planHash } = asked.data
      await made.peer.call('plan.answer', { plan_id: planId, plan_hash: planHash, answer: 'yes', by: 'person' })
    },
  }
}

async function osdPid(house: OperatorHouse): Promise<number> {
  const made = await startClient(house.kernel.announcements()['osd_socket'] ?? '', { cwd: '/' })
  await using _ = made
  return ((await made.peer.call('osd.hello')) as { pid: number }).pid
}

const statusOf = async (house: OperatorHouse) => (await house.nucleus.health()).modules['operator']

describe('the operator module', () => {
  it('runs a plan, asks through an event, and tells each step in the trace of its goal', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'work'))
    await using house = await openHouse(folder.path)
    await using person = await openClient(house, join(folder.path, 'work'))
    const traceId = createTraceId()
    const submitted = house.operator.submit(planOf({ action: 'files.create', args: { path: 'a', text: 'x' } }), {
      ticket: person.ticket,
      traceId,
      client,
    })
    await person.answer()
    const outcome = await submitted
    expect(outcome.status).toBe('completed')
    expect(readFileSync(join(folder.path, 'work/a'), 'utf8').trim()).toBe('x')
    await vi.waitFor(() =>
      expect(house.events.map(({ type }) => type).sort()).toEqual([
        'action.completed',
        'confirmation.requested',
        'plan.decided',
      ]),
    )
    const done = house.events.find(({ type }) => type === 'action.completed')
    expect(done).toMatchObject({
      data: { action: 'files.create', status: 'completed', undoId: outcome.steps[0]?.undoId },
    })
    expect(done?.traceparent).toContain(traceId)
    expect(await house.operator.outcome(traceId)).toEqual(outcome)
    expect(await house.operator.statistics()).toMatchObject({
      actions: { 'files.create': 1 },
      decisions: { allow: 0, confirm: 1, deny: 0 },
      failures: 0,
    })
  })

  it('says what an open question is about, the same when it was told of it and when it has to ask', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'work'))
    await using house = await openHouse(folder.path)
    await using person = await openClient(house, join(folder.path, 'work'))
    const traceId = createTraceId()
    const submitted = house.operator.submit(planOf({ action: 'files.create', args: { path: 'a', text: 'x' } }), {
      ticket: person.ticket,
      traceId,
      client,
    })
    await vi.waitFor(() => expect(house.events.map(({ type }) => type)).toContain('confirmation.requested'))
    const told = await house.operator.question(traceId)
    expect(told?.preview.join()).toContain('files.create')
    expect(await house.operator.question(traceId)).toEqual(told)
    await person.answer()
    await submitted
    expect(await house.operator.question(traceId)).toBeUndefined()
  })

  it('undoes, surveys, lists actions and shows the chain', async () => {
    using folder = temporaryFolder()
    const work = join(folder.path, 'work')
    mkdirSync(join(work, 'sub/below'), { recursive: true })
    writeFileSync(join(work, 'sub/file'), '')
    await using house = await openHouse(folder.path)
    await using person = await openClient(house, work)
    expect(await house.operator.survey(person.ticket)).toEqual([
      { path: 'sub', kind: 'folder' },
      { path: 'sub/below', kind: 'folder' },
      { path: 'sub/file', kind: 'file' },
    ])
    const submitted = house.operator.submit(planOf({ action: 'files.delete', args: { paths: ['sub'] } }), {
      ticket: person.ticket,
      traceId: createTraceId(),
      client,
    })
    await person.answer()
    expect((await submitted).status).toBe('completed')
    expect(await house.operator.undo({ ticket: person.ticket, traceId: createTraceId() })).toMatchObject({
      status: 'completed',
    })
    expect(existsSync(join(work, 'sub/file'))).toBe(true)
    expect(await house.operator.undo({ ticket: person.ticket, traceId: createTraceId() })).toMatchObject({
      status: 'failed',
      text: 'there is nothing to undo',
    })
    const actions = await house.operator.actions()
    expect(actions.map(({ name }) => name)).toEqual(expect.arrayContaining(['files.read', 'undo.last', 'box.open']))
    expect(actions.every(({ input }) => typeof input === 'object')).toBe(true)
    expect((await house.governance.audit({ limit: 1 }))[0]).toMatchObject({ kind: 'plan.failed' })
    expect(await house.governance.verifyAudit()).toMatchObject({ ok: true })
  })

  it('runs the tool of a module, also of one that comes later', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'work'))
    await using house = await openHouse(folder.path)
    await using person = await openClient(house, join(folder.path, 'work'))
    const traceId = createTraceId()
    const open = () =>
      house.operator.submit(planOf({ action: 'box.open', args: { lid: 1 } }), {
        ticket: person.ticket,
        traceId,
        client,
      })
    expect((await open()).steps[0]).toMatchObject({
      status: 'completed',
      text: `box.open {"lid":1} for ${traceId}`,
      data: { uid: process.getuid?.() },
    })
    await house.nucleus.unload('toolbox')
    const gone = () =>
      house.operator.submit(planOf({ action: 'box.open', args: {} }), {
        ticket: person.ticket,
        traceId: createTraceId(),
        client,
      })
    await vi.waitFor(async () => expect((await gone()).status).not.toBe('completed'))
    await house.nucleus.load('toolbox')
    expect((await gone()).status).toBe('completed')
  })

  it('brings osd back when it was killed; calls meanwhile wait or say so', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'work'))
    await using house = await openHouse(folder.path)
    const before = await osdPid(house)
    process.kill(before, 'SIGKILL')
    expect(await house.operator.verifyAudit().catch((error: unknown) => (error as { code: string }).code)).toSatisfy(
      (answer) => answer === 'WIRE_CLOSED' || (answer as { ok: boolean }).ok,
    )
    await vi.waitFor(async () => expect(await osdPid(house)).not.toBe(before), 10_000)
    await vi.waitFor(async () => expect(await house.operator.verifyAudit()).toMatchObject({ ok: true }), 10_000)
    await using person = await openClient(house, join(folder.path, 'work'))
    expect(
      (
        await house.operator.submit(planOf({ action: 'box.open', args: {} }), {
          ticket: person.ticket,
          traceId: createTraceId(),
          client,
        })
      ).status,
    ).toBe('completed')
  })

  it('says that osd was started again, and that nothing was done, for a ticket of the one before', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'work'))
    await using house = await openHouse(folder.path)
    await using person = await openClient(house, join(folder.path, 'work'))
    const before = await osdPid(house)
    process.kill(before, 'SIGKILL')
    await vi.waitFor(async () => expect(await osdPid(house)).not.toBe(before), 10_000)
    await vi.waitFor(async () => expect(await house.operator.verifyAudit()).toMatchObject({ ok: true }), 10_000)
    const plan = planOf({ action: 'files.create', args: { path: 'a', text: 'x' } })
    await expect(
      house.operator.submit(plan, { ticket: person.ticket, traceId: createTraceId(), client }),
    ).rejects.toMatchObject({ code: 'OSD_RESTARTED', message: expect.stringContaining('nothing was done') as string })
    expect(existsSync(join(folder.path, 'work/a'))).toBe(false)
  })

  it('keeps the same osd when it is reloaded, with its tickets and open questions', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'work'))
    await using house = await openHouse(folder.path)
    const before = await osdPid(house)
    await using person = await openClient(house, join(folder.path, 'work'))
    for (let round = 0; round < 3; round += 1) await house.nucleus.reload('operator')
    expect(await osdPid(house)).toBe(before)
    expect(
      (
        await house.operator.submit(planOf({ action: 'system.uptime', args: {} }), {
          ticket: person.ticket,
          traceId: createTraceId(),
          client,
        })
      ).status,
    ).toBe('completed')
    expect((await statusOf(house))?.status).toBe('healthy')
    expect((await statusOf(house))?.generation).toBe(4)
  })

  it('ends osd when it is unloaded, also one that it took over', async () => {
    using folder = temporaryFolder()
    await using house = await openHouse(folder.path)
    await house.nucleus.reload('operator')
    const pid = await osdPid(house)
    await house.nucleus.unload('hand')
    await house.kernel.stop('the test asks for it')
    expect(existsSync(`/proc/${pid}`)).toBe(false)
    expect(existsSync(join(house.home, 'run/osd.sock'))).toBe(false)
  })
})
