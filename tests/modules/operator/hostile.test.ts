// every string of the data folder as a path, to read, to write and to remove, with a real osd whose person says yes to all it
// asks: nothing outside of the granted folder is read or changed, and nothing happens without a decision on record.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { isLotusError } from '../../../nucleus/errors.ts'
import type { PlanOutcome, PlanStep } from '../../../modules/operator/contract.ts'
import { dataPath, describeWithData } from '../../support/data.ts'
import { hostileStrings, undecidedSteps, unsafeIn } from '../../support/hostile.ts'
import { openSession, planOf, startOsd, temporaryFolder } from './support/osd.ts'
import { snapshot } from './support/snapshot.ts'

const secret = 'CANARY outside of the folder'

describeWithData('a hostile path', () => {
  it('leads out of no folder, is run by nothing, and is shown escaped', { timeout: 600_000 }, async () => {
    using folder = temporaryFolder()
    const outside = join(folder.path, 'outside')
    const work = join(folder.path, 'a', 'b', 'work')
    for (const path of [outside, work, join(folder.path, 'etc')]) mkdirSync(path, { recursive: true })
    for (const path of ['outside/canary', 'etc/passwd', 'a/canary', 'a/b/canary']) {
      writeFileSync(join(folder.path, path), secret)
    }
    const home = join(folder.path, 'home')
    mkdirSync(home)
    await using osd = await startOsd(home)
    await using session = await openSession(osd, work, { HOME: folder.path })
    const skip = (path: string): boolean => path === 'home' || path.startsWith('home/') || path.startsWith('a/b/work')
    // the folder itself may be looked at: what counts is what lies beside it
    const before = snapshot(folder.path, { skip })
    const passwd = readFileSync('/etc/passwd', 'utf8')

    const codes = new Map<string, number>()
    const count = (outcome: PlanOutcome): void => {
      const code = outcome.steps[0]?.error?.code ?? outcome.status
      codes.set(code, (codes.get(code) ?? 0) + 1)
      const shown = JSON.stringify(outcome.steps.map(({ text, data }) => [text, data]))
      expect(shown).not.toContain(secret)
      expect(shown).not.toContain(passwd.slice(0, 40))
      for (const { text } of outcome.steps) expect(unsafeIn(text)).toBeUndefined()
      if (outcome.reason !== undefined) expect(unsafeIn(outcome.reason)).toBeUndefined()
    }
    const strings = hostileStrings(dataPath('hostile'))
    const submit = async (step: Pick<PlanStep, 'action' | 'args'>): Promise<boolean> => {
      try {
        const outcome = await session.submit(planOf(step))
        count(outcome)
        return outcome.status === 'completed'
      } catch (error) {
        // what is no text at all is refused before it is a plan
        if (!isLotusError(error)) throw error
        codes.set(error.code, (codes.get(error.code) ?? 0) + 1)
        return false
      }
    }
    // eight at a time: what is waited for is mostly the disk
    const queue = [...strings]
    const worker = async (): Promise<void> => {
      for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
        await submit({ action: 'files.read', args: { path } })
        const made = await submit({ action: 'files.write', args: { path, text: 'hostile' } })
        if (made) await submit({ action: 'files.delete', args: { paths: [path] } })
      }
    }
    await Promise.all(Array.from({ length: 8 }, worker))

    expect(snapshot(folder.path, { skip })).toEqual(before)
    expect(readFileSync('/etc/passwd', 'utf8')).not.toContain('hostile')
    expect([...codes.keys()]).not.toContain('INTERNAL')
    expect([...codes.values()].reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(strings.length * 2)
    // good names among them are good names
    expect(codes.get('completed')).toBeGreaterThan(500)
    expect(undecidedSteps(readFileSync(join(home, 'audit', 'chain.jsonl'), 'utf8'))).toEqual([])
    expect(await session.nucleus.call('audit.verify')).toMatchObject({ ok: true })
  })
})
