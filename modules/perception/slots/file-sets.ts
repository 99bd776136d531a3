// sets of files in words: `all log files older than 30 days under archive except app.log`. a head, then modifiers in
// any order; every prefix is a reading, so whoever matches can demand that all words were understood.
import { ways } from '../language/ways.ts'
import { isAmbiguousKind } from './kinds.ts'
import { readKind } from './kind-words.ts'
import { readModifiers } from './file-set-modifiers.ts'
import { parseCount } from './quantities.ts'
import { lookUp } from './paths.ts'
import { skipArticles, takeAny } from './slot-parser.ts'
import type { Reading, SlotContext } from './slot-parser.ts'

/** what the operator's `files.find` takes as `query`; see docs/reference/actions.md. */
export interface FileQuery {
  root?: string
  recursive?: boolean
  kind?: 'file' | 'folder' | 'link' | 'any'
  extensions?: string[]
  name_equals?: string
  name_contains?: string
  name_starts?: string
  name_ends?: string
  glob?: string
  larger_than?: number
  smaller_than?: number
  modified_after?: number
  modified_before?: number
  modified_within_ms?: number
  older_than_ms?: number
  empty?: boolean
  executable?: boolean
  hidden?: boolean
  contains?: string
  ignore_case?: boolean
  whole_word?: boolean
  no_extension?: boolean
  newer_than_file?: string
  older_than_file?: string
  larger_than_file?: string
  smaller_than_file?: string
  also_contains?: string[]
  or_contains?: string[]
  except?: { names?: string[]; extensions?: string[]; contains?: string | string[] }
  sort?: 'name' | 'size' | 'modified'
  order?: 'ascending' | 'descending'
  limit?: number
  rank?: number
}

export interface FileSetValue {
  readonly query: FileQuery
  /** `all`, `every`, `any`: whether the person said so. */
  readonly quantifier?: 'all' | 'any'
  /** a superlative or a count asks for some entries of an order. */
  readonly superlative: boolean
  /** filters that were named; 0 means "the files". */
  readonly constraints: number
  /** the location is a pronoun that the context must resolve. */
  readonly rootPronoun?: string
  /** `anywhere in docs`, `below docs`: its depths were said to be meant. */
  readonly below?: boolean
  /** the place as it was said, where that differs from its name in case. */
  readonly rootSaid?: string
  /** `anything`, `what`: no noun was there. */
  readonly headless: boolean
  /** the noun was `folder`. */
  readonly folders: boolean
  /** the noun was in the singular: `the archive` is one thing that was spoken of, no set. */
  readonly singular: boolean
  /** the word for the kind is the name of a folder that is there. */
  readonly namesFolder?: boolean
  /** it is a pattern of a shell, such as `*.txt`. */
  readonly isPattern?: boolean
}

const heads = {
  file: ways(`file | document | doc | regular file | ordinary file | normal file`),
  folder: ways(`
    folder | directory | subfolder | subdirectory | dir | sub folder | sub directory | sub-folder |
    subdir`),
  any: ways(`item | entry | thing | stuff | content | file and folder | folder and file | object | path`),
  link: ['symlink', 'symbolic link', 'soft link', 'link'],
} as const

const anythingWords = ways(`anything | something | everything | what | whatever`)

interface State {
  readonly query: FileQuery
  readonly quantifier: 'all' | 'any' | undefined
  readonly superlative: boolean
  readonly constraints: number
  readonly rootPronoun: string | undefined
  readonly rootSaid?: string
  readonly below?: boolean
  readonly headless: boolean
  readonly folders: boolean
  readonly singular: boolean
  readonly namesFolder?: boolean
  readonly isPattern?: boolean
  readonly confidence: number
}

const superlatives: readonly (readonly [readonly string[], 'size' | 'modified', 'ascending' | 'descending'])[] = [
  [
    ways(`
      largest | biggest | heaviest | bulkiest | fattest | most sizeable | top | greatest | hugest`),
    'size',
    'descending',
  ],
  [['smallest', 'tiniest', 'littlest', 'lightest'], 'size', 'ascending'],
  [
    ways(`
      newest | latest | most recent | most recently change | most recently modify | most recently edit |
      most recently update | last change | last modify | freshest | most recently touch | last edit |
      youngest | most recently create`),
    'modified',
    'descending',
  ],
  [
    ways(`
      oldest | least recent | least recently change | least recently modify | most ancient |
      longest untouched | stalest | earliest`),
    'modified',
    'ascending',
  ],
]

