// git.status and git.diff: what has changed since the last commit.
import { join } from 'node:path'
import { z } from 'zod'
import { isLotusError } from '../../../../../nucleus/errors.ts'
import type { ActionContext, ActionResult } from '../../action.ts'
import { defineAction } from '../../action.ts'
import { pathArgument } from '../arguments.ts'
import { limitLines, plural } from '../format.ts'
import { locateNew } from '../paths.ts'
import { diffTexts, maxDiffLength, maxDiffLines } from '../text-diff.ts'
import { decodeText, detectEncoding } from '../text-file.ts'
import { currentBranch } from './refs.ts'
import { type Repository, headCommit, repositoryResources, withRepository } from './repository.ts'
import { type TrackedFile, readWorkingTree } from './working-tree.ts'

const reading = { effect: 'none', risk: 'none', undoable: false, timeoutMs: 60_000 } as const

const statusInput = z.strictObject({
  root: pathArgument.optional(),
  only: z.enum(['modified', 'untracked', 'staged']).optional(),
})

async function branchLine(repository: Repository): Promise<string> {
  const branch = await currentBranch(repository)
  const head = await headCommit(repository)
  if (branch === undefined) return `HEAD is detached at ${head?.slice(0, 7) ?? 'nothing'}`
  return head === undefined ? `on branch ${branch}, no commits yet` : `on branch ${branch}`
}

async function showStatus(args: z.output<typeof statusInput>, context: ActionContext): Promise<ActionResult> {
  return withRepository(context.tree, args.root ?? '.', async (repository) => {
    const { changed, untracked, unread } = await readWorkingTree(repository, context)
    const staged = changed.flatMap(({ path, staged: state }) => (state === undefined ? [] : [`${state}: ${path}`]))
    const modified = changed.flatMap(({ path, unstaged: state }) => (state === undefined ? [] : [`${state}: ${path}`]))
    const data = {
      branch: (await currentBranch(repository)) ?? null,
      staged: changed.filter((file) => file.staged !== undefined).map((file) => file.path),
      modified: changed.filter((file) => file.unstaged === 'modified').map((file) => file.path),
      deleted: changed.filter((file) => file.unstaged === 'deleted').map((file) => file.path),
      untracked: [...untracked],
      clean: changed.length === 0 && untracked.length === 0,
    }
    const notes =
      unread.length === 0 ? [] : [`not compared, since they may not be read: ${unread.slice(0, 20).join(', ')}`]
    if (args.only === 'staged') return only(staged, 'no staged changes', notes, data)
    if (args.only === 'untracked') return only(untracked, 'no untracked files', notes, data)
    if (args.only === 'modified') {
      const uncommitted = changed.map(
        ({ path, staged: index, unstaged: file }) => `${file ?? index ?? 'modified'}: ${path}`,
      )
      return only(uncommitted, 'no modified files', notes, data)
    }
    const section = (title: string, lines: readonly string[]) =>
      lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)]
    const lines = [
      await branchLine(repository),
      ...section('staged:', staged),
      ...section('not staged:', modified),
      ...section('untracked:', untracked),
      ...(data.clean ? ['nothing to commit, working tree clean'] : []),
      ...notes,
    ]
    const paths = [...new Set([...changed.map((file) => file.path), ...untracked])]
    return { text: limitLines(lines), data: { ...data, paths, count: paths.length } }
  })
}

function only(
  lines: readonly string[],
  nothing: string,
  notes: readonly string[],
  data: ActionResult['data'],
): ActionResult {
  const paths = lines.map((line) => line.replace(/^(?:added|modified|deleted): /, ''))
  return {
    text: limitLines([...(lines.length === 0 ? [nothing] : lines), ...notes]),
    data: { ...data, paths, count: paths.length, text: paths.join('\n') },
  }
}

export const status = defineAction({
  ...reading,
  name: 'git.status',
  description: 'files that are staged, modified, deleted or untracked',
  input: statusInput,
  resources: (args, { tree }) => repositoryResources(tree, args.root ?? '.'),
  run: showStatus,
})

const diffInput = z.strictObject({
  root: pathArgument.optional(),
  path: pathArgument.optional().describe('only this file or folder'),
  statistics: z.boolean().optional().describe('only how many lines'),
})

interface FileDifference {
  readonly path: string
  readonly patch: string
  readonly insertions: number
  readonly deletions: number
}

