// the graph of modules, drawn from manifests alone: who needs whom, in which order they start, and what doesn't fit.
import { listProblems } from './errors.ts'
import type { Manifest } from './manifest.ts'
import { findCycles, levelsOf } from './order.ts'
import { parseServiceReference } from './service-reference.ts'
import { versionInRange } from './version.ts'

export type GraphProblemKind = 'cycle' | 'missing_service' | 'version_mismatch' | 'name_clash' | 'unknown_event'

/** one thing that doesn't fit, with the way that leads to it. */
export interface GraphProblem {
  readonly kind: GraphProblemKind
  /** modules, services or events from cause to effect. */
  readonly path: readonly string[]
  readonly message: string
}

/** what the kernel itself brings into the graph. */
export interface KernelFacts {
  readonly version: string
  /** services that the kernel provides. */
  readonly services: readonly string[]
  /** events that the kernel emits. */
  readonly events: readonly string[]
  /** events of modules that are left out: nobody emits them, and to wait for them is no mistake. */
  readonly eventsElsewhere?: readonly string[]
}

export interface ModuleGraph {
  readonly problems: readonly GraphProblem[]
  /** modules that may start at once, level by level; modules on a cycle are missing. */
  readonly levels: readonly (readonly string[])[]
  /** modules that a module can't do without. */
  requirements(module: string): readonly string[]
  /** modules that can't do without a module, directly. */
  dependents(module: string): readonly string[]
  /** whether several modules may provide a service at once. */
  isMany(service: string): boolean
}

/** draws the graph; never throws, reports every problem at once. */
export function drawGraph(manifests: readonly Manifest[], kernel: KernelFacts): ModuleGraph {
  const many = new Set(manifests.flatMap((manifest) => manifest.many))
  const providers = groupBy(manifests, (manifest) => manifest.provides)
  const problems = [
    ...clashesIn(manifests, providers, many, kernel),
    ...unsupportedIn(manifests, kernel),
    ...unknownEventsIn(manifests, kernel),
  ]

  const hard = new Map<string, Set<string>>()
  const soft = new Map<string, Set<string>>()
  for (const manifest of manifests) {
    const requirements = linksOf(manifest, 'requires', providers, many, kernel)
    const uses = linksOf(manifest, 'uses', providers, many, kernel)
    problems.push(...requirements.problems, ...uses.problems)
    hard.set(manifest.name, requirements.modules)
    soft.set(manifest.name, uses.modules)
  }

  for (const cycle of findCycles(hard)) {
    problems.push({
      kind: 'cycle',
      path: cycle,
      message: `modules require each other in a circle: ${cycle.join(' → ')}; let one of them say \`uses\` instead`,
    })
  }

  const dependents = new Map<string, string[]>()
  for (const [module, needed] of hard) {
    for (const one of needed) dependents.set(one, [...(dependents.get(one) ?? []), module])
  }
  return Object.freeze({
    problems,
    levels: levelsOf(hard, soft),
    requirements: (module: string) => [...(hard.get(module) ?? [])],
    dependents: (module: string) => dependents.get(module) ?? [],
    isMany: (service: string) => many.has(service),
  })
}

/**
 * draws the graph of what must fit together.
 * @throws GRAPH_INVALID that names every problem, a line each.
 */
export function drawSoundGraph(manifests: readonly Manifest[], kernel: KernelFacts): ModuleGraph {
  const graph = drawGraph(manifests, kernel)
  if (graph.problems.length === 0) return graph
  throw listProblems(
    'GRAPH_INVALID',
    graph.problems.map((problem) => problem.message),
  )
}

type Providers = ReadonlyMap<string, readonly Manifest[]>

function groupBy(manifests: readonly Manifest[], keysOf: (manifest: Manifest) => readonly string[]): Providers {
  const groups = new Map<string, Manifest[]>()
  for (const manifest of manifests) {
    for (const key of keysOf(manifest)) groups.set(key, [...(groups.get(key) ?? []), manifest])
  }
  return groups
}

