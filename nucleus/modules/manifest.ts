// the manifest of a module: data that is read and judged before any of the module's code runs.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { showValue, type LotusError } from '../errors.ts'
import { recollect } from '../process/code-pack.ts'
import { listProblems, moduleErrors } from './errors.ts'
import { permissionPattern } from './permissions.ts'
import { isRange, isVersion } from './version.ts'

/** the files that say what a good manifest is. */
const judges = [
  import.meta.filename,
  ...['version.ts', 'permissions.ts'].map((name) => join(import.meta.dirname, name)),
]

const mebibyte = 1024 * 1024
const defaultLimits = { memory: 512 * mebibyte, processes: 16, cpu: 150, events: 5_000, messages: 20_000 }

const moduleNamePattern = /^[a-z][a-z0-9-]{0,39}$/

function buildSchema() {
  const moduleName = z.string().regex(moduleNamePattern, 'a module’s name is lower case, as its folder')
  const serviceName = z.string().regex(/^[a-z][a-zA-Z0-9]{0,39}$/, 'a service’s name is one word in camelCase')
  const eventType = z.string().regex(/^[a-z][a-z_]*\.[a-z][a-z_]*$/, 'an event is named area.past_participle')
  const version = z.string().refine(isVersion, 'a version looks like 1.0.0')
  const range = z.string().refine(isRange, 'a range looks like ^1, ~1.2, >=1.4, 1.2.3 or *')

  /** a service, with the range of its provider's versions where that matters: `memory` or `memory@^1`. */
  const serviceReference = z
    .string()
    .regex(/^[a-z][a-zA-Z0-9]{0,39}(@[^@\s]+)?$/, 'a service is named as `memory` or `memory@^1`')
    .refine((text) => !text.includes('@') || isRange(text.slice(text.indexOf('@') + 1)), 'the range after @ is not one')

  const milliseconds = z.number().int().min(1).max(3_600_000)

  const settingPart = z
    .strictObject({
      doc: z.string().min(1),
      format: z.union([
        z.enum(['string', 'boolean', 'duration', 'size', 'port', 'url', 'path', 'integer', 'number']),
        z.array(z.string()).min(1),
      ]),
      default: z.union([z.string(), z.number(), z.boolean()]),
      env: z.string().optional(),
      aliases: z.array(z.string()).optional(),
      sensitive: z.boolean().optional(),
      min: z.number().optional(),
      max: z.number().optional(),
      hot: z.boolean().optional(),
    })
    .meta({ description: 'one setting; generated from the module’s settings.ts by scripts/sync-manifests.ts' })

  const uniqueList = <Item extends z.ZodString>(item: Item, description: string) =>
    z
      .array(item)
      .max(200)
      .default([])
      .refine((list) => new Set(list).size === list.length, 'names something twice')
      .meta({ description })

  return z.strictObject({
    $schema: z.string().optional().meta({ description: 'where an editor finds this schema' }),
    name: moduleName.meta({ description: 'the same as its folder’s' }),
    version: version.meta({ description: 'of the module; `requires` of others may ask for a range of it' }),
    description: z.string().min(1).max(300).meta({ description: 'what it owns, in one sentence' }),
    core: z.boolean().default(false).meta({ description: 'true: LOTUS is unhealthy while this module is down' }),
    safe: z
      .boolean()
      .default(false)
      .meta({ description: 'true: it is started in safe mode too, as every core module is with what that requires' }),
    boot: z
      .enum(['optional', 'required'])
      .default('optional')
      .meta({ description: 'required: LOTUS does not come up where its first start fails, and says why' }),
    keep: z.boolean().default(false).meta({
      description:
        'true: it can be reloaded, not unloaded, because without it nobody could ask for it to be loaded again',
    }),
    provides: uniqueList(serviceName, 'services that `start` returns'),
    many: uniqueList(serviceName, 'services of its contract that several modules may provide at once'),
    requires: uniqueList(serviceReference, 'services without which it can’t start'),
    uses: uniqueList(serviceReference, 'services that it uses where they are there'),
    emits: uniqueList(eventType, 'events of its contract'),
    consumes: uniqueList(eventType, 'events that it subscribes to'),
    infrastructure: z
      .array(z.enum(['store', 'cache', 'vectors', 'flows']))
      .default([])
      .meta({ description: 'resources that it is handed' }),
    roles: z
      .array(z.enum(['nucleus', 'worker']))
      .min(1)
      .default(['nucleus'])
      .refine((list) => new Set(list).size === list.length, 'names something twice')
      .meta({
        description: 'where it runs, if several nuclei form one system: on the nucleus, on the workers, or on both',
      }),
    labels: uniqueList(
      z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,39}$/, 'a label has lower case letters, digits and `_.-`'),
      'what a machine must have for it: it runs only where `LOTUS_LABELS` names all of them',
    ),
    isolation: z
      .enum(['inline', 'process'])
      .default('inline')
      .meta({ description: 'inline: in the nucleus’ own process; process: in one of its own' }),
    restart: z
      .strictObject({
        intensity: z.number().int().min(0).max(100).default(3),
        periodMs: milliseconds.default(60_000),
      })
      .default({ intensity: 3, periodMs: 60_000 })
      .meta({ description: 'more restarts than `intensity` within `periodMs` and it is parked' }),
    healthIntervalMs: milliseconds.default(10_000).meta({ description: 'how often its health is asked for' }),
    healthTimeoutMs: milliseconds.default(2_000).meta({ description: 'later answers count as unhealthy' }),
    startTimeoutMs: milliseconds.default(15_000).meta({ description: 'how long `start` may take' }),
    permissions: uniqueList(
      z
        .string()
        .max(200)
        .regex(
          permissionPattern,
          'a right is `network`, `read:PATH`, `write:PATH` or `process:NAME`; PATH begins with /, ~ or LOTUS_HOME',
        ),
      'rights that it asks for, beyond its services; enforced where it runs in a process of its own',
    ),
    limits: z
      .strictObject({
        memory: z
          .number()
          .int()
          .min(64 * mebibyte)
          .max(65_536 * mebibyte)
          .default(defaultLimits.memory)
          .meta({ description: 'bytes in memory' }),
        processes: z.number().int().min(1).max(1_000).default(defaultLimits.processes),
        cpu: z
          .number()
          .int()
          .min(5)
          .max(10_000)
          .default(defaultLimits.cpu)
          .meta({ description: 'percent of one core, over half a minute' }),
        events: z
          .number()
          .int()
          .min(1)
          .max(1_000_000)
          .default(defaultLimits.events)
          .meta({ description: 'events that it emits within a second; further ones wait' }),
        messages: z
          .number()
          .int()
          .min(20)
          .max(1_000_000)
          .default(defaultLimits.messages)
          .meta({ description: 'messages to the nucleus within a second; further ones wait' }),
      })
      .default(defaultLimits)
      .meta({ description: 'what its own process may take, with all that it starts' }),
    helper: z
      .strictObject({
        entry: z.string().regex(/^[a-z][a-z0-9/-]*\.ts$/),
        options: z.array(z.string()).default([]),
        settings: z
          .string()
          .regex(/^[a-z][a-z0-9/-]*\.ts$/)
          .meta({ description: 'its default export makes of the module’s settings what the helper is told first' }),
      })
      .optional()
      .meta({ description: 'a process of its own, begun with the nucleus; its module takes it over when it starts' }),
    kernel: range.meta({ description: 'versions of the kernel’s interface that it works with' }),
    settings: z
      .record(z.string().regex(/^[a-z][a-zA-Z0-9]*$/, 'a setting’s name is camelCase'), settingPart)
      .default({})
      .meta({ description: 'generated from settings.ts; don’t edit by hand' }),
  })
}

