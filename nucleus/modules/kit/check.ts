// grades a module: what its files say, whether they agree, and how it behaves in the LOTUS that runs.
import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { ModuleFinding, ModuleGrade } from '../../contract.ts'
import { toErrorData } from '../../errors.ts'
import type { ModuleManager } from '../manager.ts'
import type { FoundModule } from '../manifest.ts'
import { compareWithContract, undefinedServices } from './definitions.ts'
import { inspect } from './inspect.ts'
import { findLeaks, leakRounds } from './leaks.ts'

export interface CheckParts {
  readonly manager: ModuleManager
  readonly readManifest: (name: string) => Promise<FoundModule>
  /** of the project. */
  readonly root: string
}

type Part = ModuleFinding['part']

const good = (part: Part, message: string): ModuleFinding => ({ part, status: 'good', message })
const skipped = (part: Part, message: string): ModuleFinding => ({ part, status: 'skipped', message })
const warning = (part: Part, message: string, fix: string): ModuleFinding => ({ part, status: 'warning', message, fix })
const bad = (part: Part, message: string, fix: string): ModuleFinding => ({ part, status: 'bad', message, fix })
const thrown = (part: Part, error: unknown): ModuleFinding => {
  const { message, fix } = toErrorData(error)
  return bad(part, message, fix)
}

/** one that does not run is loaded for the check and unloaded after it. @throws MODULE_UNKNOWN */
export async function checkModule(parts: CheckParts, name: string): Promise<ModuleGrade> {
  const findings: ModuleFinding[] = []
  let found: FoundModule | undefined
  try {
    found = await parts.readManifest(name)
    findings.push(good('manifest', `${basename(found.folder)}/manifest.json holds what a manifest must`))
  } catch (error) {
    if (toErrorData(error).code === 'MODULE_UNKNOWN') throw error
    findings.push(thrown('manifest', error))
  }
  if (found !== undefined) {
    findings.push(...(await checkDefinitions(found, parts)))
    findings.push(...(await checkLife(found, parts.manager)))
    findings.push(await checkDocs(found, parts.root), checkTests(found, parts.root))
  }
  const has = (status: ModuleFinding['status']): boolean => findings.some((one) => one.status === status)
  return { name, grade: has('bad') ? 'poor' : has('warning') ? 'fair' : 'good', findings }
}

async function checkDefinitions(found: FoundModule, { root, readManifest }: CheckParts): Promise<ModuleFinding[]> {
  const { manifest, folder } = found
  try {
    const { contract, settings } = await inspect(found, root)
    const many = await manyElsewhere(found, readManifest)
    const differences = [...compareWithContract(found, contract), ...undefinedServices(found, contract, many)]
    const fix = 'make manifest.json and contract.ts say the same: the one is read without running the other'
    const isSame = isDeepStrictEqual(settings, manifest.settings)
    const asJson = JSON.stringify(settings).slice(0, 2_000)
    return [
      ...(differences.length === 0
        ? [good('contract', 'manifest and contract name the same services and events')]
        : differences.map((one) => bad('contract', one, fix))),
      isSame
        ? good('settings', existsSync(join(folder, 'settings.ts')) ? 'manifest and settings.ts agree' : 'it has none')
        : bad('settings', '`settings` of the manifest differ from settings.ts', `write "settings": ${asJson}`),
    ]
  } catch (error) {
    return [thrown('contract', error)]
  }
}

/** services that other modules' contracts define for several providers, such as `tools`. */
async function manyElsewhere(
  { manifest }: FoundModule,
  readManifest: CheckParts['readManifest'],
): Promise<ReadonlySet<string>> {
  const others = await Promise.all(
    // the operator defines what every module may provide
    ['operator'].filter((name) => name !== manifest.name).map(readManifest),
  )
  return new Set(others.flatMap((other) => other.manifest.many))
}