/** readings of a set of files that begins at `at`. */
export function readFileSets(context: SlotContext, at: number): Reading<FileSetValue>[] {
  const found = new Map<number, Reading<FileSetValue>>()
  const seen = new Set<string>()
  const add = (to: number, state: State) => {
    const value: FileSetValue = {
      query: state.query,
      superlative: state.superlative,
      constraints: state.constraints,
      headless: state.headless,
      folders: state.folders,
      singular: state.singular,
      ...(state.namesFolder ? { namesFolder: true } : {}),
      ...(state.isPattern ? { isPattern: true } : {}),
      ...(state.quantifier === undefined ? {} : { quantifier: state.quantifier }),
      ...(state.rootPronoun === undefined ? {} : { rootPronoun: state.rootPronoun }),
      ...(state.below ? { below: true } : {}),
      ...(state.rootSaid === undefined ? {} : { rootSaid: state.rootSaid }),
    }
    const known = found.get(to)
    if (!known || known.confidence < state.confidence) found.set(to, { to, value, confidence: state.confidence })
  }
  const extend = (to: number, state: State, depth: number): void => {
    // bounded: a clause of 60 tokens has few modifiers, and one state a place is enough.
    const key = `${to}:${JSON.stringify(state.query)}:${state.rootPronoun ?? ''}`
    if (seen.has(key) || seen.size > 400 || depth > 8) return
    seen.add(key)
    if (!(state.headless && state.constraints === 0)) add(to, state)
    for (const modifier of readModifiers(context, to, state.query)) {
      extend(
        modifier.to,
        {
          ...state,
          query: merge(state.query, modifier.value.query),
          constraints:
            state.constraints +
            (modifier.value.query.root === undefined && modifier.value.rootPronoun === undefined
              ? modifier.value.counts
              : 0),
          rootPronoun: modifier.value.rootPronoun ?? state.rootPronoun,
          ...(modifier.value.below ? { below: true } : {}),
          ...(modifier.value.rootSaid === undefined ? {} : { rootSaid: modifier.value.rootSaid }),
          superlative: state.superlative || modifier.value.superlative === true,
          confidence: state.confidence * modifier.confidence,
        },
        depth + 1,
      )
    }
  }
  for (const head of readHeads(context, at)) extend(head.to, head.value, 0)
  return [...found.values()]
}

function merge(query: FileQuery, more: FileQuery): FileQuery {
  const except = query.except || more.except ? { ...query.except, ...more.except } : undefined
  // `except a.txt and except b.txt`: what was left out before stays left out.
  if (except && query.except?.names && more.except?.names) except.names = [...query.except.names, ...more.except.names]
  return { ...query, ...more, ...(except ? { except } : {}) }
}

/** quantifier, count, superlative, adjectives, kind and noun. */
function readHeads(context: SlotContext, at: number): Reading<State>[] {
  const readings: Reading<State>[] = []
  // `only the .tmp files` are these and no others
  const only = /^(?:only|just)$/.test(context.tokens[at]?.lower ?? '') ? at + 1 : at
  let index = skipArticles(context, only)
  let quantifier: State['quantifier']
  const all = takeAny(
    context,
    index,
    ways(`
    all of the | all of | all the | all my | all | every single | every | each and every | each |
    any and all | every last`),
  )
  const any = takeAny(context, index, ['any of the', 'any', 'some'])
  if (all !== undefined) {
    quantifier = 'all'
    index = skipArticles(context, all)
  } else if (any !== undefined) {
    quantifier = 'any'
    index = skipArticles(context, any)
  }
  const base: State = {
    query: {},
    quantifier,
    superlative: false,
    constraints: 0,
    rootPronoun: undefined,
    headless: false,
    folders: false,
    singular: false,
    confidence: 1,
  }
  readAdjectives(context, index, base, readings, 0)
  const headless = takeAny(context, at, anythingWords)
  if (headless !== undefined) {
    const everything = context.tokens[at]!.lower === 'everything' || context.tokens[at]!.lower === 'whatever'
    readings.push({
      to: headless,
      value: {
        ...base,
        query: everything ? { kind: 'any' } : {},
        quantifier: everything ? 'all' : 'any',
        headless: !everything,
      },
      confidence: 0.95,
    })
  }
  // "the files over 5 MB" without a noun: `which are bigger than …`, `those larger than …`.
  return readings
}

