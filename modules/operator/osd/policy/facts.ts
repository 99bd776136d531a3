// what the policy is told about one step: the action and every thing it touches, with where that lies.
import type { Risk } from '../../contract.ts'
import type { Resource } from '../action.ts'
import { followLinks, isBelow } from '../files/paths.ts'
import { readProtection, writeProtection } from '../files/protection.ts'
import { belongsToSystem, rootOf } from '../files/reach.ts'
import type { Reach } from '../files/reach.ts'

/** where a path lies; it can be in several places at once. */
export const places = [
  /** below the client's working folder. */
  'working_folder',
  /** below another folder that the person granted. */
  'granted',
  /** a granted folder itself, the working folder among them. */
  'granted_folder',
  /** a folder that a granted folder lies in. */
  'above',
  /** in none of the granted folders. */
  'outside',
  'system',
  'read_protected',
  'write_protected',
] as const
export type Place = (typeof places)[number]

export interface ResourceFacts extends Resource {
  readonly places: readonly Place[]
  /** why it is protected, in words. */
  readonly protection?: string
}

export type Effect = 'none' | 'files' | 'tool'

export interface StepFacts {
  readonly action: string
  /** what the action does, in words for a person. */
  readonly description?: string
  readonly effect: Effect
  readonly risk: Risk
  readonly undoable: boolean
  /** files and folders that are created, changed or removed, those inside removed folders too. */
  readonly changes: number
  readonly resources: readonly ResourceFacts[]
}

/** says where a resource lies for a client. a path that is read is judged by what its last link leads to. */
export function resourceFacts(resource: Resource, reach: Reach): ResourceFacts {
  const isPath = resource.kind === 'path' || (resource.kind === 'git' && resource.name.startsWith('/'))
  if (!isPath) return { ...resource, places: [] }
  const name = resource.access === 'read' ? followLinks(resource.name) : resource.name
  const found: Place[] = []
  const root = rootOf(name, reach)
  if (root === undefined) found.push('outside')
  else if (reach.roots.includes(name)) found.push('granted_folder')
  else found.push(isBelow(name, reach.cwd) && reach.roots.includes(reach.cwd) ? 'working_folder' : 'granted')
  if (reach.roots.some((one) => isBelow(one, name))) found.push('above')
  if (belongsToSystem(name, reach.guarded)) found.push('system')
  const unreadable = readProtection(name, reach.guarded)
  if (unreadable !== undefined) found.push('read_protected')
  const unwritable = resource.access === 'read' ? undefined : writeProtection(name, reach.guarded)
  if (unwritable !== undefined) found.push('write_protected')
  const protection = unreadable ?? unwritable
  return { ...resource, name, places: found, ...(protection === undefined ? {} : { protection }) }
}
