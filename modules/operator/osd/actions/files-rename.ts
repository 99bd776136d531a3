// files.rename_matching: another ending for every file that a search finds.
import { z } from 'zod'
import type { ActionContext } from '../action.ts'
import { defineAction } from '../action.ts'
import { fileQuery } from './file-query.ts'
import { transferAll, transferResources } from './files-move.ts'
import { nothingFound } from './files-matching.ts'
import { planTransfers } from './paths.ts'
import type { Transfer } from './paths.ts'
import { matchesOf } from './query-matches.ts'

const input = z.strictObject({
  query: fileQuery,
  extension: z
    .string()
    .regex(/^\.?[\p{L}\p{N}_+~-]{1,32}$/u)
    .describe('the new ending, with or without its dot'),
})
type Arguments = z.output<typeof input>

/** `notes.txt` with another ending; a name that has none gets one. */
function renamed(path: string, extension: string): string {
  return `${path.replace(/(?<=[^/])\.[^./]+$/, '')}.${extension.replace(/^\./, '')}`
}

async function transfersOf(args: Arguments, context: Pick<ActionContext, 'tree' | 'signal'>): Promise<Transfer[]> {
  const transfers: Transfer[] = []
  for (const { absolute } of await matchesOf(args.query, context)) {
    const to = renamed(absolute, args.extension)
    if (to !== absolute) transfers.push(...(await planTransfers(context.tree, [absolute], to, false)))
  }
  return transfers
}

export const renameMatching = defineAction({
  name: 'files.rename_matching',
  description: 'give every file that a search finds another ending; what the files hold stays as it is',
  effect: 'files',
  risk: 'medium',
  undoable: true,
  timeoutMs: 120_000,
  input,
  resources: async (args, context) => transferResources(context, await transfersOf(args, context), 'remove'),
  run: async (args, context) => {
    const transfers = await transfersOf(args, context)
    return transfers.length === 0
      ? nothingFound(args.query, context, 'renamed')
      : transferAll(context, transfers, 'move')
  },
})
