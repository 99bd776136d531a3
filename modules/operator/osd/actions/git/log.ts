// git.log, git.count and git.authors: who changed what and when.
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../../action.ts'
import { defineAction } from '../../action.ts'
import { countArgument, pathArgument } from '../arguments.ts'
import { alignColumns, limitLines, nameList, plural } from '../format.ts'
import { locateNew } from '../paths.ts'
import { type Commit, filesOf, objectAt, walkCommits } from './commits.ts'
import { type Repository, repositoryResources, requireHead, withRepository } from './repository.ts'

const reading = { effect: 'none', risk: 'none', undoable: false, timeoutMs: 60_000 } as const
/** commits shown unless a number is asked for. */
const defaultLimit = 50
/** files named for one commit at most. */
const maxFiles = 200

const rootArgument = pathArgument
  .optional()
  .describe('a folder in the repository; one below its top stands for the commits that changed it')

const logInput = z.strictObject({
  root: rootArgument,
  limit: countArgument.optional().describe(`default ${defaultLimit}`),
  author: z.string().min(1).max(255).optional().describe('part of the name or address'),
  path: pathArgument.optional().describe('only commits that changed this'),
  not_author: z.string().min(1).max(255).optional().describe('commits of everybody else'),
  message: z.string().min(1).max(1000).optional().describe('part of the message, in any case'),
  before: z.number().optional().describe('milliseconds since 1970: made before this'),
  after: z.number().optional().describe('milliseconds since 1970: made at this time or later'),
  rank: countArgument.optional().describe('only the one at this place: 2 is the one before the last'),
  skip: countArgument.optional().describe('leaves out so many at the front'),
  order: z.enum(['newest', 'oldest']).optional().describe('default newest'),
  since_ms: z.number().min(0).optional().describe('not older than this many milliseconds'),
  fields: z
    .enum(['full', 'author', 'date', 'message', 'files', 'added', 'hash', 'line'])
    .optional()
    .describe('default full'),
})

type LogArguments = z.output<typeof logInput>

