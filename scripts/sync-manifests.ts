// brings manifests and their published schema up to date with the code; --check only compares, and names what differs.
//
// generated: the `settings` of each manifest, from its module's settings.ts, and config/manifest.schema.json.
// compared: `emits`, `provides` and `many` with contract.ts, both ways; all manifests with each other.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { kernelFacts } from '../nucleus/kernel-facts.ts'
import { drawGraph } from '../nucleus/modules/graph.ts'
import {
  compareWithContract,
  readContract,
  undefinedServices,
  type ContractDefinitions,
} from '../nucleus/modules/kit/definitions.ts'
import { printJson } from '../nucleus/modules/kit/print-json.ts'
import { manifestSchema, readManifests } from '../nucleus/modules/manifest.ts'
import { findSchemas } from '../nucleus/settings/find.ts'

const command = 'node scripts/sync-manifests.ts'

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
  writeFileSync(path, `${printJson(Object.keys(settings).length === 0 ? rest : { ...rest, settings })}\n`)
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

if (import.meta.main) {
  const problems = await syncManifests(join(import.meta.dirname, '..'), { write: !process.argv.includes('--check') })
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
