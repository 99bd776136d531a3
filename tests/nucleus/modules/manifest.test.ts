// manifests are judged before any code runs, with all their problems at once.
import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../../nucleus/modules/manifest.ts'
import { versionInRange } from '../../../nucleus/modules/version.ts'

const smallest = { name: 'clock', version: '1.0.0', description: 'tells the time', kernel: '^1' }
const parse = (data: unknown) => parseManifest(JSON.stringify(data), 'modules/clock/manifest.json', 'clock')

describe('parseManifest', () => {
  it('fills in every default', () => {
    expect(parse(smallest)).toEqual({
      ...smallest,
      safe: false,
      core: false,
      boot: 'optional',
      keep: false,
      provides: [],
      many: [],
      requires: [],
      uses: [],
      emits: [],
      consumes: [],
      infrastructure: [],
      roles: ['nucleus'],
      labels: [],
      isolation: 'inline',
      restart: { intensity: 3, periodMs: 60_000 },
      healthIntervalMs: 10_000,
      healthTimeoutMs: 2_000,
      startTimeoutMs: 15_000,
      permissions: [],
      limits: { memory: 512 * 1024 * 1024, processes: 16, cpu: 150, events: 5_000, messages: 20_000 },
      settings: {},
    })
  })

  it('names every field that is wrong, with its value', () => {
    expect(
      parse({ ...smallest, version: '1', kernel: 'new', emits: ['Rang'], restart: { intensity: -1 }, colour: 'red' }),
    ).toEqual([
      { file: 'modules/clock/manifest.json', field: 'version', message: `a version looks like 1.0.0, not '1'` },
      {
        file: 'modules/clock/manifest.json',
        field: 'emits.0',
        message: `an event is named area.past_participle, not 'Rang'`,
      },
      { file: 'modules/clock/manifest.json', field: 'restart.intensity', message: expect.stringContaining(`not '-1'`) },
      { file: 'modules/clock/manifest.json', field: 'kernel', message: expect.stringContaining(`a range looks like`) },
      { file: 'modules/clock/manifest.json', field: '', message: expect.stringContaining('colour') },
    ])
  })

  it('refuses text that is not JSON, and a name that is not its folder’s', () => {
    expect(parseManifest('{', 'manifest.json', 'clock')).toMatchObject([{ field: '', message: /is not JSON/ }])
    expect(parse({ ...smallest, name: 'watch' })).toMatchObject([
      { field: 'name', message: "must be 'clock', as its folder" },
    ])
  })
})

describe('versionInRange', () => {
  const inside: readonly (readonly [string, string])[] = [
    ['1.0.0', '*'],
    ['1.9.3', '^1'],
    ['1.2.3', '^1.2'],
    ['0.2.9', '^0.2.3'],
    ['0.0.3', '^0.0.3'],
    ['1.2.9', '~1.2.3'],
    ['1.2.9', '1.2'],
    ['1.2.3', '1.2.3'],
    ['9.0.0', '>=1.4'],
    ['1.0.0-next', '^1'],
  ]
  const outside: readonly (readonly [string, string])[] = [
    ['2.0.0', '^1'],
    ['1.1.9', '^1.2'],
    ['0.3.0', '^0.2.3'],
    ['0.0.4', '^0.0.3'],
    ['1.3.0', '~1.2.3'],
    ['1.3.0', '1.2'],
    ['1.2.4', '1.2.3'],
    ['1.3.9', '>=1.4'],
    ['one', '*'],
    ['1.0.0', 'latest'],
  ]
  it('says yes as npm does', () => {
    expect(inside.filter(([version, range]) => !versionInRange(version, range))).toEqual([])
  })
  it('says no as npm does', () => {
    expect(outside.filter(([version, range]) => versionInRange(version, range))).toEqual([])
  })
})
