// holds an action to what was decided: it may change the paths that the policy saw, and no others.
import type { Resource } from '../action.ts'
import { fileErrors } from './errors.ts'
import { isWithin } from './paths.ts'

export interface Scope {
  /** @throws PATH_UNDECIDED when the decision did not cover this. */
  check(path: string, access: 'create' | 'change' | 'remove'): void
}

/**
 * the scope of one step. a resource covers itself and everything below it; one that is created covers the folders on
 * the way to it. what may be removed may be changed as well, and what may be changed may be created.
 */
export function createScope(resources: readonly Resource[]): Scope {
  const changed = resources.filter(({ kind, access }) => kind === 'path' && access !== 'read')
  return {
    check(path, access) {
      const covered = changed.some((resource) => {
        if (access === 'remove' && resource.access !== 'remove') return false
        return isWithin(path, resource.name) || (access === 'create' && isWithin(resource.name, path))
      })
      if (!covered) throw fileErrors.PATH_UNDECIDED({ value: path })
    },
  }
}
