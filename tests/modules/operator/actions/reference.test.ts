import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { dataFields } from '../../../../modules/operator/osd/actions/data-fields.ts'
import { actions } from '../../../../modules/operator/osd/actions/index.ts'
import { actionsReference } from '../../../../scripts/generate-actions-reference.ts'

describe('the list of actions', () => {
  it('has each name once, and describes the data of each', () => {
    const names = actions.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(Object.keys(dataFields).toSorted()).toEqual(names.toSorted())
  })

  it('is described in docs/reference/actions.md as it is', async () => {
    const page = await readFile(new URL('../../../../docs/reference/actions.md', import.meta.url), 'utf8')
    expect(page).toBe(actionsReference())
  })
})
