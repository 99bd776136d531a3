// what holds of an engine when the process that works on a flow is killed at every moment that there is.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

interface Life {
  readonly signal: NodeJS.Signals | null
  readonly said: { readonly moments: number; readonly ended: { status: string; result: unknown } } | undefined
}

async function live(engine: string, place: string, folder: string, killAt: number): Promise<Life> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'flows-child.ts'), engine, place, folder, String(killAt)],
    { stdio: ['ignore', 'pipe', 'inherit'], timeout: 60_000, killSignal: 'SIGKILL' },
  )
  let text = ''
  child.stdout.on('data', (piece: Buffer) => {
    text += piece.toString()
  })
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => {
    child.on('close', (_code, by) => resolve(by))
  })
  return { signal, said: text === '' ? undefined : (JSON.parse(text) as NonNullable<Life['said']>) }
}

/** @param makePlace - a fresh state for the engine, given the folder of the round */
export function itSurvivesKill9(engine: string, makePlace: (folder: string) => Promise<string>): void {
  it('finishes a flow whose process is killed at any moment, each effect once', { timeout: 240_000 }, async () => {
    for (let killAt = 1; ; killAt += 1) {
      const folder = mkdtempSync(join(tmpdir(), 'lotus-killed-flow-'))
      try {
        const place = await makePlace(folder)
        const first = await live(engine, place, folder, killAt)
        const last = first.signal === null ? first : await live(engine, place, folder, 0)
        const where = `killed at moment ${killAt}`
        expect(last.said?.ended, where).toMatchObject({
          status: 'completed',
          result: ['begin', 'one', 'two', 'three', 'left', 'right', 'heard'],
        })
        const effects = readFileSync(join(folder, 'effects'), 'utf8').trim().split('\n')
        expect(new Set(effects).size, where).toBe(effects.length)
        expect(effects, where).toHaveLength(5)
        // at most the step that was under way is tried again
        const tries = readFileSync(join(folder, 'tries'), 'utf8').trim().split('\n')
        expect(tries.length, where).toBeLessThanOrEqual(7)
        if (first.signal === null) {
          expect(first.said?.moments).toBeLessThan(killAt)
          expect(killAt).toBeGreaterThan(15)
          return
        }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }
  })
}
