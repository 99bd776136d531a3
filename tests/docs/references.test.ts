// the references of events and errors say what the code says, no more and no less.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { clientErrors } from '../../scripts/client/errors.ts'
import { fileErrors } from '../../modules/operator/osd/files/errors.ts'
import { moduleErrors } from '../../nucleus/modules/errors.ts'
import { reasoningErrors } from '../../modules/reasoning/errors.ts'
import { findErrors, outcomeCodes, renderErrorsReference } from '../../scripts/generate-errors-reference.ts'
import { findEvents, renderEventsReference } from '../../scripts/generate-events-reference.ts'

const read = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs/reference', name), 'utf8')

describe('docs/reference/events.md', () => {
  it('is what the generator writes; run `node scripts/generate-events-reference.ts` after a change', async () => {
    expect(read('events.md')).toBe(await renderEventsReference())
  })

  it('names every event, and no other', async () => {
    const named = [...read('events.md').matchAll(/^## (\S+)$/gm)].map(([, type]) => type!)
    const defined = (await findEvents()).map(({ definition }) => definition.type)
    expect(named.sort()).toEqual(defined.sort())
    expect(new Set(defined).size).toBe(defined.length)
  })

  it('has a sentence for each event', async () => {
    const without = (await findEvents()).filter(({ definition }) => !/^\S.+\.$/.test(definition.description))
    expect(without.map(({ definition }) => definition.type)).toEqual([])
  })
})

describe('docs/reference/errors.md', () => {
  it('is what the generator writes; run `node scripts/generate-errors-reference.ts` after a change', () => {
    expect(read('errors.md')).toBe(renderErrorsReference())
  })

  it('names every code, and no other', () => {
    const named = [...read('errors.md').matchAll(/^\| `([A-Z][A-Z0-9_]+)`/gm)].map(([, code]) => code!)
    const defined = [...findErrors().map(({ code }) => code), ...Object.keys(outcomeCodes)]
    expect(named.sort()).toEqual(defined.sort())
  })

  it('finds in the source what the tables hold when they run', () => {
    const found = findErrors()
    for (const [file, { definitions }] of Object.entries({
      'scripts/client/errors.ts': clientErrors,
      'modules/operator/osd/files/errors.ts': fileErrors,
      'nucleus/modules/errors.ts': moduleErrors,
      'modules/reasoning/errors.ts': reasoningErrors,
    })) {
      const rows = found
        .filter((error) => error.file === file)
        .map(({ code, file: _, ...rest }) => [code, rest] as const)
      expect(Object.fromEntries(rows)).toEqual(definitions)
    }
  })
})

describe('the codes of errors', () => {
  it('are unique over the whole project', () => {
    const files = Map.groupBy(findErrors(), ({ code }) => code)
    const twice = [...files].filter(([, found]) => found.length > 1)
    expect(twice.map(([code, found]) => `${code} in ${found.map(({ file }) => file).join(' and ')}`)).toEqual([])
  })

  it('are none of those that say how a goal ended', () => {
    const taken = findErrors().filter(({ code }) => code in outcomeCodes && code !== 'POLICY_DENIED')
    expect(taken).toEqual([])
  })

  it('come with a title and something to do', () => {
    const bare = findErrors().filter(({ title, fix }) => title.trim() === '' || fix.trim() === '')
    expect(bare.map(({ code }) => code)).toEqual([])
  })
})
