// docs/doctor.md names every finding that the checks can make, and no other.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checks } from '../../scripts/client/checks/all.ts'

const project = join(import.meta.dirname, '../..')
const folder = join(project, 'scripts/client/checks')
const page = readFileSync(join(project, 'docs/doctor.md'), 'utf8')
const id = `(?:${Object.keys(checks).join('|')})\\.[a-z0-9-]+`

function findIds(text: string, quote: string): string[] {
  const found = [...text.matchAll(new RegExp(`${quote}(${id})${quote}`, 'g'))].map((match) => match[1]!)
  // names of files look the same
  return [...new Set(found)].filter((one) => !/\.(?:db|jsonl?|sock|tmp|pid|log)$/.test(one)).toSorted()
}

describe('docs/doctor.md', () => {
  it('has the findings of the checks, both ways', () => {
    const source = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    const rows = page.split('\n').filter((line) => line.startsWith('| `'))
    const told = rows.map((line) => line.split('|')[1]!)
    expect(findIds(told.join('\n'), '`')).toEqual(findIds(source.join('\n'), `'`))
  })
})