/** text of an object or file; undefined where it is not text, too long, or private. */
function textOf(content: Buffer): string | undefined {
  if (content.length > maxDiffLength || detectEncoding(content) === undefined) return undefined
  try {
    return decodeText(content, '').text
  } catch (error) {
    if (isLotusError(error, 'NOT_TEXT')) return undefined
    throw error
  }
}

async function contentOfFile(path: string, context: ActionContext): Promise<Buffer | undefined> {
  const entry = await context.tree.find(path)
  if (entry === undefined) return undefined
  if (entry.kind === 'link') return Buffer.from(entry.linkTarget ?? '')
  return context.tree.read(path, { maxBytes: 64 * 1024 * 1024 })
}

async function differenceOf(
  file: TrackedFile,
  repository: Repository,
  context: ActionContext,
): Promise<FileDifference | undefined> {
  const { git, base, folder } = repository
  const stored =
    file.headId === undefined ? undefined : Buffer.from((await git.readBlob({ ...base, oid: file.headId })).blob)
  const nothing = { path: file.path, insertions: 0, deletions: 0 }
  let current: Buffer | undefined
  try {
    current = file.indexId === undefined ? undefined : await contentOfFile(join(folder, file.path), context)
  } catch (error) {
    if (!isLotusError(error, 'READ_PROTECTED')) throw error
    return { ...nothing, patch: `${file.path} is private and is not shown` }
  }
  if (stored === undefined && current === undefined) return undefined
  const [before, after] = [textOf(stored ?? Buffer.alloc(0)), textOf(current ?? Buffer.alloc(0))]
  if (before === undefined || after === undefined) return { ...nothing, patch: `${file.path} differs (binary)` }
  // line ends that git itself would convert are no difference.
  const comparable = after.includes('\r\n') && !before.includes('\r\n') ? after.replaceAll('\r\n', '\n') : after
  const { patch, insertions, deletions } = await diffTexts(
    { name: stored === undefined ? '/dev/null' : `a/${file.path}`, text: before },
    { name: current === undefined ? '/dev/null' : `b/${file.path}`, text: comparable },
  )
  return {
    path: file.path,
    patch: patch ?? `${file.path} differs (too much to show line by line)`,
    insertions,
    deletions,
  }
}

/** the last line of git's own statistics. */
function summary(files: number, insertions: number, deletions: number): string {
  const parts = [`${plural(files, 'file')} changed`]
  if (insertions > 0 || deletions === 0) parts.push(`${plural(insertions, 'insertion')}(+)`)
  if (deletions > 0 || insertions === 0) parts.push(`${plural(deletions, 'deletion')}(-)`)
  return parts.join(', ')
}

async function showDiff(args: z.output<typeof diffInput>, context: ActionContext): Promise<ActionResult> {
  return withRepository(context.tree, args.root ?? '.', async (repository) => {
    const wanted =
      args.path === undefined
        ? undefined
        : (await locateNew(context.tree, args.path)).slice(repository.folder.length + 1)
    const fits = (path: string) =>
      wanted === undefined || wanted === '' || path === wanted || path.startsWith(`${wanted}/`)
    const { changed } = await readWorkingTree(repository, context)
    const differences: FileDifference[] = []
    for (const file of changed) {
      context.signal.throwIfAborted()
      const difference = fits(file.path) ? await differenceOf(file, repository, context) : undefined
      if (difference !== undefined) differences.push(difference)
    }
    const insertions = differences.reduce((sum, one) => sum + one.insertions, 0)
    const deletions = differences.reduce((sum, one) => sum + one.deletions, 0)
    const paths = differences.map(({ path }) => path)
    const data = { paths, path: paths[0] ?? '', count: paths.length, insertions, deletions }
    if (differences.length === 0) {
      const where = wanted === undefined || wanted === '' ? '' : ` in ${wanted}`
      return { text: `no changes${where} since the last commit`, data: { ...data, text: '' } }
    }
    const total = summary(paths.length, insertions, deletions)
    const lines = differences.map((one) => `${one.path} | +${one.insertions} -${one.deletions}`)
    if (args.statistics === true) return { text: limitLines([...lines, total]), data: { ...data, text: total } }
    const patch = differences
      .map((one) => one.patch)
      .join('\n')
      .split('\n')
    return { text: limitLines(patch, maxDiffLines), data: { ...data, text: limitLines(patch, maxDiffLines) } }
  })
}

export const diff = defineAction({
  ...reading,
  name: 'git.diff',
  description: 'what changed in the files since the last commit, as lines or as numbers',
  input: diffInput,
  resources: (args, { tree }) => repositoryResources(tree, args.root ?? '.'),
  run: showDiff,
})
