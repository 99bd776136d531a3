// files.join: the texts of several files one after the other, as a new file.
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../action.ts'
import { defineAction } from '../action.ts'
import { pathArgument, pathsArgument } from './arguments.ts'
import { nameList, plural } from './format.ts'
import { createResources, ensureParent, pathResource } from './paths.ts'
import { readLines } from './text-file.ts'

const input = z.strictObject({
  sources: pathsArgument.describe('in this order'),
  to: pathArgument.describe('a new file'),
})

type Arguments = z.output<typeof input>

/** characters that are put together before they are written. */
const chunkLength = 64 * 1024

/** the texts in UTF-8, each ending with a line end, so that no two lines of different files run into one. */
async function* joined(args: Arguments, context: ActionContext, counted: { lines: number }): AsyncGenerator<Buffer> {
  for (const source of args.sources) {
    let held = ''
    let usual = '\n'
    let open = false
    for await (const { text, ending } of readLines(context.tree, source, context.signal)) {
      held += text + ending
      // a line without an end is the last one, or a piece of a very long one.
      open = ending === ''
      if (!open) {
        usual = ending
        counted.lines += 1
      }
      if (held.length < chunkLength) continue
      yield Buffer.from(held, 'utf8')
      held = ''
    }
    if (open) counted.lines += 1
    yield Buffer.from(open ? held + usual : held, 'utf8')
  }
}

async function joinSources(args: Arguments, context: ActionContext): Promise<ActionResult> {
  const { tree, changes } = context
  const sources = await Promise.all(args.sources.map(async (source) => tree.show(await tree.locate(source))))
  await ensureParent(context, args.to)
  const counted = { lines: 0 }
  const made = await changes.write(args.to, joined(args, context, counted), { expect: 'absent' })
  const path = tree.show(made.absolute)
  return {
    text: `joined ${nameList(sources)} into ${path} (${plural(counted.lines, 'line')})`,
    data: { path, paths: [path], sources, count: counted.lines, bytes: made.bytes },
  }
}

export const joinFiles = defineAction({
  name: 'files.join',
  description: 'put the texts of several files one after the other into a new file',
  effect: 'files',
  risk: 'low',
  undoable: true,
  timeoutMs: 60_000,
  input,
  resources: async (args, { tree }) => [
    ...(await Promise.all(args.sources.map((source) => pathResource(tree, source, 'read')))),
    ...(await createResources(tree, args.to)),
  ],
  run: joinSources,
})
