/** who may import whom: the kernel knows no module, a module knows others by their contract only. */
import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { findImports } from './imports.ts'
import { typeScriptIn, type Finding, type Repository, type Rule } from './repository.ts'

interface ResolvedImport {
  readonly file: string
  readonly line: number
  readonly specifier: string
  /** path from the root for a file of ours, undefined for node and packages */
  readonly path: string | undefined
}

function importsOf(repository: Repository, file: string): readonly ResolvedImport[] {
  return findImports(repository.tokens(file)).flatMap(({ specifier, line }) => {
    if (specifier === undefined) return []
    const path = specifier.startsWith('.')
      ? posix.normalize(posix.join(posix.dirname(file), specifier.replace(/[?#].*$/, '')))
      : undefined
    return [{ file, line, specifier, path }]
  })
}

const kernelKnowsNoModule: Rule = (repository) =>
  typeScriptIn(repository, 'nucleus/', 'nucleus.ts').flatMap((file) =>
    importsOf(repository, file)
      .filter(({ path }) => path !== undefined && /^(?:modules|scripts|tests)\//.test(path))
      .map(({ line, specifier }) => ({
        file,
        line,
        message: `the kernel imports ${specifier}`,
        remedy: 'let the module offer a service or an event, and let the kernel know only its manifest',
      })),
  )

const modulesKnowContracts: Rule = (repository) =>
  typeScriptIn(repository, 'modules/').flatMap((file) => {
    const own = file.split('/').slice(0, 2).join('/') + '/'
    const findings: Finding[] = []
    for (const { specifier, line } of findImports(repository.tokens(file))) {
      if (specifier === undefined) {
        findings.push({
          file,
          line,
          message: 'a module imports a path that is computed',
          remedy:
            'import a literal path, so that the rules of the house can be checked; loading modules is the kernel’s work',
        })
      }
    }
    for (const { path, line, specifier } of importsOf(repository, file)) {
      if (path === undefined || path.startsWith('nucleus/') || path.startsWith(own)) continue
      if (/^modules\/[^/]+\/contract\.ts$/.test(path)) continue
      const other = /^(modules\/[^/]+)\//.exec(path)?.[1]
      findings.push({
        file,
        line,
        message: `a module imports ${specifier}`,
        remedy:
          other === undefined
            ? 'a module imports node:, packages, nucleus/, its own files and contracts; move what is shared into nucleus/'
            : `import ${other}/contract.ts instead, and add to it what you need`,
      })
    }
    return findings
  })

/** the name of the package that a bare specifier means */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

const packagesAreDeclared: Rule = (repository) => {
  if (!repository.files.includes('package.json')) return []
  const manifest = JSON.parse(repository.read('package.json') ?? '{}') as Record<string, Record<string, string>>
  const production = { ...manifest['dependencies'], ...manifest['optionalDependencies'] }
  const development = { ...production, ...manifest['devDependencies'] }
  // a bench has a package of its own beside it
  const checked = typeScriptIn(
    repository,
    'nucleus.ts',
    'nucleus/',
    'modules/',
    'scripts/',
    'config/',
    'tests/',
  ).filter((file) => !file.startsWith('tests/bench/'))
  return checked.flatMap((file) => {
    const runs = /^(?:nucleus|modules)[./]/.test(file)
    const declared = runs ? production : development
    return importsOf(repository, file).flatMap(({ path, specifier, line }): Finding[] => {
      if (path !== undefined || specifier.startsWith('node:')) return []
      if (isBuiltin(specifier)) {
        return [{ file, line, message: `imports ${specifier}`, remedy: `write node:${specifier}` }]
      }
      const name = packageOf(specifier)
      if (Object.hasOwn(declared, name)) return []
      return [
        {
          file,
          line,
          message: `imports the package ${name}, which package.json does not list${runs && Object.hasOwn(development, name) ? ' under dependencies' : ''}`,
          remedy: `npm install --save-exact ${name}, and a line in docs/dependencies.md; or do without it`,
        },
      ]
    })
  })
}

export const importRules: readonly Rule[] = [kernelKnowsNoModule, modulesKnowContracts, packagesAreDeclared]
