// files.touch and files.swap: small changes of what is there, without regard to what it says.
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { createIdentifier } from '../../../../nucleus/identifiers.ts'
import type { ActionContext } from '../action.ts'
import { defineAction } from '../action.ts'
import { fileErrors } from '../files/errors.ts'
import { pathArgument, pathsArgument } from './arguments.ts'
import { actionErrors } from './errors.ts'
import { nameList } from './format.ts'
import { ensureParent, findEntry, pathResource, writeResources } from './paths.ts'

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
  resources: async (args, { tree }) =>
    Promise.all([args.path, args.other].map((path) => pathResource(tree, path, 'remove'))),
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
    // nobody else has a name that was made this moment
    const between = join(dirname(one.absolute), `.swap-${createIdentifier()}`)
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
