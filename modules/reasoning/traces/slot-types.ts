// which readings of a clause a slot in a pattern accepts, by the slot's type.
import type { Clause, Slot } from '../../perception/contract.ts'

export interface SlotMatch {
  readonly to: number
  readonly value: unknown
  /** how much each of its tokens adds to a match's score, 0 to 1. */
  readonly weight: number
}

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
}

type Accept = (clause: Clause, at: number) => SlotMatch[]

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

const either =
  (...accepts: readonly Accept[]): Accept =>
  (clause, at) =>
    accepts.flatMap((accept) => accept(clause, at))

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
/** words that ask for something to be thought up: never a literal name or content. */
const invented = new Set(
  'a an some any my your something anything what whatever everything nothing it them how why about appropriate suitable nice good random funny short brief better new more'.split(
    ' ',
  ),
)

const nounsInNames =
  /\b(?:files?|folders?|director(?:y|ies)|documents?|copies|and|or)\b|^\d+$|^(?:ones?|it|them|that|this|these|those|here|there|none|another|others?|so|now|please|mine|yours)$/i
const callers = new Set(['call', 'name', 'of', 'title', 'label', 'entitle', 'as', 'to'])

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

const fileSet = (accepts: (value: FileSetReading) => boolean): Accept =>
  typed<FileSetReading>('file_set', accepts, 0.97, deep)

const connectors = new Set(['then', 'afterwards', 'afterward'])
const functionWords = new Set(
  'been being having a an the of in on at to for from with by and or but not no be is are was were am do does did have has had i you he she it we they me him her us them my your his its our their this that these those there here what which who whom whose where when why how if then than as so such can could will would shall should may might must please any all some every each running up alive active still file files folder folders'.split(
    ' ',
  ),
)

/** free words from `at` on: at most `limit`, every length; stops at quotations and connectors unless told otherwise. */
function freeText(options: { limit: number; weight: number; connectors: boolean; invented: boolean }): Accept {
  return (clause, at) => {
    const matches: SlotMatch[] = []
    const first = clause.tokens[at]
    if (first === undefined || (first.kind === 'mark' && /[,.;:!?]/.test(first.text))) return matches
    if (!options.invented && first.kind === 'word' && invented.has(first.lower)) return matches
    for (let to = at; to < Math.min(clause.tokens.length, at + options.limit); to += 1) {
      const token = clause.tokens[to]!
      if (!options.connectors && (token.kind === 'quoted' || connectors.has(token.lower))) break
      if (token.kind === 'mark' && /[?!]/.test(token.text)) continue
      if (!options.connectors && goesOn(clause, at, to + 1)) break
      matches.push({ to: to + 1, value: textBetween(clause, at, to), weight: options.weight })
    }
    return matches.reverse()
  }
}

/** concepts that begin another deed: `… saying hi and delete it` is no text. */
const deeds = [
  'delete',
  'move',
  'copy',
  'rename',
  'append',
  'remind',
  'compress',
  'extract',
  'show',
  'forget',
  'undo',
  'run',
]

/** whether words that look like a text go on to something else that shall be done. */
function goesOn(clause: Clause, from: number, to: number): boolean {
  for (let at = from + 1; at < to - 1; at += 1) {
    if (!/^(and|then|,)$/.test(clause.tokens[at]!.lower)) continue
    if (clause.slots.some((slot) => slot.from === at + 1 && deeds.some((deed) => slot.type === `concept:${deed}`)))
      return true
  }
  return false
}

/** the person's own words from one token to another, both included. */
export function textBetween(clause: Clause, from: number, to: number): string {
  const start = clause.tokens[0]!.at
  return clause.text.slice(clause.tokens[from]!.at - start, clause.tokens[to]!.end - start)
}

/** quoted contents: one, or several as lines (`"salt" and "pepper"`). */
const quotedText: Accept = (clause, at) => {
  const matches: SlotMatch[] = []
  const lines: string[] = []
  for (let index = at; index < clause.tokens.length;) {
    const token = clause.tokens[index]!
    if (token.kind !== 'quoted') break
    lines.push(token.text)
    matches.push({ to: index + 1, value: lines.join('\n'), weight: 1 })
    index += 1
    while (
      index < clause.tokens.length &&
      (clause.tokens[index]!.text === ',' || clause.tokens[index]!.lower === 'and')
    )
      index += 1
  }
  return matches
}

const oneWord: Accept = (clause, at) => {
  const token = clause.tokens[at]
  if (token === undefined || token.kind === 'mark') return []
  if (token.kind === 'word' && functionWords.has(token.lower)) return []
  return [{ to: at + 1, value: token.text, weight: token.kind === 'quoted' ? 1 : 0.7 }]
}

