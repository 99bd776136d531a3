// files.compare: whether two files or folders are the same, and where they differ.
import { z } from 'zod'
import type { ActionContext, ActionResult, Entry } from '../action.ts'
import { defineAction } from '../action.ts'
import { pathArgument } from './arguments.ts'
import { actionErrors } from './errors.ts'
import { limitLines, shortBytes } from './format.ts'
import { pathResource } from './paths.ts'
import { diffTexts, maxDiffLength, maxDiffLines } from './text-diff.ts'
import { decodeText, detectEncoding } from './text-file.ts'

/** entries of a folder compared at most. */
const maxEntries = 20_000

const input = z.strictObject({ path: pathArgument, other: pathArgument })

/** says whether two files hold the same bytes, without holding them in memory. */
async function sameContent(context: ActionContext, left: Entry, right: Entry): Promise<boolean> {
  if (left.bytes !== right.bytes) return false
  const others = context.tree.stream(right.absolute)[Symbol.asyncIterator]()
  let held = Buffer.alloc(0)
  try {
    for await (const chunk of context.tree.stream(left.absolute)) {
      context.signal.throwIfAborted()
      while (held.length < chunk.length) {
        const next = await others.next()
        if (next.done === true) return false
        held = Buffer.concat([held, next.value])
      }
      if (!chunk.equals(held.subarray(0, chunk.length))) return false
      held = held.subarray(chunk.length)
    }
    return held.length === 0 && (await others.next()).done === true
  } finally {
    await others.return?.()
  }
}

async function textOf(context: ActionContext, entry: Entry, shown: string): Promise<string | undefined> {
  if (entry.bytes > maxDiffLength) return undefined
  const content = await context.tree.read(entry.absolute, { maxBytes: maxDiffLength })
  return detectEncoding(content) === undefined ? undefined : decodeText(content, shown).text
}

async function compareFiles(context: ActionContext, left: Entry, right: Entry): Promise<ActionResult> {
  const [a, b] = [context.tree.show(left.absolute), context.tree.show(right.absolute)]
  const data = { path: a, paths: [a, b] }
  if (await sameContent(context, left, right)) {
    return {
      text: `identical: ${a} and ${b} have the same content`,
      data: { ...data, identical: true, count: 0, text: '' },
    }
  }
  const [before, after] = [await textOf(context, left, a), await textOf(context, right, b)]
  if (before === undefined || after === undefined) {
    const sizes = `${shortBytes(left.bytes)} and ${shortBytes(right.bytes)}`
    return { text: `${a} and ${b} differ (${sizes})`, data: { ...data, identical: false, text: '' } }
  }
  const { patch, insertions, deletions } = await diffTexts({ name: a, text: before }, { name: b, text: after })
  // the bytes may differ where the texts do not, as with a byte order mark.
  const lines = patch === undefined ? ['(too different to show line by line)'] : patch.split('\n')
  return {
    text: `${a} and ${b} differ:\n${limitLines(lines, maxDiffLines)}`,
    data: {
      ...data,
      identical: false,
      count: insertions + deletions,
      insertions,
      deletions,
      text: limitLines(lines, maxDiffLines),
    },
  }
}

async function namesBelow(context: ActionContext, folder: Entry): Promise<Map<string, Entry>> {
  const found = new Map<string, Entry>()
  for await (const entry of context.tree.walk(folder.absolute, { hidden: true, limit: maxEntries })) {
    context.signal.throwIfAborted()
    found.set(entry.absolute.slice(folder.absolute.length + 1), entry)
  }
  return found
}

async function sameEntry(context: ActionContext, left: Entry, right: Entry): Promise<boolean> {
  if (left.kind !== right.kind) return false
  if (left.kind === 'file') return sameContent(context, left, right)
  return left.linkTarget === right.linkTarget
}

async function compareFolders(context: ActionContext, left: Entry, right: Entry): Promise<ActionResult> {
  const [a, b] = [context.tree.show(left.absolute), context.tree.show(right.absolute)]
  const [ours, theirs] = [await namesBelow(context, left), await namesBelow(context, right)]
  const lines: string[] = []
  const named = (name: string, entry: Entry | undefined) => (entry?.kind === 'folder' ? `${name}/` : name)
  for (const name of [...new Set([...ours.keys(), ...theirs.keys()])].toSorted()) {
    const [mine, other] = [ours.get(name), theirs.get(name)]
    if (other === undefined) lines.push(`only in ${a}: ${named(name, mine)}`)
    else if (mine === undefined) lines.push(`only in ${b}: ${named(name, other)}`)
    else if (!(await sameEntry(context, mine, other))) lines.push(`different: ${named(name, mine)}`)
  }
  const data = {
    path: a,
    paths: [a, b],
    identical: lines.length === 0,
    count: lines.length,
    text: lines.slice(0, 1000).join('\n'),
  }
  if (lines.length === 0) return { text: `identical: the folders ${a} and ${b} hold the same`, data }
  return { text: `${a} and ${b} differ:\n${limitLines(lines)}`, data }
}

export const compareAction = defineAction({
  name: 'files.compare',
  description: 'tell whether two files or two folders are the same, and show where they differ',
  effect: 'none',
  risk: 'none',
  undoable: false,
  timeoutMs: 60_000,
  input,
  resources: async (args, { tree }) => [
    await pathResource(tree, args.path, 'read'),
    await pathResource(tree, args.other, 'read'),
  ],
  run: async (args, context) => {
    const left = await context.tree.entry(args.path)
    const right = await context.tree.entry(args.other)
    if (left.kind !== right.kind || (left.kind !== 'file' && left.kind !== 'folder')) {
      throw actionErrors.WRONG_KIND({
        value: args.other,
        detail: `${args.path} is a ${left.kind}, ${args.other} is a ${right.kind}`,
      })
    }
    return left.kind === 'file' ? compareFiles(context, left, right) : compareFolders(context, left, right)
  },
})
