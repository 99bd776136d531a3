// what every engine of durable flows must do; an engine's test calls it with a factory that opens the same state again.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineErrors } from '../../../../nucleus/errors.ts'
import type { FlowCode, Flows, FlowState } from '../../../../nucleus/flows/flow.ts'

export interface FlowsFixture {
  /** opens the engine on the same state each time; one at a time. */
  open(options?: { maxRunning?: number }): Promise<Flows>
  dispose(): Promise<void>
}

const testErrors = defineErrors({
  TEST_AGAIN: { title: 'not yet', fix: 'try again', retryable: true },
  TEST_NEVER: { title: 'never', fix: 'give up' },
})

export function describeFlows(name: string, makeFixture: () => Promise<FlowsFixture>): void {
  describe(`flows on ${name}`, () => {
    let fixture: FlowsFixture
    let flows: Flows
    beforeEach(async () => {
      fixture = await makeFixture()
      flows = await fixture.open()
    })
    afterEach(async () => {
      await flows.close()
      await fixture.dispose()
    })
    const endOf = (id: string): Promise<FlowState> => flows.ended(id, { timeoutMs: 10_000 })
    const reopen = async (options?: { maxRunning?: number }): Promise<void> => {
      await flows.close()
      flows = await fixture.open(options)
    }
    const run = async <Input>(code: FlowCode<Input>, input?: Input): Promise<FlowState> => {
      flows.define('test', code)
      await flows.start('test', 'one', input)
      return await endOf('one')
    }

    it('gives what the code gives for its input', async () => {
      const ended = await run(
        async (flow, { count }: { count: number }) => {
          const doubled = await flow.step('double', () => count * 2)
          return { doubled, id: flow.id }
        },
        { count: 21 },
      )
      expect(ended).toMatchObject({ status: 'completed', name: 'test', result: { doubled: 42, id: 'one' } })
    })

    it('starts a flow once, however often it is asked', async () => {
      let begun = 0
      flows.define('test', async (flow) => await flow.step('count', () => (begun += 1)))
      await Promise.all([
        flows.start('test', 'one', {}),
        flows.start('test', 'one', {}),
        flows.start('test', 'one', {}),
      ])
      await endOf('one')
      await flows.start('test', 'one', {})
      expect(begun).toBe(1)
    })

    it('refuses an id that belongs to a flow of another name', async () => {
      await flows.start('test', 'one', {})
      await expect(flows.start('other', 'one', {})).rejects.toMatchObject({ code: 'FLOW_CONFLICT' })
    })

    it('keeps a flow that nobody has code for until somebody has', async () => {
      await flows.start('test', 'one', 'words')
      expect((await flows.state('one'))?.status).not.toBe('completed')
      flows.define('test', async (_flow, input: string) => input.length)
      expect(await endOf('one')).toMatchObject({ status: 'completed', result: 5 })
    })

    it('does not repeat a step whose result is kept', async () => {
      const done: string[] = []
      let opened: () => void = () => undefined
      const gate = new Promise<void>((resolve) => {
        opened = resolve
      })
      const code =
        (waits: boolean): FlowCode =>
        async (flow) => {
          const first = await flow.step('first', () => done.push('first'))
          if (waits) {
            opened()
            await flow.receive('go', { timeoutMs: 60_000 })
          } else await flow.receive('go', { timeoutMs: 60_000 })
          const second = await flow.step('second', () => done.push('second'))
          return [first, second]
        }
      flows.define('test', code(true))
      await flows.start('test', 'one', {})
      await gate
      await reopen()
      await flows.send('one', 'go', true, 'message-1')
      flows.define('test', code(false))
      expect(await endOf('one')).toMatchObject({ status: 'completed', result: [1, 2] })
      expect(done).toEqual(['first', 'second'])
    })

    it('keeps nothing as nothing, and null as null', async () => {
      const ended = await run(async (flow) => {
        const nothing = await flow.step('nothing', () => undefined)
        const none = await flow.step('none', () => null)
        return [nothing === undefined, none === null]
      })
      expect(ended.result).toEqual([true, true])
    })

    it('gives the code the error that a step threw, by its code', async () => {
      const ended = await run(async (flow) => {
        try {
          await flow.step('fails', () => {
            throw testErrors.TEST_NEVER({ value: 'x' })
          })
        } catch (error) {
          return (error as { code: string }).code
        }
        return 'no error'
      })
      expect(ended).toMatchObject({ status: 'completed', result: 'TEST_NEVER' })
    })

    it('fails a flow whose code throws, and keeps why', async () => {
      const ended = await run(async () => {
        throw testErrors.TEST_NEVER()
      })
      expect(ended).toMatchObject({ status: 'failed', error: { code: 'TEST_NEVER' } })
    })

    it('tries a step again after an error that may pass, each time under another receipt', async () => {
      const receipts: string[] = []
      const ended = await run(
        async (flow) =>
          await flow.step(
            'shaky',
            ({ receipt, attempt }) => {
              receipts.push(receipt)
              if (attempt < 3) throw testErrors.TEST_AGAIN({ retryAfterMs: 1 })
              return attempt
            },
            { maxAttempts: 3 },
          ),
      )
      expect(ended).toMatchObject({ status: 'completed', result: 3 })
      expect(receipts).toEqual(['one/0/1', 'one/0/2', 'one/0/3'])
    })

    it('does not try again what will not pass', async () => {
      let tries = 0
      const ended = await run(
        async (flow) =>
          await flow.step(
            'hopeless',
            () => {
              tries += 1
              throw testErrors.TEST_NEVER()
            },
            { maxAttempts: 3 },
          ),
      )
      expect(ended).toMatchObject({ status: 'failed', error: { code: 'TEST_NEVER' } })
      expect(tries).toBe(1)
    })

    it('ends a step that takes too long, and tells its work', async () => {
      let told = false
      const ended = await run(
        async (flow) =>
          await flow.step(
            'slow',
            ({ signal }) =>
              new Promise((resolve) => {
                signal.addEventListener('abort', () => {
                  told = true
                  resolve('late')
                })
              }),
            { timeoutMs: 20 },
          ),
      )
      expect(ended).toMatchObject({ status: 'failed', error: { code: 'FLOW_STEP_TIMED_OUT' } })
      expect(told).toBe(true)
    })

    it('refuses a step inside a step', async () => {
      const ended = await run(async (flow) => await flow.step('outer', async () => await flow.step('inner', () => 1)))
      expect(ended).toMatchObject({ status: 'failed', error: { code: 'FLOW_STEP_NESTED' } })
    })

    it('runs steps side by side, and keeps which result belongs to which', async () => {
      const code: FlowCode = async (flow) =>
        await Promise.all([
          flow.step('slow', () => new Promise((resolve) => setTimeout(() => resolve('slow'), 30))),
          flow.step('fast', () => 'fast'),
          flow.now(),
        ]).then(async ([slow, fast, now]) => {
          await flow.receive('go', { timeoutMs: 60_000 })
          return [slow, fast, typeof now]
        })
      flows.define('test', code)
      await flows.start('test', 'one', {})
      await expect.poll(async () => (await flows.entries('one')).length).toBeGreaterThanOrEqual(3)
      await reopen()
      flows.define('test', code)
      await flows.send('one', 'go', 1, 'm')
      expect(await endOf('one')).toMatchObject({ status: 'completed', result: ['slow', 'fast', 'number'] })
    })

    it('gives time and chance the same in each life', async () => {
      const seen: [number, number][] = []
      const code: FlowCode = async (flow) => {
        seen.push([await flow.now(), await flow.random()])
        await flow.receive('go', { timeoutMs: 60_000 })
      }
      flows.define('test', code)
      await flows.start('test', 'one', {})
      await expect.poll(() => seen.length).toBe(1)
      await reopen()
      flows.define('test', code)
      await flows.send('one', 'go', 1, 'm')
      await endOf('one')
      expect(seen[1]).toEqual(seen[0])
    })

    it('gives messages once each, in their order, by topic', async () => {
      await flows.start('test', 'one', {})
      await flows.send('one', 'letters', 'a', 'm1')
      await flows.send('one', 'digits', 1, 'm2')
      await flows.send('one', 'letters', 'b', 'm3')
      await flows.send('one', 'letters', 'b', 'm3')
      const ended = await run(async (flow) => [
        await flow.receive('letters', { timeoutMs: 5_000 }),
        await flow.receive('letters', { timeoutMs: 5_000 }),
        await flow.receive('letters', { timeoutMs: 1 }),
        await flow.receive('digits', { timeoutMs: 5_000 }),
      ])
      expect(ended.result).toEqual(['a', 'b', null, 1])
    })

    it('gives nothing where no message came in time', async () => {
      const ended = await run(async (flow) => (await flow.receive('never', { timeoutMs: 20 })) === undefined)
      expect(ended.result).toBe(true)
    })

    it('takes the same message twice as one, also after the flow has ended', async () => {
      await flows.start('test', 'one', {})
      await flows.send('one', 'go', 1, 'm')
      await run(async (flow) => await flow.receive('go', { timeoutMs: 5_000 }))
      await flows.send('one', 'go', 1, 'm')
      await expect(flows.send('one', 'go', 2, 'm2')).rejects.toMatchObject({ code: 'FLOW_ENDED' })
    })

    it('refuses messages for a flow that is not there', async () => {
      await expect(flows.send('nobody', 'go', 1, 'm')).rejects.toMatchObject({ code: 'FLOW_UNKNOWN' })
    })

    it('sleeps on where the process was away', async () => {
      const code: FlowCode = async (flow) => {
        const before = await flow.now()
        await flow.sleep(300)
        return (await flow.now()) - before
      }
      flows.define('test', code)
      await flows.start('test', 'one', {})
      await expect.poll(async () => (await flows.entries('one')).length).toBe(2)
      await reopen()
      flows.define('test', code)
      const ended = await endOf('one')
      expect(ended.result).toBeGreaterThanOrEqual(299)
    })

    it('notices code that does something else than before', async () => {
      flows.define('test', async (flow) => {
        await flow.step('one way', () => 1)
        await flow.receive('go', { timeoutMs: 60_000 })
      })
      await flows.start('test', 'one', {})
      await expect.poll(async () => (await flows.entries('one')).length).toBeGreaterThanOrEqual(2)
      await reopen()
      flows.define('test', async (flow) => await flow.step('another way', () => 1))
      const ended = await endOf('one')
      expect(ended).toMatchObject({ status: 'failed', error: { code: 'FLOW_NOT_DETERMINISTIC' } })
      expect(ended.error?.message).toContain('one way')
      expect(ended.error?.message).toContain('another way')
    })

    it('notices code that does less than before', async () => {
      flows.define('test', async (flow) => {
        await flow.step('work', () => 1)
        await flow.receive('go', { timeoutMs: 60_000 })
      })
      await flows.start('test', 'one', {})
      await expect.poll(async () => (await flows.entries('one')).length).toBeGreaterThanOrEqual(2)
      await reopen()
      flows.define('test', async () => 'nothing to do')
      expect(await endOf('one')).toMatchObject({ status: 'failed', error: { code: 'FLOW_NOT_DETERMINISTIC' } })
    })

    it('takes code away without ending its flows: the next code goes on with them', async () => {
      const lives: string[] = []
      const code =
        (life: string): FlowCode =>
        async (flow) => {
          lives.push(life)
          await flow.step('work', () => life)
          return [await flow.receive('go', { timeoutMs: 60_000 }), life]
        }
      const release = flows.define('test', code('old'))
      await flows.start('test', 'one', {})
      await expect.poll(async () => (await flows.entries('one')).length).toBeGreaterThanOrEqual(2)
      await release()
      flows.define('test', code('new'))
      await flows.send('one', 'go', 'ahead', 'm')
      expect(await endOf('one')).toMatchObject({ status: 'completed', result: ['ahead', 'new'] })
      expect(lives).toEqual(['old', 'new'])
    })

    it('lets a running step end before its code is taken away', async () => {
      let finish: (value: string) => void = () => undefined
      let begun = 0
      const code: FlowCode = async (flow) =>
        await flow.step('work', () => {
          begun += 1
          return new Promise<string>((resolve) => {
            finish = resolve
          })
        })
      const release = flows.define('test', code)
      await flows.start('test', 'one', {})
      await expect.poll(() => begun).toBe(1)
      const released = release()
      finish('done')
      await released
      flows.define('test', code)
      expect(await endOf('one')).toMatchObject({ status: 'completed', result: 'done' })
      expect(begun).toBe(1)
    })

    it('refuses two codes under one name', async () => {
      flows.define('test', async () => 1)
      expect(() => flows.define('test', async () => 2)).toThrow(expect.objectContaining({ code: 'FLOW_TAKEN' }))
    })

    it('cancels a flow before its next step', async () => {
      const done: string[] = []
      flows.define('test', async (flow) => {
        await flow.step('first', () => done.push('first'))
        await flow.receive('go', { timeoutMs: 60_000 })
        await flow.step('second', () => done.push('second'))
      })
      await flows.start('test', 'one', {})
      await expect.poll(() => done.length).toBe(1)
      expect(await flows.cancel('one')).toBe(true)
      expect(await endOf('one')).toMatchObject({ status: 'cancelled' })
      expect(await flows.cancel('one')).toBe(false)
      expect(done).toEqual(['first'])
    })

    it('says that a flow has not ended in time, and lets it go on', async () => {
      flows.define('test', async (flow) => await flow.receive('go', { timeoutMs: 60_000 }))
      await flows.start('test', 'one', {})
      await expect(flows.ended('one', { timeoutMs: 10 })).rejects.toMatchObject({ code: 'FLOW_STILL_RUNNING' })
      await flows.send('one', 'go', 'on', 'm')
      expect(await endOf('one')).toMatchObject({ result: 'on' })
    })

    it('refuses values that are too large or not plain', async () => {
      await expect(flows.start('test', 'one', 'x'.repeat(2 ** 20 + 1))).rejects.toMatchObject({
        code: 'FLOW_VALUE_TOO_LARGE',
      })
      await expect(flows.start('test', 'two', 1n)).rejects.toMatchObject({ code: 'FLOW_VALUE_NOT_PLAIN' })
      expect(await flows.state('one')).toBeUndefined()
      const ended = await run(async (flow) => await flow.step('large', () => 'x'.repeat(2 ** 20 + 1)))
      expect(ended).toMatchObject({ status: 'failed', error: { code: 'FLOW_VALUE_TOO_LARGE' } })
    })

    it('lets no more messages wait for a flow than it can bear', async () => {
      await flows.start('test', 'one', {})
      const numbers = Array.from({ length: 1_000 }, (_, number) => number)
      await Promise.all(numbers.map((number) => flows.send('one', 'many', number, `m${number}`)))
      await expect(flows.send('one', 'many', 1_000, 'm1000')).rejects.toMatchObject({ code: 'FLOW_BUSY' })
    })

    it('runs no more at once than it may; the rest waits its turn', async () => {
      await reopen({ maxRunning: 2 })
      let at = 0
      let most = 0
      flows.define('test', async (flow) => {
        at += 1
        most = Math.max(most, at)
        await flow.sleep(10)
        at -= 1
      })
      const ids = Array.from({ length: 8 }, (_, number) => `flow-${number}`)
      await Promise.all(ids.map((id) => flows.start('test', id, {})))
      const ended = await Promise.all(ids.map(endOf))
      expect(ended.map((state) => state.status)).toEqual(ids.map(() => 'completed'))
      expect(most).toBeLessThanOrEqual(2)
    })

    it('lists flows, newest first, by name and by status', async () => {
      flows.define('done', async () => 1)
      await flows.start('done', 'a', {})
      await endOf('a')
      await flows.start('waits', 'b', {})
      expect((await flows.list()).map((state) => state.id)).toEqual(['b', 'a'])
      expect((await flows.list({ name: 'done' })).map((state) => state.id)).toEqual(['a'])
      expect((await flows.list({ status: 'waiting' })).map((state) => state.id)).toEqual(['b'])
      expect(await flows.statistics()).toMatchObject({ running: 0, waiting: 1, failed: 0 })
    })

    it('forgets flows that ended, the oldest first, and none that has not', async () => {
      flows.define('done', async () => 1)
      for (const id of ['a', 'b', 'c']) {
        await flows.start('done', id, {})
        await endOf(id)
      }
      await flows.start('waits', 'd', {})
      expect(await flows.retain({ maxAgeMs: 60_000, maxEnded: 1 })).toBe(2)
      expect((await flows.list()).map((state) => state.id).toSorted()).toEqual(['c', 'd'])
    })

    it('refuses work once it is closed', async () => {
      await flows.close()
      await expect(flows.start('test', 'one', {})).rejects.toMatchObject({ code: 'FLOWS_CLOSED' })
    })
  })
}
