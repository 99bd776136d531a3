// system.packages: whether a package is installed, in which version, how many there are, and which can be had.
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../../action.ts'
import { defineAction } from '../../action.ts'
import { actionErrors } from '../errors.ts'
import { alignColumns, limitLines, plural } from '../format.ts'
import { shortLine } from '../text-file.ts'
import { type InstalledPackage, readInstalled, searchAvailable } from './package-databases.ts'

const searchLimit = 50

const input = z.strictObject({
  name: z.string().min(1).max(255).optional(),
  answer: z.enum(['installed', 'list', 'search', 'version', 'count']).optional().describe('default installed'),
})

type Arguments = z.output<typeof input>

const packageData = ({ name, version, summary }: InstalledPackage) => ({ name, version, summary })

/** the package of this name, or the newest of a family such as postgresql-15 for postgresql. */
function choose(name: string, packages: readonly InstalledPackage[]): InstalledPackage | undefined {
  const wanted = name.toLowerCase()
  return (
    packages.find((one) => one.name === wanted) ??
    packages.find((one) => /^-?\d[\d.]*$/.test(one.name.slice(wanted.length)) && one.name.startsWith(wanted))
  )
}

async function search(args: Arguments, context: ActionContext): Promise<ActionResult> {
  const { manager, packages } = await readInstalled()
  const name = args.name ?? ''
  if (name === '') throw actionErrors.QUERY_UNCLEAR({ detail: 'no name to search for', fix: 'say what to search for' })
  if (manager !== 'dpkg')
    throw actionErrors.NOT_SUPPORTED_HERE({ detail: `the package lists of ${manager} are not read` })
  const found = await searchAvailable(name, searchLimit, context.signal)
  const installed = new Set(packages.map((one) => one.name))
  const rows = found.map((one) => [
    one.name,
    shortLine(one.summary, 100) + (installed.has(one.name) ? ' (installed)' : ''),
  ])
  return {
    text: rows.length === 0 ? `no packages found for "${name}"` : limitLines(alignColumns(rows)),
    data: {
      count: found.length,
      packages: found.map((one) => ({ ...packageData(one), installed: installed.has(one.name) })),
      text: found.map((one) => one.name).join('\n'),
    },
  }
}

async function run(args: Arguments, context: ActionContext): Promise<ActionResult> {
  const answer = args.answer ?? 'installed'
  if (answer === 'search') return search(args, context)
  const { packages } = await readInstalled()
  const sorted = packages.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  if (answer === 'count') {
    return { text: `${plural(sorted.length, 'package')} installed`, data: { count: sorted.length } }
  }
  if (args.name === undefined) {
    return {
      text: limitLines(alignColumns(sorted.map(({ name, version }) => [name, version]))),
      data: { count: sorted.length, packages: sorted.slice(0, 5000).map(({ name, version }) => ({ name, version })) },
    }
  }
  const found = choose(args.name, sorted)
  if (found === undefined) {
    const data = { count: 0, installed: false, name: args.name, version: null }
    return { text: answer === 'version' ? `${args.name} is not installed` : `no, ${args.name} is not installed`, data }
  }
  const data = { count: 1, installed: true, name: found.name, version: found.version, summary: found.summary }
  if (answer === 'version') return { text: `${found.name} ${found.version}`, data }
  return { text: `yes, ${found.name} is installed (version ${found.version})`, data }
}

export const packages = defineAction({
  name: 'system.packages',
  description: 'installed packages of the system, and those that can be installed',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 20_000,
  input,
  resources: async () => [{ kind: 'system', access: 'read', name: 'packages' }],
  run,
})
