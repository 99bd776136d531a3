// every manifest of this project says what its module's code says; scripts/sync-manifests.ts brings it up to date.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseManifest, type FoundModule, type Manifest } from '../../../nucleus/modules/manifest.ts'
import { compareWithContract } from '../../../nucleus/modules/kit/definitions.ts'
import { syncManifests } from '../../../scripts/sync-manifests.ts'

const root = join(import.meta.dirname, '../../..')

describe('the manifests of this project', () => {
  it('agree with contracts, settings, each other and the published schema', async () => {
    expect(await syncManifests(root, { write: false })).toEqual([])
  })
})

describe('compareWithContract', () => {
  it('finds what either side lacks', () => {
    const text = JSON.stringify({
      name: 'clock',
      version: '1.0.0',
      description: 'of a test',
      kernel: '^1',
      emits: ['bell.rung', 'bell.broken'],
      provides: ['gong'],
    })
    const found: FoundModule = { folder: '', manifest: parseManifest(text, '', 'clock') as Manifest }
    const contract = { events: ['bell.rung', 'bell.mended'], services: ['clock', 'hands'], many: ['hands'] }
    expect(compareWithContract(found, contract)).toEqual([
      'contract.ts defines bell.mended, `emits` lacks it',
      '`emits` names bell.broken, contract.ts does not define it',
      'contract.ts defines hands, `many` lacks it',
      'contract.ts defines the service clock, `provides` lacks it',
    ])
  })
})
