// whether the public face of a module is what it was, and which modules know it: those are reloaded with it.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest } from './manifest.ts'
import { parseServiceReference } from './service-reference.ts'

/** a digest of what contract.ts says; of nothing where a module has none. @throws what reading the file throws */
export async function digestOfContract(folder: string): Promise<string> {
  let text = ''
  try {
    text = await readFile(join(folder, 'contract.ts'), 'utf8')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  return createHash('sha256').update(text).digest('hex')
}

/**
 * whether one module knows the contract of another: it uses its services, hears its events, or provides a service of
 * kind many that the other defines.
 */
export function knowsContractOf(one: Manifest, other: Manifest): boolean {
  if (one.name === other.name) return false
  const used = [...one.requires, ...one.uses].map((reference) => parseServiceReference(reference).service)
  return (
    other.provides.some((service) => used.includes(service)) ||
    other.many.some((service) => used.includes(service) || one.provides.includes(service)) ||
    other.emits.some((type) => one.consumes.includes(type))
  )
}