/** the author's own time, with its distance to UTC as git shows it. */
function timeOf({ writtenMs, offsetMinutes }: Commit): string {
  const local = new Date(writtenMs + offsetMinutes * 60_000).toISOString()
  const minutes = Math.abs(offsetMinutes)
  const pad = (value: number) => String(value).padStart(2, '0')
  const zone = `${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}${pad(minutes % 60)}`
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${zone}`
}

const shortId = (commit: Commit) => commit.id.slice(0, 7)
const subject = (commit: Commit) => commit.message.split('\n')[0] ?? ''

/** says whether a name or address holds the words, without regard to case and accents composed or not. */
const fold = (text: string): string => text.normalize('NFC').toLowerCase()

function isBy(commit: Commit, author: string | undefined): boolean {
  if (author === undefined) return true
  return fold(`${commit.author} <${commit.email}>`).includes(fold(author))
}

async function collect(args: LogArguments, repository: Repository, context: ActionContext): Promise<Commit[]> {
  const head = await requireHead(repository, context.tree.show(repository.folder))
  const parts = await partsOf(args.path ?? args.root, repository, context)
  const sinceMs = args.since_ms === undefined ? -Infinity : Date.now() - args.since_ms
  const skip = args.rank === undefined ? (args.skip ?? 0) : args.rank - 1
  const limit = (args.limit ?? defaultLimit) + skip
  const found: Commit[] = []
  for await (const commit of walkCommits(repository, head, context.signal)) {
    if (commit.writtenMs < sinceMs || !isBy(commit, args.author)) continue
    if (args.not_author !== undefined && isBy(commit, args.not_author)) continue
    if (args.message !== undefined && !fold(commit.message).includes(fold(args.message))) continue
    if (commit.writtenMs < (args.after ?? -Infinity) || commit.writtenMs >= (args.before ?? Infinity)) continue
    if (parts !== undefined && !(await touches(repository, commit, parts))) continue
    found.push(commit)
    if (args.order === 'oldest') {
      if (found.length > limit) found.shift()
    } else if (found.length === limit) break
  }
  return (args.order === 'oldest' ? found.reverse() : found).slice(skip)
}

/** the path inside the repository, in parts; undefined where all of the repository is meant, as in its working folder. */
async function partsOf(
  path: string | undefined,
  repository: Repository,
  context: ActionContext,
): Promise<string[] | undefined> {
  if (path === undefined || path === '.') return undefined
  const absolute = await locateNew(context.tree, path)
  const parts = absolute
    .slice(repository.folder.length + 1)
    .split('/')
    .filter((part) => part !== '')
  return parts.length === 0 ? undefined : parts
}

async function touches(repository: Repository, commit: Commit, parts: readonly string[]): Promise<boolean> {
  const own = await objectAt(repository, commit.tree, parts)
  for (const parent of commit.parents) {
    const { commit: before } = await repository.git.readCommit({ ...repository.base, oid: parent })
    if ((await objectAt(repository, before.tree, parts)) === own) return false
  }
  return commit.parents.length > 0 || own !== undefined
}

function linesOf(commit: Commit, fields: LogArguments['fields'], files: readonly string[]): string[] {
  switch (fields) {
    case 'author':
      return [`${commit.author} <${commit.email}>`]
    case 'date':
      return [timeOf(commit)]
    case 'message':
      return [commit.message]
    case 'hash':
      return [commit.id]
    case 'line':
      return [`${shortId(commit)}  ${subject(commit)}`]
    case 'added':
      return files.length === 0 ? [`${shortId(commit)} added no files`] : [...files]
    case 'files':
      return files.length === 0 ? [`${shortId(commit)} changed no files`] : [...files]
    default:
      return [`${shortId(commit)}  ${timeOf(commit)}  ${commit.author}`, `    ${subject(commit)}`]
  }
}

async function showLog(args: LogArguments, context: ActionContext): Promise<ActionResult> {
  return withRepository(context.tree, args.root ?? '.', async (repository) => {
    const commits = await collect(args, repository, context)
    const lines: string[] = []
    const data = []
    for (const commit of commits) {
      const files =
        args.fields === 'files' || args.fields === 'added'
          ? (await filesOf(repository, commit, context.signal, args.fields === 'added')).slice(0, maxFiles)
          : []
      lines.push(...linesOf(commit, args.fields, files))
      data.push({
        id: commit.id,
        author: commit.author,
        email: commit.email,
        date: new Date(commit.writtenMs).toISOString(),
        message: commit.message,
        ...(args.fields === 'files' || args.fields === 'added' ? { files } : {}),
      })
    }
    const by = args.author === undefined ? '' : ` by ${args.author}`
    const others = args.not_author === undefined ? '' : ` by anyone but ${args.not_author}`
    const saying = args.message === undefined ? '' : ` with “${args.message}” in the message`
    const dated = args.before === undefined && args.after === undefined ? '' : ' in that time'
    return {
      text: lines.length === 0 ? `no commits${by}${others}${saying}${dated} found` : limitLines(lines),
      data: {
        count: commits.length,
        commits: data,
        author: commits[0]?.author ?? null,
        message: commits[0]?.message ?? null,
        date: data[0]?.date ?? null,
        text: lines.slice(0, 1000).join('\n'),
      },
    }
  })
}

export const log = defineAction({
  ...reading,
  name: 'git.log',
  description: 'commits of the repository, newest first: hash, date, author and message',
  input: logInput,
  resources: (args, { tree }) => repositoryResources(tree, args.root ?? '.'),
  run: showLog,
})

const countInput = z.strictObject({
  root: rootArgument,
  author: z.string().min(1).max(255).optional(),
  not_author: z.string().min(1).max(255).optional(),
  before: z.number().optional().describe('milliseconds since 1970'),
  after: z.number().optional().describe('milliseconds since 1970'),
})

export const count = defineAction({
  ...reading,
  name: 'git.count',
  description: 'how many commits the repository has, in all or by one author',
  input: countInput,
  resources: (args, { tree }) => repositoryResources(tree, args.root ?? '.'),
  run: (args, context) =>
    withRepository(context.tree, args.root ?? '.', async (repository) => {
      const head = await requireHead(repository, context.tree.show(repository.folder))
      const parts = await partsOf(args.root, repository, context)
      let total = 0
      for await (const commit of walkCommits(repository, head, context.signal)) {
        if (parts !== undefined && !(await touches(repository, commit, parts))) continue
        if (!isBy(commit, args.author) || (args.not_author !== undefined && isBy(commit, args.not_author))) continue
        if (commit.writtenMs >= (args.after ?? -Infinity) && commit.writtenMs < (args.before ?? Infinity)) total += 1
      }
      const by = args.author === undefined ? '' : ` by ${args.author}`
      const others = args.not_author === undefined ? '' : ` by anyone but ${args.not_author}`
      const dated = args.before === undefined && args.after === undefined ? '' : ' in that time'
      return { text: `${plural(total, 'commit')}${by}${others}${dated}`, data: { count: total } }
    }),
})

/** who made the most commits, all of them where several made as many. */
function mostWords(sorted: readonly (readonly [author: string, commits: number])[]): string {
  const most = sorted[0]?.[1] ?? 0
  const first = sorted.filter(([, commits]) => commits === most).map(([author]) => author)
  return `${nameList(first)} made the most commits: ${most}${first.length > 1 ? ' each' : ''}`
}

export const authors = defineAction({
  ...reading,
  name: 'git.authors',
  description: 'who made the commits, and how many each',
  input: z.strictObject({
    root: pathArgument.optional(),
    limit: countArgument.optional().describe('only those who made the most'),
  }),
  resources: (args, { tree }) => repositoryResources(tree, args.root ?? '.'),
  run: (args, context) =>
    withRepository(context.tree, args.root ?? '.', async (repository) => {
      const head = await requireHead(repository, context.tree.show(repository.folder))
      const counts = new Map<string, number>()
      for await (const { author } of walkCommits(repository, head, context.signal))
        counts.set(author, (counts.get(author) ?? 0) + 1)
      const sorted = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      const shown = sorted.slice(0, args.limit ?? sorted.length)
      const rows = shown.map(([author, commits]) => [author, plural(commits, 'commit')])
      const title = args.limit === undefined ? `${plural(sorted.length, 'author')}:\n` : ''
      return {
        text: args.limit === 1 ? mostWords(sorted) : title + limitLines(alignColumns(rows)),
        data: {
          count: sorted.length,
          author: sorted[0]?.[0] ?? null,
          authors: shown.map(([name, commits]) => ({ name, commits })),
        },
      }
    }),
})
