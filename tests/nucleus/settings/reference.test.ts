// the settings reference and .env.example say what the declarations say, no more and no less.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { composeSettings } from '../../../nucleus/settings/compose.ts'
import { core } from '../../../nucleus/settings/core.ts'
import { findSchemas } from '../../../nucleus/settings/find.ts'
import { renderSettingsFiles } from '../../../scripts/generate-settings-reference.ts'

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

describe('docs/reference/settings.md', () => {
  it('is what the generator writes; run `node scripts/generate-settings-reference.ts` after a change', async () => {
    expect(read('docs/reference/settings.md')).toBe((await renderSettingsFiles(root))['docs/reference/settings.md'])
  })

  it('names every setting, and no other', async () => {
    const { settings } = composeSettings({ core, ...(await findSchemas(root)) })
    const named = [...read('docs/reference/settings.md').matchAll(/^\| `([\w-]+\.\w+)`/gm)].map((match) => match[1])
    expect(new Set(named)).toEqual(new Set(settings.keys()))
  })
})

describe('.env.example', () => {
  it('is what the generator writes', async () => {
    expect(read('.env.example')).toBe((await renderSettingsFiles(root))['.env.example'])
  })

  it('sets nothing until a mark is taken off', () => {
    expect(
      read('.env.example')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#')),
    ).toEqual([])
  })
})
