// judges the shape of a module's code, before anything of it is called.
import { moduleErrors } from './errors.ts'
import type { ModuleDefinition } from './module.ts'

/** @param namespace - what importing module.ts gave. @throws MODULE_INVALID */
export function checkDefinition(module: string, namespace: unknown): ModuleDefinition {
  const exported = isRecord(namespace) ? namespace['default'] : undefined
  const fail = (detail: string) => moduleErrors.MODULE_INVALID({ value: module, detail })
  if (!isRecord(exported)) throw fail('module.ts has no default export')
  if (typeof exported['start'] !== 'function') throw fail('its default export has no `start`')
  if (!isRecord(exported['settings'])) throw fail('its default export has no `settings`')
  return exported as unknown as ModuleDefinition
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
