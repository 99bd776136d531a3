// which readings of a clause a slot in a pattern accepts, by the slot's type.
import type { Clause, Slot } from '../../perception/contract.ts'
import { either, type Accept } from './slot-match.ts'
import { listingDetails, listingHidden, listingOrder, place } from './slot-phrases.ts'
import { extensionText, fieldName, invented, listNoun, literalText, modeText, quotedText } from './slot-text.ts'
import { wordSlots } from './slot-words.ts'

interface PathReading {
  readonly path?: string
  readonly said?: string
  readonly pronoun?: string
  readonly kind: 'file' | 'folder' | 'any'
  readonly certainty: 'known' | 'looks' | 'bare' | 'pronoun'
  readonly noun: boolean
}

interface FileSetReading {
  readonly query: {
    readonly limit?: number
    readonly rank?: number
    readonly sort?: string
    readonly root?: string
    readonly kind?: string
  }
  readonly quantifier?: 'all' | 'any'
  readonly superlative: boolean
  readonly constraints: number
  readonly folders: boolean
  readonly singular: boolean
  readonly headless: boolean
  readonly namesFolder?: boolean
  readonly below?: boolean
  readonly isPattern?: boolean
}

const byType = new WeakMap<Clause, Map<string, Slot[]>>()

function of(clause: Clause, at: number, type: string): Slot[] {
  let types = byType.get(clause)
  if (types === undefined) byType.set(clause, (types = Map.groupBy(clause.slots, (slot) => slot.type)))
  return types.get(type)?.filter((slot) => slot.from === at) ?? []
}

/** readings of one kind, filtered. */
function typed<Value>(
  type: string,
  accepts: (value: Value, slot: Slot) => boolean,
  weight = 1,
  convert: (value: Value) => unknown = (value) => value,
): Accept {
  return (clause, at) =>
    of(clause, at, type)
      .filter((slot) => accepts(slot.value as Value, slot))
      .map((slot) => ({ to: slot.to, value: convert(slot.value as Value), weight: weight * slot.confidence }))
}

const file = typed<PathReading>(
  'path',
  (value) => value.kind !== 'folder' && value.certainty !== 'bare',
  1,
  (value) => ({ ...value, wanted: 'file' }),
)
const folder = typed<PathReading>(
  'path',
  (value) => value.kind !== 'file',
  1,
  (value) => ({ ...value, wanted: 'folder' }),
)
const anyPath = typed<PathReading>('path', (value) => value.certainty !== 'bare' || value.noun)
/** whether nobody could mean another set than this one. */
function isSureSet({ query, namesFolder }: FileSetReading): boolean {
  const { limit, sort, kind, except } = query as FileSetReading['query'] & { except?: { extensions?: unknown } }
  // `delete docs except a.txt` is about the folder; `three files` has not said which
  if (namesFolder || (limit !== undefined && sort === undefined)) return false
  // a folder that goes takes with it what was excepted by its kind
  return !(kind === 'any' && except?.extensions !== undefined)
}

/** what was called a folder and is not there is made: a path with a slash at its end is no name for a file. */
const intoFolder =
  (accept: Accept): Accept =>
  (clause, at) =>
    accept(clause, at).map((match) => {
      const value = match.value as PathReading
      const isNew = value.kind === 'folder' && value.certainty !== 'known' && value.path !== undefined
      return isNew && value.said === undefined && !value.path.endsWith('/') && !/^[.~]+$/.test(value.path)
        ? { ...match, value: { ...value, path: `${value.path}/` } }
        : match
    })

const nounsInNames =
  /\b(?:files?|folders?|director(?:y|ies)|dirs?|documents?|copies|and|or)\b|^\d+$|^(?:ones?|it|them|that|this|these|those|here|there|none|another|others?|so|now|please|mine|yours|itself|themselves|place)$/i
const callers = new Set(['call', 'name', 'title', 'label', 'entitle'])