function readAdjectives(
  context: SlotContext,
  at: number,
  state: State,
  readings: Reading<State>[],
  depth: number,
): void {
  if (depth > 5) return
  const next = (to: number, query: FileQuery, options: { superlative?: boolean; counts?: number } = {}) =>
    readAdjectives(
      context,
      to,
      {
        ...state,
        query: merge(state.query, query),
        superlative: state.superlative || options.superlative === true,
        constraints: state.constraints + (options.counts ?? 1),
      },
      readings,
      depth + 1,
    )
  const count = parseCount(context, at)
  if (count && state.query.limit === undefined) next(count.to, { limit: count.value }, { counts: 0 })
  // `the second newest file`: one place of an order.
  const rank = ordinals.get(context.tokens[at]?.lower ?? '')
  if (rank !== undefined && !state.superlative && state.query.rank === undefined)
    readRanked(context, at + 1, next, rank)
  for (const [words, sort, order] of superlatives) {
    const to = takeAny(context, at, words)
    if (to === undefined || state.superlative) continue
    if (words.includes('top') && context.tokens[at]!.lower === 'top') {
      // "top 3 largest files": the superlative comes behind.
      const number = parseCount(context, to)
      if (number) next(number.to, { limit: number.value }, { counts: 0 })
      continue
    }
    const plural = { sort, order } as const
    next(to, state.query.limit === undefined ? { ...plural, limit: 0 } : plural, { superlative: true })
    const number = parseCount(context, to)
    if (number) next(number.to, { ...plural, limit: number.value }, { superlative: true })
  }
  const empty = takeAny(
    context,
    at,
    ways(`empty | zero-byte | zero byte | 0-byte | 0 byte | zero-length | zero length | blank`),
  )
  if (empty !== undefined) next(empty, { empty: true })
  const hidden = takeAny(context, at, ['hidden', 'invisible', 'dot'])
  if (hidden !== undefined) next(hidden, { hidden: true, name_starts: '.' })
  const executable = takeAny(context, at, ['executable', 'runnable'])
  if (executable !== undefined) {
    next(executable, { executable: true })
    if (/^executables$/.test(context.tokens[at]!.lower))
      readings.push({
        to: executable,
        value: { ...state, query: merge(state.query, { executable: true }), constraints: state.constraints + 1 },
        confidence: 0.95,
      })
  }
  const large = takeAny(context, at, ways(`single | individual | existing | different | other`))
  if (large !== undefined && context.tokens[at]!.lower !== 'different' && context.tokens[at]!.lower !== 'other')
    next(large, {}, { counts: 0 })
  readKinds(context, at, state, readings)
  readNouns(context, at, state, readings)
}

const ordinals: ReadonlyMap<string, number> = new Map(
  [
    ['second', '2nd', 'second-'],
    ['third', '3rd'],
    ['fourth', '4th'],
    ['fifth', '5th'],
    ['sixth', '6th'],
    ['seventh', '7th'],
    ['eighth', '8th'],
    ['ninth', '9th'],
    ['tenth', '10th'],
  ].flatMap((names, index) => names.map((name): [string, number] => [name, index + 2])),
)

/** only where a superlative follows: `the second file` alone has no order. */
function readRanked(
  context: SlotContext,
  at: number,
  next: (to: number, query: FileQuery, options: { superlative?: boolean }) => void,
  rank: number,
): void {
  for (const [words, sort, order] of superlatives) {
    const to = takeAny(context, at, words)
    if (to !== undefined) next(to, { sort, order, rank }, { superlative: true })
  }
}

function readNouns(context: SlotContext, at: number, state: State, readings: Reading<State>[]): void {
  for (const [kind, nouns] of Object.entries(heads)) {
    const to = takeAny(context, at, nouns)
    if (to === undefined) continue
    const singular =
      context.tokens[to - 1]!.lower === nouns[0] ||
      /^(file|folder|directory|document|item|subfolder|subdirectory|dir|doc|entry|thing)$/.test(
        context.tokens[to - 1]!.lower,
      )
    const query = finishLimit({ ...state.query, ...(kind === 'file' ? {} : { kind: kind as 'folder' }) }, singular)
    readings.push({
      to,
      value: {
        ...state,
        query,
        // a link is a kind by itself, as `.md` is.
        constraints: state.constraints + (kind === 'link' ? 1 : 0),
        folders: kind === 'folder',
        singular: isOne(state, singular),
      },
      confidence: state.confidence,
    })
  }
}

