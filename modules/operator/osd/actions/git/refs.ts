// git.branches, git.tags and git.remotes: the names in a repository.
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../../action.ts'
import { defineAction } from '../../action.ts'
import { pathArgument } from '../arguments.ts'
import { alignColumns, collatorFor, formatTime, limitLines, plural } from '../format.ts'
import { type Repository, headCommit, repositoryResources, withRepository } from './repository.ts'

const reading = { effect: 'none', risk: 'none', undoable: false, timeoutMs: 20_000 } as const

/** the branch that is checked out; undefined where HEAD names a commit directly. */
export async function currentBranch({ git, base }: Repository): Promise<string | undefined> {
  return (await git.currentBranch({ ...base })) ?? undefined
}

const branchesInput = z.strictObject({
  root: pathArgument.optional(),
  answer: z.enum(['current', 'list', 'count']).optional(),
  is: z.string().min(1).max(255).optional().describe('whether this branch is checked out'),
  exists: z.string().min(1).max(255).optional().describe('whether there is this branch'),
})

async function showBranches(args: z.output<typeof branchesInput>, context: ActionContext): Promise<ActionResult> {
  return withRepository(context.tree, args.root ?? '.', async (repository) => {
    const { git, base } = repository
    const current = await currentBranch(repository)
    const head = await headCommit(repository)
    const detached = `no branch: HEAD is detached at ${head?.slice(0, 7) ?? 'nothing'}`
    const found = await git.listBranches({ ...base })
    // a branch without commits exists only in HEAD.
    const names = [...new Set(current === undefined ? found : [...found, current])].toSorted()
    const data = {
      branch: current ?? null,
      detached: current === undefined,
      head: head ?? null,
      branches: names,
      count: names.length,
    }
    if (args.is !== undefined) {
      const text = current === undefined ? detached : `the branch is ${current}`
      return { text: `${current === args.is ? 'yes' : 'no'}, ${text}`, data: { ...data, text: current ?? '' } }
    }
    if (args.exists !== undefined) {
      const there = names.includes(args.exists)
      const text = `${there ? 'yes, there is' : 'no, there is no'} branch ${args.exists}`
      return { text, data: { ...data, text: there ? args.exists : '' } }
    }
    if (args.answer === 'current')
      return { text: current === undefined ? detached : `on branch ${current}`, data: { ...data, text: current ?? '' } }
    if (args.answer === 'count') return { text: plural(names.length, 'branch', 'branches'), data }
    const lines = names.map((name) => (name === current ? `${name} (current)` : name))
    if (current === undefined) lines.unshift(`(${detached})`)
    return {
      text: lines.length === 0 ? 'no branches yet' : limitLines(lines),
      data: { ...data, text: names.join('\n') },
    }
  })
}

export const branches = defineAction({
  ...reading,
  name: 'git.branches',
  description: 'the branches of the repository, or the one checked out',
  input: branchesInput,
  resources: (args, { tree }) => repositoryResources(tree, args.root ?? '.'),
  run: showBranches,
})

const tagsInput = z.strictObject({
  root: pathArgument.optional(),
  answer: z.enum(['list', 'count', 'latest']).optional().describe('default list'),
})

/** when a tag was made; of one that is only a name: when its commit was. 0 for what is no commit. */
async function tagTime({ git, base }: Repository, name: string): Promise<number> {
  const oid = await git.resolveRef({ ...base, ref: `refs/tags/${name}` })
  const { type } = await git.readObject({ ...base, oid, format: 'content' })
  if (type === 'tag') return ((await git.readTag({ ...base, oid })).tag.tagger?.timestamp ?? 0) * 1000
  return type === 'commit' ? (await git.readCommit({ ...base, oid })).commit.committer.timestamp * 1000 : 0
}

/** the newest tag; of several at the same time the one with the highest number. */
async function latestTag(repository: Repository, names: readonly string[], signal: AbortSignal) {
  const collator = collatorFor('en', { numeric: true })
  let latest: { name: string; madeMs: number } | undefined
  for (const name of names.toSorted(collator.compare)) {
    signal.throwIfAborted()
    const madeMs = await tagTime(repository, name)
    if (latest === undefined || madeMs >= latest.madeMs) latest = { name, madeMs }
  }
  return latest
}

async function showTags(args: z.output<typeof tagsInput>, context: ActionContext): Promise<ActionResult> {
  return withRepository(context.tree, args.root ?? '.', async (repository) => {
    const names = (await repository.git.listTags({ ...repository.base })).toSorted()
    const data = { tags: names, count: names.length, text: names.join('\n') }
    if (args.answer === 'count') return { text: plural(names.length, 'tag'), data }
    if (names.length === 0) return { text: 'there are no tags', data }
    if (args.answer !== 'latest') return { text: limitLines(names), data }
    const latest = await latestTag(repository, names, context.signal)
    const made = latest === undefined || latest.madeMs === 0 ? '' : `, ${formatTime(latest.madeMs, context.timeZone)}`
    return { text: `the latest tag is ${latest?.name}${made}`, data: { ...data, text: latest?.name ?? '' } }
  })
}

export const tags = defineAction({
  ...reading,
  name: 'git.tags',
  description: 'the tags of the repository',
  input: tagsInput,
  resources: (args, { tree }) => repositoryResources(tree, args.root ?? '.'),
  run: showTags,
})

/** an address without the password that it may carry. */
const withoutPassword = (url: string) => url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/i, '$1')

export const remotes = defineAction({
  ...reading,
  name: 'git.remotes',
  description: 'the remote repositories that this one knows',
  input: z.strictObject({ root: pathArgument.optional() }),
  resources: (args, { tree }) => repositoryResources(tree, args.root ?? '.'),
  run: (args, context) =>
    withRepository(context.tree, args.root ?? '.', async ({ git, base }) => {
      const found = (await git.listRemotes({ ...base })).map(({ remote, url }) => ({
        name: remote,
        url: withoutPassword(url),
      }))
      const rows = found.map(({ name, url }) => [name, url])
      return {
        text: rows.length === 0 ? 'there are no remotes' : limitLines(alignColumns(rows)),
        data: { remotes: found, count: found.length },
      }
    }),
})
