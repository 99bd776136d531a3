// files.touch and files.swap: small changes of what is there, without regard to what it says.
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { ActionContext } from '../action.ts'
import { defineAction } from '../action.ts'
import { fileErrors } from '../files/errors.ts'
import { pathArgument, pathsArgument } from './arguments.ts'
import { actionErrors } from './errors.ts'
import { nameList } from './format.ts'
import { ensureParent, findEntry, writeResources } from './paths.ts'

/** the name that one has while they change; the same whenever it is reckoned, so that the policy decides on it. */
function betweenName(one: string, other: string): string {
  const digest = createHash('sha256').update(`${one}\0${other}`).digest('hex')
  return join(dirname(one), `.swap-${digest.slice(0, 16)}`)
}

/** a file is written anew to get its time, so that undoing it is like undoing any other change. */
const maxTouchBytes = 256 * 1024 * 1024

async function touchOne(path: string, context: ActionContext): Promise<{ path: string; made: boolean }> {
  const { tree, changes } = context
  const before = await findEntry(tree, path)
  if (before === undefined) {
    await ensureParent(context, path)
    const entry = await changes.write(path, Buffer.alloc(0), { expect: 'absent' })
    return { path: tree.show(entry.absolute), made: true }
  }
  if (before.kind !== 'file')
    throw actionErrors.WRONG_KIND({ value: path, detail: `it is a ${before.kind}, and only files get a new time` })
  if (before.bytes > maxTouchBytes) throw fileErrors.TOO_LARGE({ value: path })
  const entry = await changes.write(path, tree.stream(path), { expect: 'present' })
  return { path: tree.show(entry.absolute), made: false }
}

export const touchFiles = defineAction({
  name: 'files.touch',
  description: 'give files the time of now as their time of change; those that are missing are made, empty',
  effect: 'files',
  risk: 'low',
  undoable: true,
  timeoutMs: 60_000,
  input: z.strictObject({ paths: pathsArgument }),
  resources: async (args, { tree }) => (await Promise.all(args.paths.map((path) => writeResources(tree, path)))).flat(),
  run: async (args, context) => {
    const touched: { path: string; made: boolean }[] = []
    for (const path of new Set(args.paths)) {
      context.signal.throwIfAborted()
      touched.push(await touchOne(path, context))
    }
    const made = touched.filter((one) => one.made).map(({ path }) => path)
    const kept = touched.filter((one) => !one.made).map(({ path }) => path)
    const words = [
      ...(made.length === 0
        ? []
        : [`created ${made.length === 1 ? 'the empty file' : 'empty files'} ${nameList(made)}`]),
      ...(kept.length === 0 ? [] : [`${nameList(kept)} ${kept.length === 1 ? 'is' : 'are'} now dated to this moment`]),
    ]
    const paths = touched.map(({ path }) => path)
    return { text: words.join('; '), data: { path: paths[0] ?? '', paths, count: paths.length } }
  },
})

export const swapFiles = defineAction({
  name: 'files.swap',
  description: 'let two files or folders change their names: each is then called as the other was',
  effect: 'files',
  risk: 'medium',
  undoable: true,
  timeoutMs: 120_000,
  input: z.strictObject({ path: pathArgument, other: pathArgument }),
  resources: async (args, { tree }) => {
    const [one, other] = [await tree.entry(args.path), await tree.entry(args.other)]
    const ends = [one, other].flatMap(({ absolute: name }) =>
      (['remove', 'create'] as const).map((access) => ({ kind: 'path' as const, access, name })),
    )
    const name = betweenName(one.absolute, other.absolute)
    return [
      ...ends,
      { kind: 'path' as const, access: 'create' as const, name },
      { kind: 'path' as const, access: 'remove' as const, name },
    ]
  },
  run: async (args, context) => {
    const { tree, changes } = context
    const [one, other] = [await tree.entry(args.path), await tree.entry(args.other)]
    if (one.absolute === other.absolute) throw actionErrors.SAME_PLACE({ value: args.path })
    for (const [inner, outer] of [
      [one, other],
      [other, one],
    ] as const)
      if (inner.absolute.startsWith(`${outer.absolute}/`))
        throw actionErrors.INTO_ITSELF({ value: tree.show(outer.absolute) })
    const between = betweenName(one.absolute, other.absolute)
    await changes.move(one.absolute, between)
    await changes.move(other.absolute, one.absolute)
    await changes.move(between, other.absolute)
    const paths = [tree.show(one.absolute), tree.show(other.absolute)]
    return {
      text: `${nameList(paths)} have changed their names`,
      data: { path: paths[0]!, paths, count: 2 },
    }
  },
})
