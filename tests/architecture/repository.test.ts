import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkArchitecture, formatFinding } from '../../scripts/architecture/rules.ts'

it('this repository keeps the rules of the house', () => {
  expect(checkArchitecture(join(import.meta.dirname, '..', '..')).map(formatFinding)).toEqual([])
})
