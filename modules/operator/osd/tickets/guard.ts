// the folders that are guarded by where they are, for a client with this home.
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { followLinks } from '../files/paths.ts'
import type { GuardedFolders } from '../files/protection.ts'
import { ownHomeFolder } from './own-home.ts'

export type Guard = (home: string) => GuardedFolders

/**
 * @param state LOTUS_HOME, without links.
 * @param privatePaths folders marked private beside `~/Private`; `~/` means every home that is in question.
 */
export function createGuard(state: string, privatePaths: readonly string[]): Guard {
  return (home) => {
    const homes = new Set([home, ownHomeFolder(), homedir()])
    const expand = (path: string): string[] =>
      path.startsWith('~/') ? [...homes].map((one) => resolve(one, path.slice(2))) : [resolve(path)]
    return {
      state,
      workspace: resolve(state, 'workspace'),
      private: ['~/Private', ...privatePaths].flatMap(expand).map(followLinks),
    }
  }
}
