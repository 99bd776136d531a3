// which readings of a clause a slot in a pattern accepts, by the slot's type.
import type { Clause, Slot, Token } from '../../perception/contract.ts'
import { either, type Accept } from './slot-match.ts'
import {
  freeText,
  invented,
  isForFile,
  literalText,
  looksTechnical,
  needle,
  oneWord,
  quotedText,
  structural,
  textBetween,
} from './slot-text.ts'

interface PathReading {
  readonly path?: string
  readonly pronoun?: string
  readonly kind: 'file' | 'folder' | 'any'
  readonly certainty: 'known' | 'looks' | 'bare' | 'pronoun'
  readonly noun: boolean
}

interface FileSetReading {
  readonly query: { readonly limit?: number; readonly sort?: string; readonly root?: string; readonly kind?: string }
  readonly quantifier?: 'all' | 'any'
  readonly superlative: boolean
  readonly constraints: number
  readonly folders: boolean
  readonly singular: boolean
  readonly headless: boolean
  readonly namesFolder?: boolean
}

const of = (clause: Clause, at: number, type: string): Slot[] =>
  clause.slots.filter((slot) => slot.from === at && slot.type === type)

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
      return isNew && !value.path.endsWith('/') && !/^[.~]+$/.test(value.path)
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

/** what is changed lies in the folder itself; `every .bak file` reaches below it, since it says so. */
function reachOfChange(value: FileSetReading): unknown {
  const filtered = Object.keys(value.query).some((name) => filters.includes(name))
  return {
    ...value,
    query: { recursive: value.quantifier === 'all' && filtered && value.query.kind !== 'any', ...value.query },
  }
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

/** whether a text was left over from a time: `four thirty`, `of every year …`, `the same time`, `my tomorrow meeting`. */
function isPartOfTime(tokens: readonly Token[]): boolean {
  const words = tokens.filter(({ kind }) => kind !== 'mark').map(({ lower }) => lower)
  const said = words.join(' ')
  const isNumbers = words.every((word, index) => tokens[index]?.kind === 'number' || spoken.test(word))
  return (
    isNumbers ||
    /^(?:of |on )?(?:every|each)\b/.test(said) ||
    /^(?:the |at |for )*(?:current|same|usual|right) (?:time|hour)$/.test(said) ||
    /\b(?:tomorrow|tonight) [a-z]+(?: sharply| sharp)?$/.test(said)
  )
}

const spoken =
  /^(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|hundred|half|quarter|past|to|and|o'clock|am|pm|at|for|by)$/

/** words that tell when, also where nobody can read them as a time. */
const timely: ReadonlySet<string> = new Set(
  `one two three four five six seven eight nine ten eleven twelve fifteen thirty forty half quarter am pm a.m. p.m. o'clock noon
  midnight morning evening night tonight today tomorrow yesterday later soon now when while before after until till once every
  each daily weekly monthly minute minutes hour hours day days week weeks weekend month months year years monday tuesday
  wednesday thursday friday saturday sunday january february march april may june july august september october november
  december another`.split(/\s+/),
)

const anyNumber: Accept = typed<number>('number', () => true)

/** slot types of patterns. documented in docs/traces.md, which a test compares with this table. */
export const slotTypes: Readonly<Record<string, Accept>> = {
  /** a file that may be there. */
  file,
  /** a folder that may be there. */
  folder,
  /** a file or folder. */
  path: anyPath,
  /** one or several files or folders. */
  paths: either(listOf('paths'), single(anyPath)),
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
  /** the name of a branch that cannot be anything else: `main`, `feature/x`. */
  branch_sure: (clause, at) =>
    oneWord(clause, at).filter(({ value }) =>
      /^[\w./+-]*[/_\d-][\w./+-]*$|^(?:main|master|trunk|develop|development|dev|staging|production|release|stable|testing)$/.test(
        String(value),
      ),
    ),
  /** the name of a process: one word without an article, as `the door` is none. */
  process_name: (clause, at) =>
    /^(?:the|a|an|my|your|our|this|that|its|it)$/.test(clause.tokens[at - 1]?.lower ?? '') ? [] : oneWord(clause, at),
  /** what a whole line may be in one word; a plural says what kind of lines: `comments`. */
  line_text: (clause, at) =>
    oneWord(clause, at).filter(({ value }) => clause.tokens[at]?.kind === 'quoted' || !String(value).endsWith('s')),
  /** a table by its ending. */
  table_file: typed<PathReading>('path', (value) => /\.(csv|tsv|psv|tab)$/i.test(value.path ?? '')),
  /** a name for an archive. */
  archive_name: typed<PathReading>('path', (value) => archiveEnding.test(value.path ?? ''), 1),
  /** the name of an entry in an archive. */
  entry_name: either(
    typed<PathReading>('path', (value) => value.pronoun === undefined),
    typed<PathReading>('name', (value) => value.certainty !== 'bare'),
  ),
  /** a text to look for. */
  needle,
  /** a text to put in the place of another: what is described (`the system IP address`) is none. */
  replacement: (clause, at) =>
    needle(clause, at).filter(
      () =>
        clause.tokens[at]!.kind === 'quoted' ||
        !/^(?:the|its|my|our|your|their|current|today's|today)$/.test(clause.tokens[at - 1]?.lower ?? ''),
    ),
  /** a text to look for in quotes, or one that is no plain English word. */
  needle_strict: (clause, at) =>
    needle(clause, at).filter(
      () => clause.tokens[at]!.kind === 'quoted' || looksTechnical(textBetween(clause, at, at)),
    ),
  /** the same, and no mere number: `3 lines` are three lines. */
  needle_code: (clause, at) =>
    needle(clause, at).filter(
      () =>
        clause.tokens[at]!.kind === 'quoted' ||
        (clause.tokens[at]!.kind !== 'number' && looksTechnical(textBetween(clause, at, at))),
    ),
  /** a text to look for in quotes. */
  needle_quoted: (clause, at) => quotedText(clause, at).slice(0, 1),
  /** the name of an environment variable: `$EDITOR`, `PROJECT_REGION`. */
  variable: (clause, at) => {
    const name = /^\$?\{?([A-Z_][A-Z0-9_]*|(?<=\$)\w+)\}?$/.exec(clause.tokens[at]?.text ?? '')
    const text = clause.tokens[at]?.text ?? ''
    return name &&
      (text.startsWith('$') ||
        (name[1]!.length > 2 && name[1]!.includes('_')) ||
        /^(PATH|HOME|EDITOR|USER|SHELL|LANG|TERM|PAGER|DISPLAY|PWD|TMPDIR|VISUAL|BROWSER|TZ|LOGNAME|MAIL)$/.test(
          name[1]!,
        ))
      ? [{ to: at + 1, value: name[1], weight: 1 }]
      : []
  },
  /** what a note says. */
  note: (clause, at) =>
    clause.question || isForFile(clause, at)
      ? []
      : freeText({ limit: 120, weight: 0.5, connectors: true, invented: true })(clause, at),
  /** what a question about notes is about. */
  topic: (clause, at) =>
    freeText({ limit: 16, weight: 0.5, connectors: true, invented: true })(clause, at).filter(
      (match) => !/^(?:it|that|this|them|these|those|me|you|him|her|us)$/i.test(String(match.value)),
    ),
  /** the name of a git branch: one word, also with slashes, in quotes or not. */
  branch_name: (clause, at) => {
    const [match] = oneWord(clause, at)
    const name = match === undefined ? '' : String(match.value)
    return match !== undefined && /^[\w][\w./+-]*$/.test(name) && !/^(?:which|what|branch|branches|git)$/i.test(name)
      ? [match]
      : []
  },
  /** what a cell of a table says: a name with a capital letter, a number, or something in quotes. */
  cell: (clause, at) =>
    clause.tokens[at]?.kind === 'quoted' || /^[\p{Lu}\d]/u.test(clause.tokens[at]?.text ?? '')
      ? freeText({ limit: 4, weight: 0.7, connectors: clause.tokens[at]?.kind === 'quoted', invented: true })(
          clause,
          at,
        )
      : [],
  /** one word: the name of a process, variable, package or service. */
  word: oneWord,
  /** up to five words: a name, a person. */
  words: (clause, at) =>
    freeText({ limit: 5, weight: 0.5, connectors: false, invented: true })(clause, at).filter(
      (match) => !clause.tokens.slice(at, match.to).some((token) => structural.test(token.lower)),
    ),
  /** any words at all, for notes and reminders. */
  anything: (clause, at) =>
    /^(and|or|,|if|whether|what|when|which|who|where|how|why|every|each|at|daily|weekly|monthly)$/.test(
      clause.tokens[at]?.lower ?? '',
    )
      ? []
      : freeText({ limit: 120, weight: 0.5, connectors: true, invented: true })(clause, at).filter(
          // a text that hangs in the air: part of it was taken for the time
          (match) =>
            !/\b(?:unless|but not|starting|except)\b/i.test(String(match.value)) &&
            !isPartOfTime(clause.tokens.slice(at, match.to)) &&
            !/^(?:of|to|in|at|for|from|after|before|until|and|the|a|an|each|every|on|by)$/.test(
              clause.tokens[match.to - 1]!.lower,
            ),
        ),
  /** what somebody shall be reminded of, where no time was understood: words in which none can hide. */
  deed: (clause, at) =>
    freeText({ limit: 24, weight: 0.5, connectors: false, invented: true })(clause, at).filter(
      (match) =>
        !clause.tokens.slice(at, match.to).some(({ kind, lower }) => kind === 'number' || timely.has(lower)) &&
        !/[,;:?]/.test(String(match.value)) &&
        !/^(?:how|what|which|who|where|why|if|whether|the (?:time|date))\b/i.test(String(match.value)),
    ),
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
}
