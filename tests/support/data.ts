/** the folder with data for tests, which a machine may lack. */
import { join } from 'node:path'
import { describe } from 'vitest'

/** absolute path of the data folder, undefined where the machine has none or it is left out on purpose */
export const dataFolder: string | undefined = process.env['LOTUS_DATA']

/** a `describe` for suites that read the data folder: skipped, and counted so, where it is missing */
export const describeWithData = describe.skipIf(dataFolder === undefined)

/** path of something in the data folder; only to be called inside `describeWithData` suites */
export function dataPath(...parts: string[]): string {
  if (dataFolder === undefined) throw new Error('no data folder: point LOTUS_DATA at it')
  return join(dataFolder, ...parts)
}
