// all checks of `lotus doctor`, in the order in which they are shown, and how they are gone through.
import { toErrorData } from '../../../nucleus/errors.ts'
import type { Place } from '../place.ts'
import { bad } from './check.ts'
import type { Check, Finding } from './check.ts'

/** by the first word of the ids of their findings; loaded one by one: what can't be loaded is a finding like others. */
export const checks: Readonly<Record<string, () => Promise<Check>>> = {
  node: async () => (await import('./node.ts')).checkNode,
  packages: async () => (await import('./node.ts')).checkPackages,
  settings: async () => (await import('./settings.ts')).checkSettings,
  home: async () => (await import('./home.ts')).checkHome,
  disk: async () => (await import('./disk.ts')).checkDisk,
  clock: async () => (await import('./clock.ts')).checkClock,
  token: async () => (await import('./token.ts')).checkToken,
  port: async () => (await import('./running.ts')).checkPort,
  nucleus: async () => (await import('./running.ts')).checkNucleus,
  osd: async () => (await import('./sockets.ts')).checkOsd,
  database: async () => (await import('./databases.ts')).checkDatabases,
  journal: async () => (await import('./journal.ts')).checkJournal,
  audit: async () => (await import('./audit.ts')).checkAudit,
  server: async () => (await import('./servers.ts')).checkServers,
  model: async () => (await import('./models.ts')).checkModels,
  unit: async () => (await import('./units.ts')).checkUnits,
  sandbox: async () => (await import('./sandbox.ts')).checkSandbox,
}

/** looks at everything; changes nothing. never throws. */
export async function examine(place: Place): Promise<readonly Finding[]> {
  const look = async ([name, load]: [string, () => Promise<Check>]): Promise<readonly Finding[]> => {
    try {
      return await (
        await load()
      )(place)
    } catch (error) {
      // a check that itself fails found something, if not what it looked for.
      return [bad(`${name}.unclear`, `could not be looked at: ${toErrorData(error).message}`, 'report this')]
    }
  }
  // one database after another, and what runs last: a check must not see the marks of another one
  const findings: Finding[] = []
  const apart = ['clock', 'database', 'journal', 'audit']
  const entries = Object.entries(checks)
  const together = new Map<string, readonly Finding[]>()
  await Promise.all(
    entries
      .filter(([name]) => !apart.includes(name))
      .map(async (entry) => void together.set(entry[0], await look(entry))),
  )
  for (const entry of entries) findings.push(...(together.get(entry[0]) ?? (await look(entry))))
  return findings
}

export interface Mended {
  readonly id: string
  /** what was done, or why it could not be. */
  readonly text: string
  readonly ok: boolean
}

/** does the safe ones itself, one after another. never throws. */
export async function mendAll(findings: readonly Finding[]): Promise<readonly Mended[]> {
  const mended: Mended[] = []
  for (const { id, mend } of findings) {
    if (mend === undefined) continue
    try {
      mended.push({ id, text: await mend(), ok: true })
    } catch (error) {
      mended.push({ id, text: toErrorData(error).message, ok: false })
    }
  }
  return mended
}
