// several nuclei on one Redis and one Postgres: events are spread over those that have the module, and a dead one's are taken over.
import { afterEach, describe, expect, it } from 'vitest'
import { killNucleiAgainAndAgain } from '../support/nuclei/rounds.ts'
import { hasServers, openNucleiSystem, type NucleiSystem } from '../support/nuclei/system.ts'
import { waitFor } from '../support/wait-for.ts'

const limitMs = 180_000
let system: NucleiSystem | undefined
afterEach(async () => {
  await system?.dispose()
  system = undefined
}, 60_000)

const append = async (from: number, to: number): Promise<void> => {
  for (let number = from; number <= to; number += 1) await system!.append(number)
}
const untilDone = (count: number, timeoutMs = 30_000): Promise<unknown> => {
  let done = 0
  return waitFor(async () => (done = (await system!.effects()).length) >= count, {
    timeoutMs,
    what: () => `${count} effects; there are ${done}`,
  })
}

describe.skipIf(!hasServers())('several nuclei', () => {
  it('share the events of a module that runs on all of them, and say who is there', { timeout: limitMs }, async () => {
    system = await openNucleiSystem({ workers: 2 })
    for (const nucleus of system.nuclei) await nucleus.start()
    await append(1, 300)
    await untilDone(300)
    const effects = await system.effects()
    expect(effects.map(({ number }) => number).toSorted((left, right) => left - right)).toEqual(
      Array.from({ length: 300 }, (_, index) => index + 1),
    )
    expect(new Set(effects.map(({ node }) => node))).toEqual(new Set(system.nuclei.map((nucleus) => nucleus.pid())))
    const [nucleus, worker] = system.nuclei
    let listed: readonly Record<string, unknown>[] = []
    await waitFor(
      async () => {
        listed = (await nucleus!.lotus.get('/nodes')).body['nodes'] as typeof listed
        return listed.length === 3
      },
      { timeoutMs: 20_000, what: () => `three nodes; there are ${JSON.stringify(listed)}` },
    )
    expect(listed[0]).toMatchObject({ state: 'this', role: 'nucleus', pid: nucleus!.pid(), status: 'healthy' })
    expect(listed.map(({ role }) => role)).toEqual(['nucleus', 'worker', 'worker'])
    const refused = await worker!.lotus.goal('what is 2 + 2?')
    expect(refused.error).toMatchObject({ code: 'GOAL_ELSEWHERE', fix: expect.stringContaining('lotus nodes') })
    expect(await nucleus!.lotus.goal('what is 2 + 2?')).toMatchObject({ status: 'completed' })
  })

  it('take over what a worker that was killed had in hand', { timeout: limitMs }, async () => {
    system = await openNucleiSystem({ workers: 1 })
    const [nucleus, worker] = system.nuclei
    await nucleus!.start()
    await worker!.start()
    const appending = append(1, 400)
    await waitFor(async () => (await system!.effects()).some(({ node }) => node === worker!.pid()), {
      timeoutMs: 20_000,
      what: 'the worker to do something',
    })
    process.kill(worker!.pid(), 'SIGKILL')
    await appending
    await untilDone(400, 60_000)
    expect(await system.effects()).toHaveLength(400)
  })

  it('leave a module to those that have its label', { timeout: limitMs }, async () => {
    system = await openNucleiSystem({ workers: 2, roles: ['worker'], needs: ['gpu'], labels: ['gpu', 'large-disk'] })
    for (const nucleus of system.nuclei) await nucleus.start()
    const [nucleus, able, unable] = system.nuclei
    await append(1, 50)
    await untilDone(50)
    expect(new Set((await system.effects()).map(({ node }) => node))).toEqual(new Set([able!.pid()]))
    const listed = async (one: typeof nucleus) =>
      ((await one!.lotus.get('/modules')).body['modules'] as Record<string, unknown>[]).find(
        ({ name }) => name === 'tally',
      )
    expect(await listed(nucleus)).toMatchObject({ here: false, reason: 'it runs on workers' })
    expect(await listed(unable)).toMatchObject({ here: false, reason: 'it runs where LOTUS_LABELS has gpu' })
    expect(await listed(able)).toMatchObject({ here: true, status: 'healthy' })
    const loaded = await unable!.lotus.lotus(['module', 'load', 'tally'])
    expect([loaded.code, loaded.stderr]).toEqual([1, expect.stringContaining('LOTUS_LABELS has gpu')])
  })

  it(
    'share durable flows, and go on with those of one that was killed, each step once',
    { timeout: limitMs },
    async () => {
      system = await openNucleiSystem({ workers: 2 })
      for (const nucleus of system.nuclei) await nucleus.start()
      const flows = 150
      for (let number = 0; number < flows; number += 1) await system.append(number, true)
      await untilDone(flows / 2)
      const victim = system.nuclei[1]!
      const before = victim.pid()
      process.kill(before, 'SIGKILL')
      await untilDone(2 * flows, 90_000)
      const effects = await system.effects()
      expect(effects.map(({ number }) => number).toSorted((left, right) => left - right)).toEqual(
        Array.from({ length: 2 * flows }, (_, index) => index),
      )
      const worked = [...new Set(effects.map(({ node }) => node))]
      expect([before, system.nuclei[0]!.pid(), system.nuclei[2]!.pid()]).toEqual(expect.arrayContaining(worked))
      expect(worked.length).toBeGreaterThan(1)
    },
  )

  it('lose and double nothing while any of them is killed', { timeout: limitMs }, async () => {
    const rounds = await killNucleiAgainAndAgain({ workers: 2, kills: 4, eventsPerSecond: 100, random: Math.random })
    expect(rounds.acknowledged).toBeGreaterThan(100)
    expect({ lost: rounds.lost, doubled: rounds.doubled }).toEqual({ lost: 0, doubled: 0 })
  })
})

describe.skipIf(!hasServers())('a worker', () => {
  it(
    'waits for the nucleus of its system to stop being needed: it works on while that is gone',
    { timeout: limitMs },
    async () => {
      system = await openNucleiSystem({ workers: 1 })
      const [nucleus, worker] = system.nuclei
      await nucleus!.start()
      await worker!.start()
      await nucleus!.lotus.stop()
      await append(1, 20)
      await untilDone(20)
      expect(new Set((await system.effects()).map(({ node }) => node))).toEqual(new Set([worker!.pid()]))
    },
  )
})
