// a quick look whether a pattern could cover a clause at all: most cannot, and matching them would cost far more.
import type { ClauseIndex } from './match.ts'
import type { PatternNode } from './pattern.ts'

/** slots that need a reading of a path in the clause, by their types. */
const fromPaths: ReadonlySet<string> = new Set([
  'file',
  'file_noun',
  'folder',
  'folder_named',
  'path',
  'target',
  'there',
  'archive_file',
  'archive_name',
  'gzip_name',
  'table_file',
  'name_of_file',
  'new_path',
])
/** slots that need a reading of their own kind. */
const fromOwn: ReadonlySet<string> = new Set([
  'number',
  'count',
  'ordinal',
  'duration',
  'quantity',
  'unit',
  'date',
  'when',
])
const fromSets: ReadonlySet<string> = new Set(['files', 'files_below', 'summed_files', 'chosen_files', 'found_files'])

/** whether all words and readings that the pattern cannot do without are somewhere in the clause. */
export function couldMatch(node: PatternNode, index: ClauseIndex): boolean {
  switch (node.kind) {
    case 'word':
      return index.lemmas.has(node.word)
    case 'concept':
      return index.conceptNames.has(node.concept)
    case 'sequence':
      return node.parts.every((part) => couldMatch(part, index))
    case 'choice':
      return node.options.some((option) => couldMatch(option, index))
    case 'slot':
      if (fromPaths.has(node.type)) return index.slotTypes.has('path')
      if (fromSets.has(node.type)) return index.slotTypes.has('file_set')
      return !fromOwn.has(node.type) || index.slotTypes.has(node.type)
    default:
      return true
  }
}