/** the modules behind the services that a manifest names, and what is wrong with them. */
function linksOf(
  manifest: Manifest,
  field: 'requires' | 'uses',
  providers: Providers,
  many: ReadonlySet<string>,
  kernel: KernelFacts,
): { modules: Set<string>; problems: GraphProblem[] } {
  const modules = new Set<string>()
  const problems: GraphProblem[] = []
  for (const reference of manifest[field]) {
    const { service, range } = parseServiceReference(reference)
    if (kernel.services.includes(service)) {
      if (!versionInRange(kernel.version, range))
        problems.push(mismatch(manifest, service, range, 'nucleus', kernel.version))
      continue
    }
    const found = providers.get(service) ?? []
    // a service of kind many may have no provider at all: its consumer sees an empty list
    if (found.length === 0 && field === 'requires' && !many.has(service)) {
      problems.push({
        kind: 'missing_service',
        path: [manifest.name, service],
        message: `${manifest.name} requires the service ${service}, which no module provides; add its module, or say \`uses\``,
      })
    }
    for (const provider of found) {
      if (!versionInRange(provider.version, range)) {
        problems.push(mismatch(manifest, service, range, provider.name, provider.version))
      }
      // a module may ask itself for a service of kind many
      if (provider.name !== manifest.name || !many.has(service)) modules.add(provider.name)
    }
  }
  return { modules, problems }
}

function mismatch(manifest: Manifest, service: string, range: string, provider: string, version: string): GraphProblem {
  return {
    kind: 'version_mismatch',
    path: [manifest.name, service, provider],
    message: `${manifest.name} needs ${service}@${range}, and ${provider} provides it in version ${version}`,
  }
}

function clashesIn(
  manifests: readonly Manifest[],
  providers: Providers,
  many: ReadonlySet<string>,
  kernel: KernelFacts,
): GraphProblem[] {
  const clash = (what: string, names: readonly string[], remedy: string): GraphProblem => ({
    kind: 'name_clash',
    path: [what, ...names],
    message: `${what} comes from ${names.join(' and ')}; ${remedy}`,
  })
  const problems: GraphProblem[] = []
  for (const [name, owners] of groupBy(manifests, (manifest) => [manifest.name])) {
    const reserved = name === 'nucleus' ? ['nucleus'] : []
    const names = [...reserved, ...owners.map((owner) => owner.name)]
    if (names.length > 1) problems.push(clash(`the module ${name}`, names, 'give one of them another name'))
  }
  for (const [service, owners] of providers) {
    const reserved = kernel.services.includes(service) ? ['nucleus'] : []
    const names = [...reserved, ...owners.map((owner) => owner.name)]
    if (names.length > 1 && !(many.has(service) && reserved.length === 0)) {
      const remedy = `let one provide it, or let the module whose contract defines it say \`"many": ["${service}"]\``
      problems.push(clash(`the service ${service}`, names, remedy))
    }
  }
  for (const [type, owners] of groupBy(manifests, (manifest) => manifest.emits)) {
    const reserved = kernel.events.includes(type) ? ['nucleus'] : []
    const names = [...reserved, ...owners.map((owner) => owner.name)]
    if (names.length > 1)
      problems.push(clash(`the event ${type}`, names, 'let only the module whose contract defines it emit it'))
  }
  return problems
}

function unsupportedIn(manifests: readonly Manifest[], kernel: KernelFacts): GraphProblem[] {
  return manifests.flatMap((manifest): GraphProblem[] => {
    const problems: GraphProblem[] = []
    if (!versionInRange(kernel.version, manifest.kernel)) {
      problems.push(mismatch(manifest, 'kernel', manifest.kernel, 'nucleus', kernel.version))
    }
    return problems
  })
}

function unknownEventsIn(manifests: readonly Manifest[], kernel: KernelFacts): GraphProblem[] {
  const elsewhere = kernel.eventsElsewhere ?? []
  const known = new Set([...kernel.events, ...elsewhere, ...manifests.flatMap((manifest) => manifest.emits)])
  return manifests.flatMap((manifest) =>
    manifest.consumes
      .filter((type) => !known.has(type))
      .map((type) => ({
        kind: 'unknown_event' as const,
        path: [manifest.name, type],
        message: `${manifest.name} consumes the event ${type}, which nobody emits; correct its name, or add its module`,
      })),
  )
}