/** a name for something new in bare words: one, or several behind `called`; two words alone may be two names. */
const bareName =
  (accepts: (value: PathReading) => boolean): Accept =>
  (clause, at) =>
    of(clause, at, 'name')
      .filter((slot) => {
        const value = slot.value as unknown as PathReading
        const words = (value.path ?? '').split(' ')
        const named = at > 0 && callers.has(clause.tokens[at - 1]!.lemma)
        return (
          value.certainty === 'bare' &&
          (words.length === 1 || named) &&
          !invented.has(words[0]!.toLowerCase()) &&
          !nounsInNames.test(value.path ?? '') &&
          // `called my stuff` is not called `stuff`
          !(
            callers.has(clause.tokens[at - 2]?.lemma ?? '') &&
            /^(?:my|our|your|the|a|an)$/.test(clause.tokens[at - 1]!.lower)
          ) &&
          // `those dirs`, `every drawer`: what was spoken of, or many things
          !/^(?:those|these|all|each|every|any|some|both|other|another|that)$/.test(
            clause.tokens[at - 1]?.lower ?? '',
          ) &&
          // `Drafts` beside a folder `drafts` is no new name
          !clause.slots.some(
            (other) =>
              other.type === 'path' &&
              other.from === at &&
              other.to === slot.to &&
              (other.value as unknown as PathReading).said !== undefined &&
              (other.value as unknown as PathReading).kind === 'folder',
          ) &&
          accepts(value)
        )
      })
      .map((slot) => ({ to: slot.to, value: slot.value, weight: 0.8 * slot.confidence }))
const namedNew = (kind: 'file' | 'folder'): Accept =>
  typed<PathReading>(
    'path',
    (value) => value.pronoun === undefined && value.kind !== (kind === 'file' ? 'folder' : 'file'),
  )

const listOf =
  (type: string): Accept =>
  (clause, at) =>
    of(clause, at, type).map((slot) => ({
      to: slot.to,
      value: (slot.value as unknown as { items: PathReading[] }).items,
      weight: 0.98 * slot.confidence,
    }))

const single =
  (accept: Accept): Accept =>
  (clause, at) =>
    accept(clause, at).map((match) => ({ ...match, value: [match.value] }))

/** filters that pick files wherever they lie; an exception alone picks nothing. */
const filters = [
  'extensions',
  'name_equals',
  'name_contains',
  'name_starts',
  'name_ends',
  'glob',
  'larger_than',
  'smaller_than',
  'newer_than_file',
  'older_than_file',
  'larger_than_file',
  'smaller_than_file',
  'modified_after',
  'modified_before',
  'modified_within_ms',
  'older_than_ms',
  'empty',
  'executable',
  'contains',
  'sort',
]

/**
 * how far a change reaches: as far as a search with the same words. what is picked by a property is meant wherever it
 * lies below the place; a bare place means what is right in it, and so does a pattern such as `*.txt`, as in a shell.
 * `the biggest file` is one, which nobody named: it is taken from what is right in the place, where it can be seen.
 */
function reachOfChange(value: FileSetReading): unknown {
  const { limit, rank, sort } = value.query
  const isOneOfOrder = value.below !== true && sort !== undefined && (limit === 1 || rank !== undefined)
  const filtered =
    value.isPattern !== true && !isOneOfOrder && Object.keys(value.query).some((name) => filters.includes(name))
  return { ...value, query: { recursive: filtered && value.query.kind !== 'any', ...value.query } }
}

/** a set that is only a place means what lies right in it; one with a filter means what lies below it, too. */
const deep = (value: FileSetReading): unknown => ({
  ...value,
  query: { recursive: value.constraints > 0 && value.query.kind !== 'any', ...value.query },
})

/** a set in a goal; `this song` is one thing that was spoken of. */
const fileSet =
  (accepts: (value: FileSetReading) => boolean): Accept =>
  (clause, at) =>
    typed<FileSetReading>(
      'file_set',
      (value) =>
        accepts(value) &&
        !(
          value.singular &&
          clause.tokens
            .slice(Math.max(0, at - 1), at + 2)
            .some((token) => /^(?:this|that|next|previous)$/.test(token.lower))
        ),
      0.97,
      deep,
    )(clause, at)

const archiveEnding = /\.(zip|tar|tgz|tar\.gz|taz)$/i

/** a set without a noun for its kind means files, not folders. */
function withKind(value: FileSetReading): unknown {
  return { ...value, query: { kind: 'file', ...value.query } }
}

const anyNumber: Accept = typed<number>('number', () => true)

