// the house of the module kit for this project's own tests, which vitest imports by means of its own.
import { openHouse, type House, type HouseOptions } from '../../nucleus/modules/kit/house.ts'
import { nativeImport } from '../nucleus/modules/house.ts'

export type OpenModules = House

/** @throws what the first start of a module throws */
export async function openModules(options: HouseOptions): Promise<OpenModules> {
  return await openHouse({ ...options, importFile: nativeImport })
}
