// modules that lie outside of the project import as those inside do: what leads out of their folder leads into the project.
import { existsSync } from 'node:fs'
import { registerHooks, type ResolveFnOutput, type ResolveHookContext } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

type Resolve = (
  specifier: string,
  context: ResolveHookContext,
  next: (specifier: string, context?: Partial<ResolveHookContext>) => ResolveFnOutput,
) => ResolveFnOutput

// the hook is the process'; what it does once a folder of modules, it need not do twice
const mapped = new Set<string>()

/**
 * for a module in `folder`, which lies beside others as it would in the project's `modules/`: its `../../nucleus/…` and
 * packages are the project's, its `../memory/contract.ts` too where no such module lies beside it.
 * @param root - of the project; a module of its own needs nothing of this
 */
export function installElsewhereHook(folder: string, root: string): void {
  const beside = dirname(folder)
  if (beside === join(root, 'modules') || mapped.has(beside)) return
  mapped.add(beside)
  registerHooks({ resolve: mapFrom(beside, root) })
}

function mapFrom(beside: string, root: string): Resolve {
  const around = dirname(beside)
  const inside = (path: string, parent: string): boolean => path.startsWith(parent + sep)
  const asInProject = pathToFileURL(join(root, 'package.json')).href
  return (specifier, context, next) => {
    const { parentURL } = context
    if (parentURL === undefined || !parentURL.startsWith('file:')) return next(specifier, context)
    const parent = fileURLToPath(parentURL)
    if (!inside(parent, beside)) return next(specifier, context)
    if (!specifier.startsWith('.')) {
      return specifier.startsWith('node:') || specifier.startsWith('file:')
        ? next(specifier, context)
        : next(specifier, { ...context, parentURL: asInProject })
    }
    const target = join(dirname(parent), specifier)
    if (!inside(target, around) || existsSync(target)) return next(specifier, context)
    return next(pathToFileURL(join(root, relative(around, target))).href, context)
  }
}