let built: ReturnType<typeof buildSchema> | undefined

/** the schema of manifests; built when it is first asked for: a start whose manifests have not changed does without. */
export function manifestSchema(): ReturnType<typeof buildSchema> {
  return (built ??= buildSchema())
}

/** what a module says about itself, with every default filled in. */
export type Manifest = Readonly<z.output<ReturnType<typeof manifestSchema>>>

/** a manifest together with the folder that it came from. */
export interface FoundModule {
  readonly manifest: Manifest
  readonly folder: string
}

/** where a manifest was found decides what it may say. */
export interface ManifestRules {
  /** it did not come with LOTUS. */
  readonly isAdded: boolean
  /** whether a person allows those to run in the nucleus' own process. */
  readonly mayBeInline: boolean
}

const ofProject: ManifestRules = { isAdded: false, mayBeInline: true }

/** one thing that is wrong with a manifest. */
export interface ManifestProblem {
  readonly file: string
  /** the path of the field, `restart.intensity`; empty for the file as a whole. */
  readonly field: string
  readonly message: string
}

/**
 * judges the text of one manifest.
 * @param file - shown in messages
 * @param folderName - what the module must be called
 */
export function parseManifest(
  text: string,
  file: string,
  folderName: string,
  rules: ManifestRules = ofProject,
): Manifest | readonly ManifestProblem[] {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    return [{ file, field: '', message: `is not JSON: ${error instanceof Error ? error.message : String(error)}` }]
  }
  // code that did not come with LOTUS gets a process of its own unless its manifest and a person say otherwise
  if (rules.isAdded && isObject(data)) data = { isolation: 'process', ...data }
  // zod would write code for a schema that is used once a module, which takes longer than it saves
  const result = manifestSchema().safeParse(data, { reportInput: true, jitless: true })
  if (!result.success) {
    return result.error.issues.map((issue) => ({
      file,
      field: issue.path.join('.'),
      message: issue.input === undefined ? issue.message : `${issue.message}, not ${showValue(issue.input)}`,
    }))
  }
  if (result.data.name !== folderName) {
    return [{ file, field: 'name', message: `must be ${showValue(folderName)}, as its folder` }]
  }
  if (rules.isAdded && !rules.mayBeInline && result.data.isolation === 'inline') {
    const message =
      'only modules that ship with LOTUS run inline; the setting `core.inlineModules` allows it for others'
    return [{ file, field: 'isolation', message }]
  }
  // settings stay as they were written: two modules that share one are compared as text
  const settings = (data as { settings?: Manifest['settings'] }).settings ?? {}
  return Object.freeze({ ...result.data, settings })
}

