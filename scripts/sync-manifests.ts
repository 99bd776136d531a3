// brings manifests and their published schema up to date with the code; --check only compares, and names what differs.
//
// generated: the `settings` of each manifest, from its module's settings.ts, and config/manifest.schema.json.
// compared: `emits`, `provides` and `many` with contract.ts, both ways; all manifests with each other.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { kernelFacts } from '../nucleus/kernel-facts.ts'
import { drawGraph } from '../nucleus/modules/graph.ts'
import { manifestSchema, readManifests, type FoundModule } from '../nucleus/modules/manifest.ts'
import { findSchemas } from '../nucleus/settings/find.ts'

const command = 'node scripts/sync-manifests.ts'

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
function undefinedServices(found: FoundModule, own: ContractDefinitions, many: ReadonlySet<string>): string[] {
  return found.manifest.provides
    .filter((service) => !own.services.includes(service) && !many.has(service))
    .map((service) => `\`provides\` names ${service}, contract.ts does not define it`)
}

/** compares all manifests of a project with its code; with `write`, brings their generated part up to date. */
export async function syncManifests(root: string, options: { write: boolean }): Promise<string[]> {
  const modules = await readManifests(join(root, 'modules'))
  const schemas = await findSchemas(root)
  const contracts = new Map<string, ContractDefinitions>()
  for (const { manifest, folder } of modules) contracts.set(manifest.name, await readContract(folder))
  const many = new Set([...contracts.values()].flatMap((contract) => contract.many))

  const problems: string[] = []
  for (const found of modules) {
    const path = join(found.folder, 'manifest.json')
    const contract = contracts.get(found.manifest.name)!
    const add = (text: string): void => void problems.push(`${relative(root, path)}: ${text}`)
    for (const text of [...compareWithContract(found, contract), ...undefinedServices(found, contract, many)]) add(text)

    const settings = JSON.parse(JSON.stringify(schemas[found.manifest.name] ?? {})) as Record<string, unknown>
    if (isDeepStrictEqual(settings, found.manifest.settings)) continue
    if (!options.write) add(`\`settings\` differ from settings.ts; ${command} writes them`)
    else writeSettings(path, settings)
  }
  const graph = drawGraph(
    modules.map((found) => found.manifest),
    kernelFacts,
  )
  for (const problem of graph.problems) problems.push(`modules: ${problem.message}`)
  return [...problems, ...syncSchema(root, options)]
}

function writeSettings(path: string, settings: Record<string, unknown>): void {
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  const { settings: _old, ...rest } = manifest
  writeFileSync(path, `${print(Object.keys(settings).length === 0 ? rest : { ...rest, settings }, 0)}\n`)
}

/** the published schema of manifests, for editors and for authors of modules. */
export function manifestJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(manifestSchema(), { io: 'input' }) as Record<string, unknown>
  return { ...schema, title: 'the manifest of a LOTUS module' }
}

function syncSchema(root: string, options: { write: boolean }): string[] {
  const path = join(root, 'config/manifest.schema.json')
  const schema = JSON.parse(JSON.stringify(manifestJsonSchema())) as unknown
  const current = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as unknown) : undefined
  if (isDeepStrictEqual(current, schema)) return []
  if (!options.write) return [`${relative(root, path)}: differs from nucleus/modules/manifest.ts; ${command} writes it`]
  writeFileSync(path, `${JSON.stringify(schema, undefined, 2)}\n`)
  // the house's own formatter has the last word on a file that it checks
  spawnSync(join(root, 'node_modules/.bin/oxfmt'), [path])
  return []
}

/** JSON as a person writes it: what fits on a line stays on one. */
function print(value: unknown, depth: number): string {
  const flat = JSON.stringify(value, undefined, 1).replaceAll(/\n\s*/g, ' ').replaceAll('[ ', '[').replaceAll(' ]', ']')
  if (depth > 0 && flat.length + depth * 2 <= 110) return flat
  if (typeof value !== 'object' || value === null) return flat
  const indent = '  '.repeat(depth + 1)
  const end = '  '.repeat(depth)
  if (Array.isArray(value)) return `[\n${value.map((item) => indent + print(item, depth + 1)).join(',\n')}\n${end}]`
  const lines = Object.entries(value).map(([key, item]) => `${indent}${JSON.stringify(key)}: ${print(item, depth + 1)}`)
  return `{\n${lines.join(',\n')}\n${end}}`
}

if (import.meta.main) {
  const problems = await syncManifests(join(import.meta.dirname, '..'), { write: !process.argv.includes('--check') })
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