/** slot types of patterns. documented in docs/traces.md, which a test compares with this table. */
export const slotTypes: Readonly<Record<string, Accept>> = {
  /** a file that may be there. */
  file,
  /** a file of text: by its name no picture, sound or archive. */
  text_file: (clause, at) =>
    file(clause, at).filter(
      ({ value }) =>
        !/\.(?:zip|tar|t?gz|jpe?g|png|gif|webp|mp[34]|wav|pdf|docx?|xlsx?)$/i.test((value as PathReading).path ?? ''),
    ),
  /** a folder that may be there. */
  folder,
  /** a file or folder. */
  path: anyPath,
  /** one or several files or folders. */
  paths: either(listOf('paths'), single(anyPath)),
  /** something that was there: a name that is surely one. */
  restored: typed<PathReading>(
    'path',
    // an archive that is there is rather to be unpacked
    (value) =>
      value.pronoun === undefined &&
      (value.certainty !== 'bare' || value.noun) &&
      !(value.certainty === 'known' && archiveEnding.test(value.path ?? '')),
  ),
  /** at least two files or folders. */
  several: listOf('paths'),
  /** a place to copy or move to: a path, or a name that ends in `folder`. */
  target: intoFolder(anyPath),
  /** a folder to put something into, also one that has to be made. */
  into_folder: intoFolder(folder),
  /** a name for a file that shall be made. */
  new_file: either(
    namedNew('file'),
    bareName((value) => value.kind !== 'folder'),
  ),
  /** a name for a folder that shall be made. */
  new_folder: either(
    namedNew('folder'),
    bareName((value) => value.kind !== 'file'),
  ),
  /** names for folders that shall be made. */
  new_folders: either(
    listOf('names'),
    single(
      either(
        namedNew('folder'),
        bareName((value) => value.kind !== 'file'),
      ),
    ),
  ),
  /** names for files that shall be made. */
  new_files: either(listOf('names'), listOf('paths')),
  /** a set of files, as wide as the words say. */
  files: fileSet(() => true),
  /** a set with all that lies below its place. */
  files_below: typed<FileSetReading>(
    'file_set',
    () => true,
    0.97,
    (value) => ({ ...value, query: { recursive: true, ...value.query } }),
  ),
  /** a set of files whose sizes are added up; folders are measured in another way. */
  summed_files: typed<FileSetReading>(
    'file_set',
    (value) => !value.folders && !value.singular,
    0.97,
    (value) => ({ ...value, query: { recursive: true, ...value.query } }),
  ),
  /** `there`: the folder that was spoken of. */
  there: typed<PathReading>('path', (value) => value.pronoun === 'there'),
  /** a set that was narrowed or called `all`: what may be changed or removed. */
  chosen_files: typed<FileSetReading>(
    'file_set',
    (value) => !value.singular && (value.quantifier === 'all' || value.constraints > 0) && isSureSet(value),
    0.97,
    reachOfChange,
  ),
  /** a set of folders. */
  folders: fileSet((value) => value.folders),
  /** a set with nothing but a place: what `list` means. */
  plain_files: typed<FileSetReading>(
    'file_set',
    (value) =>
      !value.singular &&
      value.constraints === 0 &&
      value.query.sort === undefined &&
      value.query.limit === undefined &&
      (value.query as { recursive?: boolean }).recursive !== true,
    0.97,
    withKind,
  ),
  /** a set with something to look for. */
  found_files: fileSet(
    (value) =>
      value.constraints > 0 ||
      value.query.sort !== undefined ||
      (value.query as { recursive?: boolean }).recursive !== undefined ||
      (value.query.kind === 'folder' && !value.singular),
  ),
  /** the largest, oldest … of a set. */
  extreme: fileSet((value) => value.superlative),
  /** a text in quotes; several become lines. */
  quoted: quotedText,
  /** a text for a file: quoted, or words that are clearly meant literally. */
  text: either(quotedText, literalText),
  /** a file that was called a file. */
  file_noun: typed<PathReading>(
    'path',
    (value) => value.kind !== 'folder' && (value.noun || value.certainty === 'known'),
  ),
  /** a folder that is there, or was called a folder. */
  folder_named: typed<PathReading>('path', (value) => value.kind === 'folder' && value.pronoun === undefined),
  /** a name behind `called`. */
  named: typed<PathReading>('name', () => true, 0.9),
  /** names for things that shall be made, at least two. */
  new_names: either(listOf('names'), single(typed<PathReading>('name', () => true))),
  /** a folder that shall be made, with the word `folder` behind its name. */
  new_folder_noun: single(
    typed<PathReading>('path', (value) => value.kind === 'folder' && value.noun && value.pronoun === undefined),
  ),
  /** a new name for what is there. */
  new_name: either(
    typed<PathReading>('path', (value) => value.pronoun === undefined),
    bareName(() => true),
  ),
  /** a new path with a slash or an extension. */
  new_path: typed<PathReading>('path', (value) => value.pronoun === undefined && value.certainty !== 'bare'),
  /** a new file with a slash or an extension. */
  new_file_path: typed<PathReading>(
    'path',
    (value) => value.pronoun === undefined && value.certainty !== 'bare' && value.kind !== 'folder',
  ),
  /** the plain name of a file to look for: no folder in it. */
  name_of_file: typed<PathReading>(
    'path',
    (value) => value.pronoun === undefined && value.certainty !== 'bare' && !(value.path ?? '/').includes('/'),
  ),
  /** an archive by its ending. */
  archive_file: typed<PathReading>(
    'path',
    (value) => value.pronoun === 'archive' || archiveEnding.test(value.path ?? ''),
  ),
  /** a name for a single file compressed with gzip; a tar archive is none. */
  gzip_name: typed<PathReading>('path', (value) => /(?<!\.tar)\.gz$/i.test(value.path ?? '')),
  /** a file that is there, and no folder. */
  plain_file: typed<PathReading>('path', (value) => value.kind === 'file' && value.pronoun === undefined),
  /** a table by its ending. */
  table_file: typed<PathReading>('path', (value) => /\.(csv|tsv|psv|tab)$/i.test(value.path ?? '')),
  /** a name for an archive. */
  archive_name: typed<PathReading>('path', (value) => archiveEnding.test(value.path ?? ''), 1),
  /** the name of an entry in an archive. */
  entry_name: either(
    typed<PathReading>('path', (value) => value.pronoun === undefined),
    typed<PathReading>('name', (value) => value.certainty !== 'bare'),
  ),
  ...wordSlots,
  number: anyNumber,
  count: typed<number>('count', () => true),
  ordinal: typed<number>('ordinal', () => true),
  size: typed<number>('size', () => true),
  duration: typed<number>('duration', () => true),
  quantity: typed('quantity', () => true),
  unit: typed('unit', () => true),
  /** a unit that files are measured in: `MB`, `KiB`, `bytes`. */
  size_unit: typed<{ unit: string; dimension: string }>(
    'unit',
    (value) => value.dimension === 'data' && value.unit !== 'b',
    1,
    (value) => value.unit,
  ),
  /** a span of the calendar: a day, a month or a year. */
  date: typed<{ from: number; to: number }>('date', () => true),
  expression: typed<{ expression: string }>(
    'expression',
    () => true,
    1,
    (value) => value.expression,
  ),
  when: typed('when', () => true),
  /** how a listing is ordered: `newest first`, `by size`. */
  listing_order: listingOrder,
  /** that a listing says more than names: `with details`. */
  listing_details: listingDetails,
  /** that a listing has hidden names, too. */
  listing_hidden: listingHidden,
  /** a town or country, by the time zone that it has. */
  place,
  /** a file mode: `644`, `"u+x"`. */
  mode: modeText,
  /** an ending with its dot: `.md`. */
  dotted: (clause, at) => (/^(?:\*)?\./.test(clause.tokens[at]?.text ?? '') ? extensionText(clause, at) : []),
  /** an ending of names: `.md`, `md`. */
  extension: extensionText,
  /** a file of fields with values, by its ending. */
  data_file: typed<PathReading>('path', (value) =>
    /(?:\.(?:json|ini|env|properties|conf|cfg|toml)|(?:^|\/)\.env)$/i.test(value.path ?? ''),
  ),
  /** the name of a field in such a file: up to three words, and nothing that files have themselves. */
  field_name: fieldName,
  /** a plural word for what stands in the lines of a file: `entries`, or `names` of names.txt. */
  list_noun: listNoun,
}
