// docs/traces.md is true to the code: its names are the code's, and its worked example is understood.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { interpret, maximumTokens } from '../../modules/perception/interpret.ts'
import { createPlan } from '../../modules/reasoning/bind.ts'
import { compileTrace, loadTraces } from '../../modules/reasoning/traces/library.ts'
import { TraceFile } from '../../modules/reasoning/traces/schema.ts'
import { slotTypes } from '../../modules/reasoning/traces/slot-types.ts'
import { understand } from '../../modules/reasoning/understand.ts'
import { filesIn } from './blocks.ts'

const project = join(import.meta.dirname, '../..')
const page = readFileSync(join(project, 'docs/traces.md'), 'utf8')

/** the first column of the table under a heading. */
function namesUnder(heading: string): string[] {
  const [, section] = new RegExp(`^## ${heading}$([\\s\\S]*?)(?=^## )`, 'm').exec(page)!
  return [...section!.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!)
}

function intentOf(text: string) {
  const names = [{ path: 'notes.txt', kind: 'file' as const }]
  return interpret({ text, timeZone: 'UTC', locale: 'en-GB', nowMs: Date.parse('2026-11-21T10:00:00Z'), names })
}

describe('docs/traces.md', () => {
  it('names every slot type, and no other', () => {
    expect(namesUnder('Slot types').sort()).toEqual(Object.keys(slotTypes).sort())
  })

  it('names every field of a trace, and no other', () => {
    expect(namesUnder('The file')).toEqual(Object.keys(TraceFile.shape))
  })

  it('says how long a goal may be', () => {
    expect(page).toContain(`at most ${maximumTokens}`)
  })

  it('shows a trace that can be read', () => {
    const [, text] = /```yaml\n([\s\S]*?)```/.exec(page)!
    expect(() => compileTrace(TraceFile.parse(parse(text!)), 'text')).not.toThrow()
  })

  it('works out an example that serves its goals beside all other traces, and takes none of theirs', async () => {
    const innate = await loadTraces(join(project, 'modules/reasoning/innate'))
    const example = compileTrace(TraceFile.parse(parse([...filesIn(page).values()][0]!)), 'tally')
    const traces = [...innate, example]
    for (const goal of example.examples) {
      const { bound } = understand(await intentOf(goal), traces)
      expect([goal, ...bound.map((one) => one.trace.trace)]).toEqual([goal, 'tally.show'])
      expect(createPlan(goal, bound).steps).toEqual([{ id: 's1', action: 'tally.show', args: {} }])
    }
    const { bound } = understand(await intentOf('count the lines in notes.txt'), traces)
    expect(bound.map((one) => one.trace.trace)).toEqual(['text.count'])
  })

  it('leaves a goal alone that asks for a word more', async () => {
    const innate = await loadTraces(join(project, 'modules/reasoning/innate'))
    expect(understand(await intentOf('count the lines in notes.txt in French'), innate).bound).toEqual([])
  })
})
