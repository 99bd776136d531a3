// the words of private goals: kept in memory until somebody takes them, also over a reload.
import { describe, expect, it } from 'vitest'
import type { Intent } from '../../../modules/perception/contract.ts'
import { createPrivateIntents } from '../../../modules/perception/private-goals.ts'

const intent = (goal: string): Intent => ({ goal }) as unknown as Intent
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('private intents', () => {
  it('are taken once', () => {
    const kept = createPrivateIntents()
    kept.keep('a', intent('one'))
    expect(kept.take('a')).toEqual(intent('one'))
    expect(kept.take('a')).toBeUndefined()
  })

  it('are there for the next generation, as plain data', async () => {
    const old = createPrivateIntents()
    old.keep('a', intent('one'))
    old.keep('b', intent('two'))
    old.take('a')
    const next = createPrivateIntents(throughJson(await old.handOver()))
    expect(next.take('a')).toBeUndefined()
    expect(next.take('b')).toEqual(intent('two'))
  })

  it('of goals that are being accepted when a reload begins are there for the next generation, too', async () => {
    const old = createPrivateIntents()
    const understood = Promise.withResolvers<void>()
    const accepted = old.during(understood.promise.then(() => old.keep('a', intent('one'))))
    const handedOver = old.handOver()
    understood.resolve()
    await accepted
    expect(createPrivateIntents(await handedOver).take('a')).toEqual(intent('one'))
  })

  it('are handed over, also where a goal was not accepted', async () => {
    const old = createPrivateIntents()
    old.keep('a', intent('one'))
    const refused = old.during(Promise.reject(new Error('no ticket')))
    await expect(refused).rejects.toThrow('no ticket')
    const hanging = old.during(Promise.reject(new Error('no journal')))
    const handedOver = old.handOver()
    await expect(hanging).rejects.toThrow('no journal')
    expect(await handedOver).toEqual([['a', intent('one')]])
  })

  it('are handed over up to a size, the newest first', async () => {
    const old = createPrivateIntents()
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) old.keep(name, intent(name.repeat(64 * 1024)))
    expect((await old.handOver()).map(([name]) => name)).toEqual(['d', 'e', 'f'])
  })
})
