// files.newer: which of two files or folders was changed later, or whether one was.
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../action.ts'
import { defineAction } from '../action.ts'
import { pathArgument } from './arguments.ts'
import { formatTime } from './format.ts'
import { pathResource } from './paths.ts'

const input = z.strictObject({
  path: pathArgument,
  other: pathArgument,
  question: z.enum(['newer', 'older']).optional().describe('answered with yes or no; default: which is newer'),
  wanted: z.enum(['newer', 'older']).optional().describe('which of the two is asked for; default the newer'),
})

async function compare(args: z.output<typeof input>, context: ActionContext): Promise<ActionResult> {
  const entries = [await context.tree.entry(args.path), await context.tree.entry(args.other)] as const
  const [one, other] = entries
  const relation = one.modifiedMs === other.modifiedMs ? 'same' : one.modifiedMs > other.modifiedMs ? 'newer' : 'older'
  const shown = entries.map((entry) => context.tree.show(entry.absolute))
  const lines = entries.map((entry, at) => `${shown[at]}: changed ${formatTime(entry.modifiedMs, context.timeZone)}`)
  if (args.question !== undefined) {
    const than = relation === 'same' ? 'as old as' : `${relation} than`
    lines.unshift(`${args.question === relation ? 'yes' : 'no'}, ${shown[0]} is ${than} ${shown[1]}`)
  } else if (relation === 'same') lines.unshift('they were changed at the same time')
  else {
    const wanted = args.wanted ?? 'newer'
    lines.unshift(`${relation === wanted ? shown[0] : shown[1]} is ${wanted}`)
  }
  return { text: lines.join('\n'), data: { path: shown[0] ?? '', paths: shown, relation, count: 2 } }
}

export const newerFile = defineAction({
  name: 'files.newer',
  description: 'tell which of two files or folders was changed later, or whether one was',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 5000,
  input,
  resources: async (args, { tree }) =>
    Promise.all([args.path, args.other].map((path) => pathResource(tree, path, 'read'))),
  run: compare,
})
