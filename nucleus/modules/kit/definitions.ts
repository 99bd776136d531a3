// what the code of a module defines, and where its manifest says something else.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FoundModule } from '../manifest.ts'

/** what a contract defines, by what its values look like. */
export interface ContractDefinitions {
  readonly events: readonly string[]
  readonly services: readonly string[]
  /** those of the services that several modules may provide. */
  readonly many: readonly string[]
}

/** reads a contract's definitions; a module without a contract defines nothing. */
export async function readContract(folder: string): Promise<ContractDefinitions> {
  const path = join(folder, 'contract.ts')
  const exported = existsSync(path) ? ((await import(pathToFileURL(path).href)) as Record<string, unknown>) : {}
  const values = Object.values(exported).filter((value) => typeof value === 'object' && value !== null)
  const events = values.filter((value) => 'type' in value && 'durability' in value && 'schema' in value)
  const services = values.filter((value) => 'name' in value && 'methods' in value && 'many' in value)
  return {
    events: events.map((event) => String((event as { type: unknown }).type)),
    services: services.map((service) => String((service as { name: unknown }).name)),
    many: services
      .filter((service) => (service as { many: unknown }).many === true)
      .map((service) => String((service as { name: unknown }).name)),
  }
}

/** where a manifest and its module's contract differ, a sentence each. */
export function compareWithContract(found: FoundModule, contract: ContractDefinitions): string[] {
  const { manifest } = found
  const own = contract.services.filter((service) => !contract.many.includes(service))
  const differences = (field: 'emits' | 'many', defined: readonly string[]): string[] => [
    ...defined
      .filter((name) => !manifest[field].includes(name))
      .map((name) => `contract.ts defines ${name}, \`${field}\` lacks it`),
    ...manifest[field]
      .filter((name) => !defined.includes(name))
      .map((name) => `\`${field}\` names ${name}, contract.ts does not define it`),
  ]
  return [
    ...differences('emits', contract.events),
    ...differences('many', contract.many),
    ...own
      .filter((service) => !manifest.provides.includes(service))
      .map((service) => `contract.ts defines the service ${service}, \`provides\` lacks it`),
  ]
}

/** services that a manifest provides and no contract defines. */
export function undefinedServices(found: FoundModule, own: ContractDefinitions, many: ReadonlySet<string>): string[] {
  return found.manifest.provides
    .filter((service) => !own.services.includes(service) && !many.has(service))
    .map((service) => `\`provides\` names ${service}, contract.ts does not define it`)
}
