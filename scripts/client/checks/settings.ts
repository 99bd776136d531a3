// the settings: everything that is wrong with them, as `lotus config check` says it.
import { isLotusError } from '../../../nucleus/errors.ts'
import { findSchemas } from '../../../nucleus/settings/find.ts'
import { loadSettings } from '../../../nucleus/settings/load.ts'
import type { LoadedSettings } from '../../../nucleus/settings/load.ts'
import type { SettingsSchema } from '../../../nucleus/settings/schema.ts'
import { describeProblem } from '../../../nucleus/settings/problems.ts'
import type { SettingProblem } from '../../../nucleus/settings/problems.ts'
import type { Place } from '../place.ts'
import { bad, good } from './check.ts'
import type { Check } from './check.ts'

export const checkSettings: Check = async ({ root, environment }) => {
  try {
    const { entries } = loadSettings({ root, environment, schemas: await findSchemas(root) })
    const set = entries.filter(({ place }) => place !== 'default').length
    return [good('settings.valid', `all ${entries.length} can be used, ${set} set by you`)]
  } catch (error) {
    if (!isLotusError(error, 'SETTINGS_INVALID')) throw error
    const { problems } = error as typeof error & { problems: readonly SettingProblem[] }
    return problems.map((problem) =>
      bad('settings.valid', describeProblem({ ...problem, remedy: '' }).replace(/: $/, ''), problem.remedy),
    )
  }
}

/** the settings of all modules, or undefined where some are wrong: that is told by the check of settings. */
export async function readSettings({
  root,
  environment,
}: Place): Promise<LoadedSettings<Record<string, SettingsSchema>> | undefined> {
  try {
    return loadSettings({ root, environment, schemas: await findSchemas(root) })
  } catch (error) {
    if (isLotusError(error)) return undefined
    throw error
  }
}
