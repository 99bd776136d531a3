// commits in the order of their time, newest first, as far as somebody wants to go.
import type { ReadCommitResult } from 'isomorphic-git'
import { actionErrors } from '../errors.ts'
import type { Repository } from './repository.ts'

/** commits looked at by one action at most. */
export const maxCommits = 100_000

export interface Commit {
  readonly id: string
  readonly author: string
  readonly email: string
  readonly writtenMs: number
  /** minutes east of UTC at the author's place. */
  readonly offsetMinutes: number
  readonly message: string
  readonly parents: readonly string[]
  readonly tree: string
}

function commitOf({ oid, commit }: ReadCommitResult): Commit {
  return {
    id: oid,
    author: commit.author.name,
    email: commit.author.email,
    writtenMs: commit.author.timestamp * 1000,
    // isomorphic-git counts as JavaScript does: minutes west.
    offsetMinutes: -commit.author.timezoneOffset,
    message: commit.message.trimEnd(),
    parents: commit.parent,
    tree: commit.tree,
  }
}

/** walks from a commit through its parents; a shallow clone ends where its history was cut. */
export async function* walkCommits(repository: Repository, start: string, signal: AbortSignal): AsyncGenerator<Commit> {
  const { git, base } = repository
  const read = async (oid: string) => git.readCommit({ ...base, oid })
  const cut = await shallowCommits(repository)
  const seen = new Set([start])
  // the newest is at the end; a history has few open ends at a time, so a sorted list is enough.
  const open = [await read(start)]
  const timeOf = (one: ReadCommitResult) => one.commit.committer.timestamp
  while (open.length > 0) {
    signal.throwIfAborted()
    const next = open.pop()
    if (next === undefined) return
    yield commitOf(next)
    if (cut.has(next.oid)) continue
    for (const parent of next.commit.parent.toReversed()) {
      if (seen.has(parent)) continue
      seen.add(parent)
      if (seen.size > maxCommits) throw actionErrors.TOO_MANY_MATCHES({ detail: `over ${maxCommits} commits` })
      const commit = await read(parent)
      let at = open.length
      while (at > 0 && timeOf(open[at - 1] ?? commit) > timeOf(commit)) at -= 1
      open.splice(at, 0, commit)
    }
  }
}

async function shallowCommits({ base, gitFolder }: Repository): Promise<ReadonlySet<string>> {
  try {
    const text: unknown = await base.fs.promises.readFile(`${gitFolder}/shallow`, 'utf8')
    return new Set(String(text).split('\n'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Set()
    throw error
  }
}

/** the object at a path in a commit's tree; undefined where there is none. */
export async function objectAt(
  repository: Repository,
  tree: string,
  parts: readonly string[],
): Promise<string | undefined> {
  const { git, base } = repository
  let current = tree
  for (const [index, part] of parts.entries()) {
    const found = (await git.readTree({ ...base, oid: current })).tree.find((entry) => entry.path === part)
    if (found === undefined || (index < parts.length - 1 && found.type !== 'tree')) return undefined
    current = found.oid
  }
  return current
}

/** the files that a commit changed against its first parent, or only those that were not there before. */
export async function filesOf(
  repository: Repository,
  commit: Commit,
  signal: AbortSignal,
  onlyAdded = false,
): Promise<string[]> {
  const { git, base } = repository
  const [parent] = commit.parents
  const trees =
    parent === undefined ? [git.TREE({ ref: commit.id })] : [git.TREE({ ref: parent }), git.TREE({ ref: commit.id })]
  const found: string[] = []
  await git.walk({
    ...base,
    trees,
    map: async (path, entries) => {
      signal.throwIfAborted()
      const kinds = await Promise.all(entries.map(async (entry) => entry?.type()))
      const ids = await Promise.all(entries.map(async (entry) => entry?.oid()))
      // the same id means the same content: no need to go further down.
      if (ids.length === 2 && ids[0] === ids[1]) return null
      const added = kinds.length === 1 || (kinds[0] !== 'blob' && kinds[0] !== 'commit')
      if (kinds.some((kind) => kind === 'blob' || kind === 'commit') && (!onlyAdded || added)) found.push(path)
      return path
    },
  })
  return found.toSorted()
}
