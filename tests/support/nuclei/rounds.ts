// nuclei of one system killed again and again while events come: everything that was acknowledged is done, once.
import { setTimeout as pause } from 'node:timers/promises'
import { waitFor } from '../wait-for.ts'
import { openNucleiSystem } from './system.ts'

export interface NucleiRounds {
  readonly kills: { readonly nucleus: number; readonly workers: number }
  readonly acknowledged: number
  /** acknowledged, and without an effect in the end. */
  readonly lost: number
  /** effects of one event beyond the first. */
  readonly doubled: number
  /** work that was begun once more, and had no second effect. */
  readonly repeated: number
  /** nuclei that did some of it: each life counts. */
  readonly lives: number
  /** from the kill until it was healthy again, milliseconds. */
  readonly recoveredMs: readonly number[]
  /** from the last event until everything was done, milliseconds. */
  readonly settledMs: number
}

/** a group's events that a dead nucleus held are taken over after 20 s, looked for each 5 s. */
const settleLimitMs = 90_000

export async function killNucleiAgainAndAgain(options: {
  readonly workers: number
  readonly kills: number
  readonly eventsPerSecond: number
  readonly random: () => number
}): Promise<NucleiRounds> {
  const { random } = options
  const system = await openNucleiSystem({ workers: options.workers })
  const stop = new AbortController()
  try {
    for (const nucleus of system.nuclei) await nucleus.start()
    const receipts: string[] = []
    const emitting = (async () => {
      // ten times a second, so many at once
      for (let number = 0; !stop.signal.aborted;) {
        const batch = Array.from({ length: Math.ceil(options.eventsPerSecond / 10) }, () =>
          system.append((number += 1)),
        )
        receipts.push(...(await Promise.all(batch)))
        await pause(100)
      }
    })()
    const kills = { nucleus: 0, workers: 0 }
    const recoveredMs: number[] = []
    for (let round = 0; round < options.kills; round += 1) {
      await pause(100 + random() * 900)
      const victim = system.nuclei[Math.floor(random() * system.nuclei.length)]!
      const killedAt = performance.now()
      process.kill(victim.pid(), 'SIGKILL')
      kills[victim.isWorker ? 'workers' : 'nucleus'] += 1
      await victim.start()
      recoveredMs.push(performance.now() - killedAt)
    }
    stop.abort()
    await emitting
    const endedAt = performance.now()
    const wanted = new Set(receipts)
    let done = 0
    await waitFor(
      async () => {
        done = (await system.effects()).filter(({ receipt }) => wanted.has(receipt)).length
        return done >= wanted.size
      },
      { timeoutMs: settleLimitMs, what: () => `${wanted.size} effects; there are ${done}` },
    ).catch((error: unknown) => console.error(error))
    const settledMs = performance.now() - endedAt
    const effects = await system.effects()
    const ids = new Set(effects.map(({ receipt }) => receipt))
    return {
      kills,
      acknowledged: wanted.size,
      lost: [...wanted].filter((receipt) => !ids.has(receipt)).length,
      doubled: effects.length - ids.size + (effects.length - new Set(effects.map(({ number }) => number)).size),
      repeated: (await system.tries()) - effects.length,
      lives: new Set(effects.map(({ node }) => node)).size,
      recoveredMs,
      settledMs,
    }
  } finally {
    stop.abort()
    await system.dispose()
  }
}