/**
 * reads the manifests of all modules under a folder.
 * @throws MANIFEST_INVALID that names every problem of every manifest.
 */
export async function readManifests(
  modulesFolder: string,
  rules: ManifestRules = ofProject,
): Promise<readonly FoundModule[]> {
  const { found, problems } = await readGoodManifests(modulesFolder, rules)
  if (problems.length > 0) throw invalid(problems)
  return found
}

/** the same where some may be wrong: those that can be used, and what is wrong with the others. */
export async function readGoodManifests(
  modulesFolder: string,
  rules: ManifestRules = ofProject,
): Promise<{ readonly found: readonly FoundModule[]; readonly problems: readonly ManifestProblem[] }> {
  // a few small files that everything else waits for: threads would only make it longer
  const entries = readdirSync(modulesFolder, { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map((entry) => entry.name)
  const results = folders.sort().map((name) => readManifest(modulesFolder, name, rules))
  return {
    found: results.filter((result) => result !== undefined && !isProblems(result)) as readonly FoundModule[],
    problems: results.flatMap((result) => (isProblems(result) ? result : [])),
  }
}

/**
 * reads the manifest of one module.
 * @throws MODULE_UNKNOWN where the folder has none; MANIFEST_INVALID that names all its problems.
 */
export async function readOneManifest(
  modulesFolder: string,
  name: string,
  rules: ManifestRules = ofProject,
): Promise<FoundModule> {
  // a name comes from a command line: it must not lead out of the folder
  if (!moduleNamePattern.test(name)) throw moduleErrors.MODULE_UNKNOWN({ value: name })
  const result = readManifest(modulesFolder, name, rules)
  if (result === undefined) throw moduleErrors.MODULE_UNKNOWN({ value: name })
  if (isProblems(result)) throw invalid(result)
  return result
}

/** undefined for a folder without a manifest: it is not a module. */
function readManifest(
  modulesFolder: string,
  name: string,
  rules: ManifestRules,
): FoundModule | readonly ManifestProblem[] | undefined {
  const folder = join(modulesFolder, name)
  const file = join(folder, 'manifest.json')
  // what is recollected was judged by the rules of the project
  const recollection = rules.isAdded ? undefined : recollect(`manifest ${name}`, [file, ...judges])
  if (recollection?.known !== undefined)
    return { manifest: Object.freeze(recollection.known.value as Manifest), folder }
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    return [{ file, field: '', message: `can’t be read: ${error instanceof Error ? error.message : String(error)}` }]
  }
  const result = parseManifest(text, file, name, rules)
  if (isProblems(result)) return result
  recollection?.keep(result)
  return { manifest: result, folder }
}

function isObject(data: unknown): data is object {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
}

function isProblems(result: unknown): result is readonly ManifestProblem[] {
  return Array.isArray(result)
}

function invalid(problems: readonly ManifestProblem[]): LotusError {
  const lines = problems.map(({ file, field, message }) => `${file}: ${field === '' ? '' : `${field}: `}${message}`)
  return listProblems('MANIFEST_INVALID', lines)
}