/** words that hang a sentence together or stand for something: unquoted, they are no text to look for. */
const structural =
  /^(?:files?|folders?|director(?:y|ies)|subfolders?|except|excluding|but|not|than|those|these|other|others|neither|nor|nothing|anything|everything|something|contents?|longest|shortest|largest|smallest|newest|oldest|whose|without|lines?|rows?|twice|once|unless|if|only|columns?|occurrences?|from|second|third|fourth|fifth|last|first|next|previous|final|anyone|anybody|someone|everyone|nobody|which|who|that|contain(?:s|ing)?|both|either|every|all)$/i

/** a text to search for or replace: quoted, or up to four plain words. */
const needle: Accept = either(
  (clause, at) => quotedText(clause, at).slice(0, 1),
  (clause, at) =>
    freeText({ limit: 4, weight: 0.55, connectors: false, invented: true })(clause, at).filter(
      (match) =>
        !functionWords.has(clause.tokens[at]!.lower) &&
        !clause.tokens.slice(at, match.to).some((token) => token.kind === 'word' && structural.test(token.lower)) &&
        !/^[,;:.!?]$/.test(clause.tokens[match.to - 1]!.text) &&
        (clause.tokens[match.to - 1]?.kind !== 'word' || !functionWords.has(clause.tokens[match.to - 1]!.lower)),
    ),
)

const literal = freeText({ limit: 40, weight: 0.4, connectors: false, invented: false })
/** `three tips`, `facts about ferries`, `the contents of a.txt`: what a text shall be about, or where it is. */
const describes =
  /^(?:(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|several|many|few|more|all)\b|(?:the )?(?:whole |full )?(?:contents?|text|lines?|body|output|result)\b.*\b(?:of|from|in)\b|(?:\S+ )?\S+s (?:for|about|on|of|in)\b|(?:\S+ )?(?:list|summary|recipe|letter|story|poem|description|explanation|overview|translation|version|copy) (?:of|for|about|to)\b)/i

/** unquoted words for a file: not behind a mere `with`, and none that describe a text instead of being one. */
const literalText: Accept = (clause, at) => {
  const before = clause.tokens[at - 1]?.lower
  if (before === 'with') return []
  return literal(clause, at).filter((match) => !describes.test(String(match.value)))
}

/** `jot down "x" in a new file y`: that is for a file, and no note. */
function isForFile(clause: Clause, at: number): boolean {
  const rest = textBetween(clause, at, clause.tokens.length - 1)
  return (
    /\b(?:in|into|to|as) (?:a|an|the|my)? ?(?:new |text |existing )*(?:file|document|folder)\b/i.test(rest) ||
    (clause.tokens[at]?.kind === 'quoted' && /^(?:in|into|to|as|under)$/.test(clause.tokens[at + 1]?.lower ?? ''))
  )
}

const archiveEnding = /\.(zip|tar|tgz|tar\.gz|taz)$/i

/** a set without a noun for its kind means files, not folders. */
function withKind(value: FileSetReading): unknown {
  return { ...value, query: { kind: 'file', ...value.query } }
}

/** `computeTide`, `TODO`, `load_levels`, `x=3`: nothing that somebody would search in the world. */
const looksTechnical = (text: string) => /^[A-Z][A-Z0-9_]{2,}$|[a-z][A-Z]|[_=<>{}()[\]/$#@]|\d/.test(text)

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
  target: anyPath,
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
    (value) => !value.singular && (value.quantifier === 'all' || value.constraints > 0),
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
  /** a text to look for in quotes, or one that is no plain English word. */
  needle_strict: (clause, at) =>
    needle(clause, at).filter(
      (match) => clause.tokens[at]!.kind === 'quoted' || looksTechnical(textBetween(clause, at, match.to - 1)),
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
  topic: freeText({ limit: 16, weight: 0.5, connectors: true, invented: true }),
  /** the name of a git branch: one word, also with slashes, in quotes or not. */
  branch_name: (clause, at) => {
    const [match] = oneWord(clause, at)
    const name = match === undefined ? '' : String(match.value)
    return match !== undefined && /^[\w][\w./+-]*$/.test(name) && !/^(?:which|what|branch|branches|git)$/i.test(name)
      ? [match]
      : []
  },
  /** one word: the name of a process, variable, package or service. */
  word: oneWord,
  /** up to five words: a name, a person. */
  words: (clause, at) =>
    freeText({ limit: 5, weight: 0.5, connectors: false, invented: true })(clause, at).filter(
      (match) => !clause.tokens.slice(at, match.to).some((token) => structural.test(token.lower)),
    ),
  /** any words at all, for notes and reminders. */
  anything: (clause, at) =>
    /^(and|or|,)$/.test(clause.tokens[at]?.lower ?? '')
      ? []
      : freeText({ limit: 120, weight: 0.5, connectors: true, invented: true })(clause, at),
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
