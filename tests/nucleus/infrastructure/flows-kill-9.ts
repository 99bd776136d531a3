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
        const effects = readFileSync(join(folder, 'effects'), 'utf8').trim().split('\n')
        const tries = readFileSync(join(folder, 'tries'), 'utf8').trim().split('\n')
        expect({
          killAt,
          status: last.said?.ended.status,
          result: last.said?.ended.result,
          effects: effects.length,
          twice: effects.length - new Set(effects).size,
          // at most the steps that were under way are tried again
          triedTooOften: Math.max(0, tries.length - 7),
        }).toEqual({
          killAt,
          status: 'completed',
          result: ['begin', 'one', 'two', 'three', 'left', 'right', 'heard'],
          effects: 5,
          twice: 0,
          triedTooOften: 0,
        })
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