async function checkLife({ manifest }: FoundModule, manager: ModuleManager): Promise<ModuleFinding[]> {
  const { name } = manifest
  const before = manager.statuses().find((one) => one.name === name)
  const wasStopped = before === undefined || before.status === 'stopped'
  if (wasStopped) {
    try {
      await manager.load(name)
    } catch (error) {
      return [thrown('start', error)]
    }
  }
  try {
    return [
      good('start', wasStopped ? 'it starts' : 'it runs'),
      await checkHealth(name, manifest.healthTimeoutMs, manager),
      await checkReloads(manifest, manager),
    ]
  } finally {
    if (wasStopped) await manager.unload(name)
  }
}

async function checkHealth(name: string, limitMs: number, manager: ModuleManager): Promise<ModuleFinding> {
  const fromMs = performance.now()
  try {
    const health = await manager.probe(name)
    const tookMs = Math.round(performance.now() - fromMs)
    if (health === undefined) {
      return warning(
        'health',
        'it does not say how it is: one that hangs is not noticed',
        'return `health` from `start`: `health: () => ({ status: "healthy" })` is the least',
      )
    }
    if (health.status !== 'healthy') {
      // what makes it degraded may lie elsewhere: a server that is not there
      const judge = health.status === 'degraded' ? warning : bad
      return judge('health', `it is ${health.status}: ${health.reason ?? 'it gives no reason'}`, 'mend what it says')
    }
    return tookMs * 2 > limitMs
      ? warning('health', `its health took ${tookMs} of ${limitMs} ms`, 'answer from what is known already')
      : good('health', `it is healthy, and says so in ${tookMs} ms`)
  } catch (error) {
    return thrown('health', error)
  }
}

async function checkReloads(manifest: FoundModule['manifest'], manager: ModuleManager): Promise<ModuleFinding> {
  if (manifest.keep) return skipped('reload', 'not tried: it is the way in, and who asks would wait for himself')
  try {
    const left = await findLeaks(manager, manifest.name)
    if (left.length === 0) return good('reload', `${leakRounds} reloads, and nothing was left behind`)
    const fix = 'open timers with `context.timer`, and hand everything else to `context.defer` on the line after it'
    return bad('reload', left.join('; '), fix)
  } catch (error) {
    return thrown('reload', error)
  }
}

async function checkDocs(found: FoundModule, root: string): Promise<ModuleFinding> {
  const { manifest, folder } = found
  const isShipped = dirname(folder) === join(root, 'modules')
  const text = isShipped ? await pagesOf(join(root, 'docs')) : await textOf(join(folder, 'README.md'))
  if (text === undefined) {
    return bad(
      'docs',
      'it has no README.md',
      'write one: what it is for, its services, events, settings and permissions',
    )
  }
  const said = [...manifest.provides, ...manifest.emits, ...Object.keys(manifest.settings), ...manifest.permissions]
  const missing = said.filter((word) => !text.includes(word))
  if (missing.length === 0) return good('docs', 'they name every service, event, setting and permission')
  return bad('docs', `they say nothing about ${missing.join(', ')}`, 'say what it is for, in README.md')
}

function checkTests({ manifest, folder }: FoundModule, root: string): ModuleFinding {
  const folders = [folder, join(root, 'tests/modules', manifest.name)]
  const count = folders
    .filter((one) => existsSync(one))
    .flatMap((one) => readdirSync(one, { recursive: true, encoding: 'utf8' }))
    .filter((file) => file.endsWith('.test.ts')).length
  if (count > 0) return good('test', `${count} file${count === 1 ? '' : 's'} of tests`)
  return warning('test', 'it has no test', `write ${manifest.name}.test.ts; \`lotus module new\` shows how one looks`)
}

async function pagesOf(folder: string): Promise<string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'))
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n')
}

async function textOf(path: string): Promise<string | undefined> {
  return existsSync(path) ? await readFile(path, 'utf8') : undefined
}
