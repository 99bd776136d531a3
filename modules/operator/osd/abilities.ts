// the actions that osd can do. their code is loaded when it is first asked for, which is when the nucleus has booted and
// offers the tools of its modules; until then nobody needs them.
import { flushCompileCache } from 'node:module'
import { closeCodePack } from '../../../nucleus/process/code-pack.ts'
import type { ActionDefinition } from './action.ts'

export interface Abilities {
  /** all of them; loads them where they are not there yet. @throws what their import throws */
  all(): Promise<ReadonlyMap<string, ActionDefinition>>
  /** finds one among those that are loaded. */
  find(name: string): ActionDefinition | undefined
  /** why they can't be loaded. */
  readonly problem: string | undefined
}

/** @param more - actions that belong to a part of osd, beside those in `actions/` */
export function createAbilities(more: readonly ActionDefinition[]): Abilities {
  let loaded: ReadonlyMap<string, ActionDefinition> = new Map()
  let loading: Promise<ReadonlyMap<string, ActionDefinition>> | undefined
  let problem: string | undefined

  const load = async (): Promise<ReadonlyMap<string, ActionDefinition>> => {
    try {
      const { actions } = await import('./actions/index.ts')
      loaded = new Map([...actions, ...more].map((action) => [action.name, action]))
      // kept now: a process that is killed keeps nothing.
      flushCompileCache()
      closeCodePack()
      return loaded
    } catch (error) {
      problem = String(error)
      throw error
    }
  }
  return {
    all: () => (loading ??= load()),
    find: (name) => loaded.get(name),
    get problem() {
      return problem
    },
  }
}
