// the errors of settings.
import { defineErrors } from '../errors.ts'

export const settingsErrors = defineErrors({
  SETTINGS_INVALID: {
    title: 'settings that cannot be used',
    fix: 'correct them, or look at `lotus config check`',
  },
  SETTING_DECLARED_TWICE: {
    title: 'two modules declare the same environment variable differently',
    fix: 'declare it once and refer to that declaration in the other module',
  },
  SETTINGS_MODULE_INVALID: {
    title: 'the settings of a module cannot be read',
    fix: 'export `settings`, made with defineSettings, from its settings.ts',
  },
})
