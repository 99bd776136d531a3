// finds the repository of a folder and opens it for reading.
import { dirname, join, resolve } from 'node:path'
import type * as Git from 'isomorphic-git'
import { isLotusError } from '../../../../../nucleus/errors.ts'
import type { Resource, Tree } from '../../action.ts'
import { actionErrors } from '../errors.ts'
import { createGitFileSystem } from './file-system.ts'

/** where a repository lies. */
export interface RepositoryPlace {
  /** the working tree's top folder. */
  readonly folder: string
  readonly gitFolder: string
  /** where objects and branches are: the same, but for linked worktrees. */
  readonly commonFolder: string
}

/** an open repository: what every call of isomorphic-git needs. */
export interface Repository extends RepositoryPlace {
  readonly git: typeof Git
  readonly base: { fs: Git.PromiseFsClient; dir: string; gitdir: string; cache: object }
}

/** looks for `.git` in a folder and those above it, as far as the granted roots go. throws NO_REPOSITORY. */
export async function findRepository(tree: Tree, path: string): Promise<RepositoryPlace> {
  const start = await tree.entry(path)
  let folder = start.kind === 'folder' ? start.absolute : dirname(start.absolute)
  for (;;) {
    const found = await gitFolderOf(tree, folder, start.absolute)
    if (found !== undefined) return found
    if (folder === dirname(folder)) throw actionErrors.NO_REPOSITORY({ value: start.absolute })
    folder = dirname(folder)
  }
}

async function gitFolderOf(tree: Tree, folder: string, start: string): Promise<RepositoryPlace | undefined> {
  const dotGit = join(folder, '.git')
  try {
    const entry = await tree.find(dotGit)
    if (entry === undefined) return undefined
    if (entry.kind !== 'file') return { folder, gitFolder: dotGit, commonFolder: dotGit }
    // submodules and linked worktrees have a file that says where the folder is.
    const target = /^gitdir: (.+)$/m.exec(await readSmall(tree, dotGit))?.[1]
    if (target === undefined) throw actionErrors.REPOSITORY_UNREADABLE({ value: tree.show(dotGit) })
    const gitFolder = resolve(folder, target)
    const common = await tree.find(join(gitFolder, 'commondir'))
    const commonFolder =
      common === undefined ? gitFolder : resolve(gitFolder, (await readSmall(tree, common.absolute)).trim())
    return { folder, gitFolder, commonFolder }
  } catch (error) {
    // above the granted roots nothing is looked at.
    if (isLotusError(error, 'PATH_OUTSIDE')) throw actionErrors.NO_REPOSITORY({ value: start, cause: error })
    throw error
  }
}

async function readSmall(tree: Tree, path: string): Promise<string> {
  return (await tree.read(path, { maxBytes: 65_536 })).toString('utf8')
}

/** opens the repository of a folder. */
export async function openRepository(tree: Tree, path: string): Promise<Repository> {
  const place = await findRepository(tree, path)
  // loaded here, so that the daemon starts without it.
  const git = await import('isomorphic-git')
  const fs = createGitFileSystem(tree, place.gitFolder, place.commonFolder)
  return { ...place, git, base: { fs, dir: place.folder, gitdir: place.gitFolder, cache: {} } }
}

/** what an action on a repository touches; where there is none it is the folder that was looked at. */
export async function repositoryResources(tree: Tree, path: string): Promise<Resource[]> {
  try {
    return [{ kind: 'git', access: 'read', name: (await findRepository(tree, path)).folder }]
  } catch (error) {
    if (!isLotusError(error, 'NO_REPOSITORY')) throw error
    return [{ kind: 'git', access: 'read', name: await tree.locate(path) }]
  }
}

/** runs an action on a repository; what isomorphic-git cannot make sense of becomes REPOSITORY_UNREADABLE. */
export async function withRepository<Value>(
  tree: Tree,
  path: string,
  work: (repository: Repository) => Promise<Value>,
): Promise<Value> {
  const repository = await openRepository(tree, path)
  try {
    return await work(repository)
  } catch (error) {
    if (isLotusError(error) || (error instanceof Error && error.name === 'AbortError')) throw error
    const detail = error instanceof Error ? error.message.slice(0, 200) : undefined
    throw actionErrors.REPOSITORY_UNREADABLE({
      value: tree.show(repository.folder),
      ...(detail === undefined ? {} : { detail }),
      cause: error,
    })
  }
}

/** the commit that HEAD names; undefined before the first one. */
export async function headCommit({ git, base }: Repository): Promise<string | undefined> {
  try {
    return await git.resolveRef({ ...base, ref: 'HEAD' })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'NotFoundError') return undefined
    throw error
  }
}

/** the commit that HEAD names; throws NO_COMMITS. */
export async function requireHead(repository: Repository, shown: string): Promise<string> {
  const head = await headCommit(repository)
  if (head === undefined) throw actionErrors.NO_COMMITS({ value: shown })
  return head
}