/** `the archive` is one; `every archive`, `any archive` and `the largest archive` are sets. */
const isOne = (state: State, singular: boolean) => singular && state.quantifier === undefined && !state.superlative

/** a superlative without a number means one when the noun is singular, ten when it is plural. */
function finishLimit(query: FileQuery, singular: boolean): FileQuery {
  return query.limit === 0 ? { ...query, limit: singular ? 1 : 10 } : query
}

/** `python files`, `.tmp files`, `mp3 or wav files`, `images`, `*.css`. */
function readKinds(context: SlotContext, at: number, state: State, readings: Reading<State>[]): void {
  const first = readKind(context, at).map((kind) =>
    state.quantifier === undefined
      ? kind
      : {
          ...kind,
          value: { ...kind.value, standsAlone: kind.value.standsAlone || !isAmbiguousKind(context.tokens[at]!.lemma) },
        },
  )
  for (const kind of first) {
    const finish = (to: number, extensions: readonly string[], needsNoun: boolean, counts: number) => {
      const merged: State = {
        ...state,
        query: { ...state.query, extensions: [...new Set([...(state.query.extensions ?? []), ...extensions])] },
        constraints: state.constraints + counts,
      }
      const noun = takeAny(
        context,
        to,
        ways(`
        file | document | doc | script | image | picture | photo | source file | video | page | source |
        ones | one | clip | track | archive | log file | movie | recording | song | code file | text file |
        film | spreadsheet | sheet | table | backup`),
      )
      if (noun !== undefined) {
        const plural = context.tokens[noun - 1]!.lower.endsWith('s')
        readings.push({
          to: noun,
          value: { ...merged, query: finishLimit(merged.query, !plural), singular: isOne(merged, !plural) },
          confidence: state.confidence,
        })
      }
      if (!needsNoun) {
        // `docs` and `photos` may be folders of that name as well as kinds of files
        const folder = lookUp(context.names, context.text.slice(context.tokens[at]!.at, context.tokens[to - 1]!.end))
        const plural = /s$|^(music|audio|footage)$/.test(context.tokens[to - 1]!.lower)
        readings.push({
          to,
          value: {
            ...merged,
            query: finishLimit(merged.query, !plural),
            singular: isOne(merged, !plural),
            namesFolder: folder?.kind === 'folder' && state.quantifier === undefined,
          },
          confidence: state.confidence * 0.95,
        })
      }
    }
    finish(kind.to, kind.value.extensions, !kind.value.standsAlone, 1)
    // `docs and photos` are the folders of these names
    const isFolder = (from: number, to: number) =>
      state.quantifier === undefined &&
      lookUp(context.names, context.text.slice(context.tokens[from]!.at, context.tokens[to - 1]!.end))?.kind ===
        'folder'
    const or = takeAny(context, kind.to, ways(`or | and | , | and/or | , or | , and | and all | plus | and also`))
    if (or === undefined) continue
    for (const second of readKind(context, or)) {
      const named = isFolder(at, kind.to) || isFolder(or, second.to)
      finish(
        second.to,
        [...kind.value.extensions, ...second.value.extensions],
        named ||
          (!(kind.value.standsAlone && second.value.standsAlone) && !second.value.standsAlone && !kind.value.loose),
        1,
      )
    }
  }
  const token = context.tokens[at]
  if (token?.kind === 'path' && /^\*\.[\w.-]+$/.test(token.text)) {
    const extension = token.text.slice(2)
    const query = { ...state.query, extensions: [extension.toLowerCase()] }
    const noun = takeAny(context, at + 1, ['file'])
    const value = { ...state, query, isPattern: true, constraints: state.constraints + 1 }
    readings.push({ to: noun ?? at + 1, value, confidence: 1 })
  } else if (token?.kind === 'path' && /[*?]/.test(token.text)) {
    // `docs/*.txt`: the place, then the pattern; a pattern in the place is nothing that we know
    const cut = token.text.lastIndexOf('/')
    const root = cut > 0 ? token.text.slice(0, cut) : undefined
    if (root !== undefined && /[*?]/.test(root)) return
    const query = { ...state.query, ...(root === undefined ? {} : { root }), glob: token.text.slice(cut + 1) }
    readings.push({
      to: at + 1,
      value: { ...state, query, isPattern: true, constraints: state.constraints + 1 },
      confidence: 1,
    })
  }
}
