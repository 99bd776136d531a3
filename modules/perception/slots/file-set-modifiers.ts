// what may stand behind `files`: where they lie, how they are named, how big and old they are, what is in them.
import type { FileQuery } from './file-sets.ts'
import { readKindOnly } from './file-sets.ts'
import { readPaths, readPathLists } from './paths.ts'
import { durationUnit, parseDuration, parseSize } from './quantities.ts'
import { skipArticles, take, takeAny } from './slot-parser.ts'
import type { Reading, SlotContext } from './slot-parser.ts'

export interface Modifier {
  readonly query: FileQuery
  readonly rootPronoun?: string
  readonly superlative?: boolean
  /** how much it narrows: 0 for words without meaning. */
  readonly counts: number
}

const linking = [
  'that be',
  'which be',
  'that have be',
  'which have be',
  'that',
  'which',
  'who',
  'be',
  'have be',
  'and',
  'and be',
  'and that be',
  'but',
  'and which be',
  'be all',
  ', and',
  'and have',
  'that have',
  'that get',
  'get',
  'and have be',
  'with',
  'i have',
]
const days = 86_400_000

/** modifiers that begin at `at`, behind words that only link them. */
export function readModifiers(context: SlotContext, at: number, query: FileQuery): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
  const starts = new Set([at])
  for (const word of linking) {
    const to = take(context, at, word)
    if (to !== undefined) starts.add(to)
  }
  if (context.tokens[at]?.text === ',') starts.add(at + 1)
  for (const start of starts) {
    found.push(
      ...readLocation(context, start),
      ...readName(context, start),
      ...readContent(context, start),
      ...readSize(context, start),
      ...readAge(context, start),
      ...readExcept(context, start),
      ...readOrder(context, start),
      ...readDepth(context, start),
      ...readState(context, start),
      ...(start === at ? [] : readKindBehind(context, start)),
    )
  }
  return found.filter((modifier) => !(modifier.value.query.root !== undefined && query.root !== undefined))
}

const reading = (to: number, query: FileQuery, counts = 1, confidence = 1): Reading<Modifier> => ({
  to,
  value: { query, counts },
  confidence,
})

function readLocation(context: SlotContext, at: number): Reading<Modifier>[] {
  const here = takeAny(context, at, [
    'here',
    'in here',
    'in this folder',
    'in this directory',
    'in the current folder',
    'in the current directory',
    'in current folder',
    'in current directory',
    'around here',
    'in this place',
    'of this folder',
    'of this directory',
    'of the current folder',
    'of the current directory',
    'inside this folder',
    'inside this directory',
    'under this folder',
    'under this directory',
    'from here',
    'in my folder',
    'in the working directory',
    'in the working folder',
    'in my current folder',
    'in my current directory',
    'from this folder',
    'from this directory',
    'below here',
    'under here',
    'in the folder i be in',
    'within this folder',
    'within this directory',
    'i have here',
    'there be here',
    'lie around',
    'at this location',
    'at this place',
    'in my directory',
    'in this dir',
    'in the current dir',
    'on hand',
    'do i have here',
    'anywhere here',
    'anywhere in here',
    'in this tree',
    'anywhere',
    'anywhere below',
    'anywhere in this folder',
    'do i have',
    'i have',
    'have i get',
    'be there',
    'there be',
    'be in this folder',
    'be here',
    'be there here',
    'be in here',
    'be there in this folder',
    'be there in here',
    'be there in this directory',
    'be in this directory',
    'do this folder have',
    'do this folder contain',
    'do this folder hold',
    'do this directory contain',
    'do this directory have',
    'exist',
    'exist here',
    'do i have in here',
    'do i have in this folder',
    'around',
    'in the whole folder',
    'in this whole folder',
    'sit here',
    'be lie here',
    'we have',
    'do we have',
    'do we have here',
    'i get',
  ])
  const found: Reading<Modifier>[] = here === undefined ? [] : [reading(here, {}, 0)]
  const after = takeAny(context, at, [
    'in',
    'inside',
    'inside of',
    'under',
    'within',
    'from',
    'of',
    'below',
    'beneath',
    'underneath',
    'be in',
    'be there in',
    'do i have in',
    'live in',
    'lie in',
    'locate in',
    'store in',
    'be inside',
    'be there inside',
    'i have in',
    'there be in',
    'anywhere in',
    'anywhere under',
    'be there under',
    'be under',
    'in all of',
    'have i get in',
    'anywhere inside',
    'sit in',
    'be store in',
    'be locate in',
    'keep in',
    'somewhere in',
    'somewhere under',
    'that live in',
    'across',
    'out of',
    'for',
    'on',
  ])
  if (after === undefined) return found
  for (const folder of readPaths(context, after)) {
    if (folder.value.kind === 'file') continue
    if (folder.value.certainty === 'bare' && !folder.value.noun) continue
    if (
      ['for', 'on', 'of'].includes(context.tokens[after - 1]!.lower) &&
      folder.value.certainty !== 'known' &&
      !folder.value.noun
    )
      continue
    if (folder.value.pronoun !== undefined) {
      if (['there', 'it', 'folder'].includes(folder.value.pronoun))
        found.push({
          to: folder.to,
          value: { query: {}, rootPronoun: folder.value.pronoun, counts: 0 },
          confidence: 0.8,
        })
      continue
    }
    found.push(reading(folder.to, { root: folder.value.path! }, 0, folder.confidence))
  }
  return found
}

/** a text to look for: quoted, path-like, or one to three plain words. */
function readText(context: SlotContext, at: number, longest: number): { to: number; text: string; quoted: boolean }[] {
  const start = takeAny(context, at, [
    'the word',
    'the text',
    'the string',
    'the phrase',
    'the term',
    'the name',
    'the expression',
    'the letter',
    'the character',
    'the pattern',
    'word',
    'text',
    'string',
    'phrase',
    'term',
    'the keyword',
    'keyword',
    'the identifier',
    'the sequence',
    'the words',
    'words',
    'a line say',
    'the line',
    'line with',
    'the symbol',
    'the suffix',
    'the prefix',
    'the letters',
  ])
  const texts: { to: number; text: string; quoted: boolean }[] = []
  for (const from of new Set([start ?? at, at])) {
    const token = context.tokens[from]
    if (token === undefined) continue
    if (token.kind === 'quoted') texts.push({ to: from + 1, text: token.value, quoted: true })
    else {
      for (let to = from; to < Math.min(context.tokens.length, from + longest); to += 1) {
        const next = context.tokens[to]!
        if (
          next.kind === 'quoted' ||
          (next.kind === 'mark' && !/^[=<>&|*+%$#@]+$/.test(next.text)) ||
          (next.kind === 'word' && notText.has(next.lower))
        )
          break
        texts.push({ to: to + 1, text: context.text.slice(token.at, next.end), quoted: false })
      }
    }
  }
  return texts
}

const notText: ReadonlySet<string> = new Set(
  'a an the in inside under of from to and or but with by as is are was were be that which who it them its their at on for anything something everything any all some this these those his her my your no not'.split(
    ' ',
  ),
)

function readName(context: SlotContext, at: number): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
  const forms: readonly (readonly [keyof FileQuery, readonly string[], readonly string[]])[] = [
    [
      'name_contains',
      [
        'whose name contain',
        'with name contain',
        'with a name contain',
        'whose name include',
        'whose name have',
        'whose filename contain',
        'whose file name contain',
        'with filename contain',
        'name contain',
        'with name that contain',
        'with a name that contain',
        'with name include',
        'that contain in their name',
        'have name contain',
        'with a name like',
        'with name like',
        'name like',
        'call something like',
        'that have in their name',
        'whose name mention',
        'whose title contain',
        'with a name include',
        'with name that include',
        'have a name contain',
        'whose name match',
        'name something like',
        'whose filename include',
      ],
      [],
    ],
    [
      'name_contains',
      [
        'with',
        'have',
        'contain',
        'that have',
        'include',
        'that contain',
        'which have',
        'which contain',
        'use',
        'get',
        'carry',
      ],
      [
        'in the name',
        'in their name',
        'in its name',
        'in name',
        'in the filename',
        'in the file name',
        'in their filename',
        'in their file name',
        'in filename',
        'somewhere in the name',
        'somewhere in their name',
        'in the title',
        'in their title',
        'as part of the name',
        'as part of their name',
        'anywhere in the name',
        'in them name',
        'in its filename',
        'in their names',
        'in the names',
        'in it name',
        'inside the name',
        'inside their name',
        'in its file name',
        'in file name',
        'in its title',
        'as part of its name',
      ],
    ],
    [
      'name_starts',
      [
        'whose name start with',
        'whose name begin with',
        'that start with',
        'that begin with',
        'start with',
        'begin with',
        'with name start with',
        'name start with',
        'with a name start with',
        'whose filename start with',
        'whose filename begin with',
        'with prefix',
        'with the prefix',
        'with name that start with',
        'which start with',
        'which begin with',
        'whose name have prefix',
        'prefix with',
        'with a name begin with',
        'with name begin with',
        'with a name that start with',
        'with a name that begin with',
      ],
      [],
    ],
    [
      'name_ends',
      [
        'whose name end with',
        'whose name end in',
        'that end with',
        'that end in',
        'end with',
        'end in',
        'with name end in',
        'with name end with',
        'name end with',
        'name end in',
        'which end in',
        'which end with',
        'whose filename end with',
        'whose filename end in',
        'with suffix',
        'with the suffix',
        'with a name end in',
        'with a name end with',
      ],
      [],
    ],
    [
      'name_equals',
      [
        'call',
        'name',
        'by name of',
        'by the name of',
        'with the name',
        'with name',
        'whose name be',
        'that be call',
        'which be call',
        'title',
        'that go by name of',
      ],
      [],
    ],
    [
      'glob',
      [
        'match',
        'that match',
        'match pattern',
        'match the pattern',
        'whose name match',
        'like',
        'fit',
        'fit the pattern',
        'which match',
        'with pattern',
      ],
      [],
    ],
  ]
  for (const [field, before, behind] of forms) {
    const start = takeAny(context, at, before)
    if (start === undefined) continue
    for (const text of readText(context, start, field === 'name_equals' ? 3 : 2)) {
      const to = behind.length === 0 ? text.to : takeAny(context, text.to, behind)
      if (to === undefined) continue
      if (field === 'glob' && !/[*?]/.test(text.text)) continue
      if (field === 'name_ends' && /^\.?[A-Za-z0-9]{1,8}$/.test(text.text) && text.text.startsWith('.'))
        found.push(reading(to, { extensions: [text.text.slice(1).toLowerCase()] }))
      else found.push(reading(to, { [field]: text.text }, 1, text.quoted ? 1 : 0.9))
    }
  }
  const extension = takeAny(context, at, [
    'with extension',
    'with the extension',
    'with file extension',
    'with the file extension',
    'have extension',
    'have the extension',
    'whose extension be',
    'of type',
    'with an extension of',
    'of the type',
    'with ending',
    'with the ending',
    'of format',
    'in format',
  ])
  const ending = context.tokens[extension ?? -1]
  if (extension !== undefined && ending)
    found.push(reading(extension + 1, { extensions: [ending.value.replace(/^[*]?\./, '').toLowerCase()] }))
  const without = takeAny(context, at, [
    'have no extension',
    'without extension',
    'without an extension',
    'without any extension',
    'with no extension',
    'lack an extension',
    'lack extension',
    'do not have an extension',
    'have no file extension',
    'without a file extension',
    'without file extension',
    'with no file extension',
    'do not have extension',
    'have not get an extension',
    'that have no extension',
  ])
  if (without !== undefined) found.push(reading(without, { no_extension: true }))
  return found
}

function readContent(context: SlotContext, at: number): Reading<Modifier>[] {
  const start = takeAny(context, at, [
    'contain',
    'that contain',
    'mention',
    'that mention',
    'include',
    'that include',
    'with',
    'have',
    'that have',
    'which contain',
    'which mention',
    'reference',
    'refer to',
    'use',
    'that use',
    'talk about',
    'that talk about',
    'say',
    'that say',
    'in which',
    'where',
    'do contain',
    'hold',
    'import',
    'that import',
    'define',
    'that define',
    'that reference',
    'that refer to',
    'whose content include',
    'whose content contain',
    'whose text contain',
    'call',
    'about',
    'speak of',
    'feature',
    'that hold',
    'actually contain',
    'with a line contain',
    'with line contain',
    'that have a line with',
  ])
  if (start === undefined) return []
  const verb = context.tokens[start - 1]!.lower
  const found: Reading<Modifier>[] = []
  for (const text of readText(context, start, 3)) {
    const behind = takeAny(context, text.to, [
      'in it',
      'in them',
      'inside',
      'inside them',
      'in their content',
      'in the content',
      'in the text',
      'in their text',
      'inside of them',
      'in there',
      'somewhere in them',
      'anywhere in them',
      'somewhere inside',
      'somewhere in it',
      'somewhere',
      'anywhere',
      'in their contents',
      'appear',
      'occur',
      'be mention',
      'be use',
      'be define',
      'show up',
      'be call',
    ])
    const weak = [
      'with',
      'have',
      'has',
      'having',
      'where',
      'which',
      'called',
      'about',
      'use',
      'uses',
      'using',
      'call',
      'calls',
    ].includes(verb)
    // "with x" may mean the name: only an explicit place or word says that it is the content.
    const explicit =
      /^(word|text|string|phrase|term|line)$/.test(context.tokens[start + 1]?.lower ?? '') ||
      /^(word|text|string|phrase|term)$/.test(context.tokens[start]?.lower ?? '')
    if (weak && behind === undefined && !explicit && !['use', 'uses', 'using', 'call', 'calls'].includes(verb)) continue
    if (verb === 'called' || verb === 'named') continue
    if (['where', 'which'].includes(verb) && behind === undefined) continue
    found.push(reading(behind ?? text.to, { contains: text.text, ignore_case: true }, 1, text.quoted ? 1 : 0.85))
  }
  return found
}

function readSize(context: SlotContext, at: number): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
  const tail = (to: number) =>
    takeAny(context, to, ['in size', 'of size', 'big', 'large', 'in total size', 'or so']) ?? to
  const larger = takeAny(context, at, [
    'larger than',
    'bigger than',
    'greater than',
    'more than',
    'over',
    'above',
    'exceed',
    'in excess of',
    'size over',
    'size above',
    'with size over',
    'heavier than',
    'of more than',
    'of over',
    'with more than',
    'that exceed',
    'that be over',
    'with a size over',
    'with a size above',
    'with a size of more than',
    'with size greater than',
    'with size larger than',
    'that take up more than',
    'take more than',
    'take up more than',
    'with a size greater than',
    'that take more than',
    'weigh more than',
    'with a size larger than',
    'size greater than',
    'in size over',
    'that weigh more than',
    'beyond',
    'upward of',
    'upwards of',
    'bigger then',
    'larger then',
    'use more than',
  ])
  const atLeast = takeAny(context, at, [
    'at least',
    'of at least',
    'no smaller than',
    'not smaller than',
    'minimum',
    'with at least',
    'of minimum',
    'from',
  ])
  const smaller = takeAny(context, at, [
    'smaller than',
    'less than',
    'under',
    'below',
    'lighter than',
    'of less than',
    'size under',
    'with size under',
    'that be under',
    'fewer than',
    'with a size under',
    'with a size below',
    'of under',
    'with less than',
    'with size smaller than',
    'with a size of less than',
    'with a size less than',
    'take less than',
    'beneath',
    'smaller then',
    'not over',
    'weigh less than',
  ])
  const atMost = takeAny(context, at, [
    'at most',
    'of at most',
    'no larger than',
    'no bigger than',
    'up to',
    'not larger than',
    'not bigger than',
    'not exceed',
    'maximum',
    'no more than',
    'of up to',
    'not more than',
  ])
  const bounded = (start: number | undefined, make: (bytes: number) => FileQuery) => {
    if (start === undefined) return
    const size = parseSize(context, start)
    if (size) found.push(reading(tail(size.to), make(size.value)))
  }
  bounded(larger, (bytes) => ({ larger_than: bytes }))
  bounded(atLeast, (bytes) => ({ larger_than: bytes - 1 }))
  bounded(smaller, (bytes) => ({ smaller_than: bytes }))
  bounded(atMost, (bytes) => ({ smaller_than: bytes + 1 }))
  const between = takeAny(context, at, [
    'between',
    'size between',
    'with size between',
    'with a size between',
    'from',
    'range from',
  ])
  const low = between === undefined ? undefined : (parseSize(context, between) ?? numberBeforeUnit(context, between))
  const high = low && takeAny(context, low.to, ['and', 'to'])
  if (low && high !== undefined) {
    const upper = parseSize(context, high)
    if (upper)
      found.push(
        reading(tail(upper.to), {
          larger_than: ('unitless' in low ? scaleLike(context, low.value, upper.to) : low.value) - 1,
          smaller_than: upper.value + 1,
        }),
      )
  }
  const exact = parseSize(context, at)
  if (exact) {
    const more = takeAny(context, exact.to, [
      'or more',
      'or larger',
      'or bigger',
      'and up',
      'and more',
      'and larger',
      'and bigger',
      'and above',
      'or above',
      'or over',
      'and over',
      'plus',
    ])
    const less = takeAny(context, exact.to, [
      'or less',
      'or smaller',
      'and below',
      'or below',
      'and smaller',
      'or under',
      'and under',
    ])
    if (more !== undefined) found.push(reading(more, { larger_than: exact.value - 1 }))
    if (less !== undefined) found.push(reading(less, { smaller_than: exact.value + 1 }))
  }
  return found
}

/** `between 2 and 5 MB`: the first number borrows the unit of the second. */
function numberBeforeUnit(context: SlotContext, at: number): { to: number; value: number; unitless: true } | undefined {
  const token = context.tokens[at]
  return token?.kind === 'number' ? { to: at + 1, value: Number(token.value), unitless: true } : undefined
}

function scaleLike(context: SlotContext, value: number, unitEnd: number): number {
  const one = parseSize(
    {
      ...context,
      tokens: [{ ...context.tokens[unitEnd - 2]!, kind: 'number', value: '1' }, context.tokens[unitEnd - 1]!],
    },
    0,
  )
  return value * (one?.value ?? 1)
}

const changed = [
  'modify',
  'change',
  'edit',
  'update',
  'touch',
  'alter',
  'write',
  'save',
  'create',
  'make',
  'add',
  'last modify',
  'last change',
  'last edit',
  'last update',
  'last touch',
  'be modify',
  'be change',
  'be edit',
  'be update',
  'be touch',
  'be create',
  'get change',
  'get modify',
  'get update',
  'get edit',
  'have be modify',
  'have be change',
  'have be edit',
  'have be update',
  'be last modify',
  'be last change',
  'have change',
  'have modify',
  'i change',
  'i edit',
  'i modify',
  'i have change',
  'i have edit',
  'i have modify',
  'do i change',
  'do i edit',
  'do i modify',
  'have i change',
  'have i edit',
  'i touch',
  'i update',
  'have be touch',
  'work on',
  'i work on',
  'i save',
  'i create',
  'do i touch',
  'date',
  'stem',
  'come',
  'do i create',
  'do i make',
  'be add',
  'be make',
  'be work on',
  'be save',
  'be write',
  'i write',
]

function readAge(context: SlotContext, at: number): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
  const verb = takeAny(context, at, changed)
  for (const start of verb === undefined ? [at] : [verb, at]) {
    const has = start === verb
    const within = takeAny(context, start, [
      'in the last',
      'in the past',
      'in last',
      'in past',
      'within the last',
      'within the past',
      'during the last',
      'during the past',
      'over the last',
      'over the past',
      'from the last',
      'from the past',
      'within',
      'from last',
      'of the last',
      'of the past',
      'for the last',
      'in these last',
      'these last',
      'in this last',
      'in the previous',
      'the last',
      'the past',
      'throughout the last',
      'not more than',
      'at most',
      'less than',
      'no more than',
      'since the last',
      'under',
      'last',
      'past',
    ])
    if (within !== undefined) {
      const duration = parseDuration(context, within) ?? bareUnit(context, within)
      if (duration) {
        const ago = takeAny(context, duration.to, ['ago', 'back'])
        const old = take(context, duration.to, 'old')
        const word = context.tokens[start]!.lower
        const needsOld = ['less', 'not', 'at', 'no', 'under'].includes(word)
        if (!needsOld || ago !== undefined || old !== undefined)
          found.push(
            reading(ago ?? old ?? duration.to, { modified_within_ms: duration.value }, 1, has || needsOld ? 1 : 0.9),
          )
      }
    }
    found.push(...readCalendar(context, start, has))
    const before = takeAny(context, start, [
      'more than',
      'over',
      'at least',
      'earlier than',
      'longer than',
      'before',
      'longest than',
    ])
    if (before !== undefined) {
      const duration = parseDuration(context, before)
      const ago =
        duration && takeAny(context, duration.to, ['ago', 'back', 'old', 'ago or more', 'in the past', 'of age'])
      if (duration && ago !== undefined) found.push(reading(ago, { older_than_ms: duration.value }))
    }
  }
  const younger = takeAny(context, at, [
    'newer than',
    'younger than',
    'more recent than',
    'not older than',
    'no older than',
    'fresher than',
    'at most',
    'later than',
    'newer then',
    'younger then',
  ])
  if (younger !== undefined) {
    const duration = parseDuration(context, younger)
    const old = duration && takeAny(context, duration.to, ['old', 'of age'])
    if (duration && (context.tokens[at]!.lower !== 'at' || old !== undefined))
      found.push(reading(old ?? duration.to, { modified_within_ms: duration.value }))
  }
  const older = takeAny(context, at, [
    'older than',
    'not newer than',
    'past',
    'older then',
    'age over',
    'not younger than',
  ])
  if (older !== undefined) {
    const duration = parseDuration(context, older)
    if (duration && context.tokens[at]!.lower !== 'past')
      found.push(reading(take(context, duration.to, 'old') ?? duration.to, { older_than_ms: duration.value }))
  }
  const untouched = takeAny(context, at, [
    'not modify for',
    'not change for',
    'not touch for',
    'not edit for',
    'not update for',
    'not be modify for',
    'not be change for',
    'not be touch for',
    'not be edit for',
    'not be update for',
    'not be modify in',
    'not be change in',
    'not be touch in',
    'not be edit in',
    'not be update in',
    'not modify in',
    'not change in',
    'not touch in',
    'not edit in',
    'not update in',
    'have not be modify in',
    'have not be modify for',
    'have not be touch in',
    'have not be touch for',
    'have not be change in',
    'have not be change for',
    'have not be edit in',
    'have not be edit for',
    'have not change in',
    'have not change for',
    'have not be update for',
    'have not be update in',
    'untouch for',
    'untouch in',
    'unchanged for',
    'unchanged in',
    'unmodified for',
    'unmodified in',
    'i have not touch in',
    'i have not touch for',
    'i have not change in',
    'i have not change for',
    'i have not edit in',
    'i have not edit for',
    'untouched for',
    'untouched in',
    'nobody have touch for',
    'nobody have touch in',
    'i have not open for',
    'no one have touch for',
    'not be modify within',
    'i do not touch for',
    'i do not touch in',
    'have not see a change in',
    'have not see a change for',
  ])
  if (untouched !== undefined) {
    const inner =
      takeAny(context, untouched, [
        'the last',
        'the past',
        'last',
        'past',
        'at least',
        'more than',
        'over',
        'longer than',
      ]) ?? untouched
    const duration = parseDuration(context, inner) ?? bareUnit(context, inner)
    if (duration)
      found.push(
        reading(takeAny(context, duration.to, ['or more', 'or longer', 'now']) ?? duration.to, {
          older_than_ms: duration.value,
        }),
      )
  }
  const exact = parseDuration(context, at)
  if (exact) {
    const orOlder = takeAny(context, exact.to, [
      'old or older',
      'old or more',
      'or older',
      'and older',
      'old and more',
      'or more old',
      'or more',
    ])
    if (orOlder !== undefined && context.tokens[orOlder - 1]!.lower === 'older')
      found.push(reading(orOlder, { older_than_ms: exact.value }))
    else if (orOlder !== undefined && take(context, exact.to, 'old or more') !== undefined)
      found.push(reading(orOlder, { older_than_ms: exact.value }))
  }
  found.push(...readAgeRange(context, at))
  return found
}

function bareUnit(context: SlotContext, at: number): { to: number; value: number } | undefined {
  const value = durationUnit(context.tokens[at]?.lemma ?? '')
  return value === undefined ? undefined : { to: at + 1, value }
}

function readAgeRange(context: SlotContext, at: number): Reading<Modifier>[] {
  const between = takeAny(context, at, ['between', 'from', 'age between', 'modify between', 'change between'])
  if (between === undefined) return []
  const low =
    parseDuration(context, between) ??
    (context.tokens[between]?.kind === 'number'
      ? { to: between + 1, value: Number(context.tokens[between]!.value), unitless: true }
      : undefined)
  const and = low && takeAny(context, low.to, ['and', 'to'])
  const high = and === undefined ? undefined : parseDuration(context, and)
  const old = high && takeAny(context, high.to, ['old', 'ago', 'of age'])
  if (!low || !high || old === undefined) return []
  const unit = durationUnit(context.tokens[high.to - 1]!.lemma) ?? days
  return [
    reading(old, { older_than_ms: 'unitless' in low ? low.value * unit : low.value, modified_within_ms: high.value }),
  ]
}

/** `today`, `yesterday`, `this week`, `since monday`: calendar words in the client's time zone. */
function readCalendar(context: SlotContext, at: number, hasVerb: boolean): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
  const midnight = startOfDay(context.nowMs, context.timeZone)
  const forms: readonly (readonly [readonly string[], FileQuery])[] = [
    [
      [
        'today',
        'from today',
        'of today',
        'since this morning',
        'since midnight',
        'earlier today',
        'on this day',
        'since today',
      ],
      { modified_after: midnight },
    ],
    [['yesterday', 'from yesterday'], { modified_after: midnight - days, modified_before: midnight }],
    [['since yesterday'], { modified_after: midnight - days }],
    [
      ['this week', 'from this week', 'during this week', 'in this week', 'since monday'],
      { modified_after: midnight - ((weekday(context.nowMs, context.timeZone) + 6) % 7) * days },
    ],
    [
      ['this month', 'from this month', 'during this month', 'in this month'],
      { modified_after: startOfMonth(context.nowMs, context.timeZone) },
    ],
    [
      ['this year', 'from this year', 'during this year'],
      { modified_after: startOfYear(context.nowMs, context.timeZone) },
    ],
    [['since last week'], { modified_within_ms: 7 * days }],
    [['recently', 'lately'], { modified_within_ms: 7 * days }],
  ]
  for (const [phrases, query] of forms) {
    const to = takeAny(context, at, phrases)
    if (to === undefined) continue
    const from = /^(from|of|since|this|during|in)$/.test(context.tokens[at]!.lower)
    if (hasVerb || from || phrases[0] === 'today') found.push(reading(to, query, 1, hasVerb ? 1 : 0.85))
  }
  return found
}

function localParts(ms: number, timeZone: string): Record<string, number> {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(ms)
  return Object.fromEntries(
    parts.filter((part) => part.type !== 'literal').map((part) => [part.type, Number(part.value)]),
  )
}

/** the last local midnight before this instant. */
export function startOfDay(ms: number, timeZone: string): number {
  const parts = localParts(ms, timeZone)
  return ms - (ms % 1000) - ((parts['hour']! * 60 + parts['minute']!) * 60 + parts['second']!) * 1000
}

function weekday(ms: number, timeZone: string): number {
  return ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(
    new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short' }).format(ms),
  )
}

function startOfMonth(ms: number, timeZone: string): number {
  return startOfDay(ms, timeZone) - (localParts(ms, timeZone)['day']! - 1) * days
}

function startOfYear(ms: number, timeZone: string): number {
  const year = localParts(ms, timeZone)['year']!
  return Date.UTC(year, 0, 1) - (Date.UTC(year, 0, 1) - startOfDay(Date.UTC(year, 0, 1, 12), timeZone))
}

function readExcept(context: SlotContext, at: number): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
  const start = takeAny(context, at, [
    'except',
    'except for',
    'but not',
    'other than',
    'exclude',
    'apart from',
    'besides',
    'without',
    'aside from',
    'but leave',
    'but keep',
    'save for',
    'not include',
    'not',
    'that be not',
    'be not',
    'with the exception of',
    'leave out',
    'minus',
    'bar',
    'but',
    'apart of',
    'all but',
    'not count',
  ])
  if (start === undefined) return found
  const strong =
    !['without', 'not', 'but', 'minus', 'bar'].includes(context.tokens[start - 1]!.lower) ||
    context.tokens[start - 1]!.lower === 'not'
  const from = skipArticles(context, start)
  for (const list of readPathLists(context, from, false)) {
    found.push(reading(list.to, { except: { names: list.value.map((item) => item.path!).filter(Boolean) } }))
  }
  for (const path of readPaths(context, from)) {
    if (path.value.path !== undefined && path.value.certainty !== 'bare' && path.value.certainty !== 'pronoun')
      found.push(reading(path.to, { except: { names: [path.value.path] } }))
  }
  const kind = readKindOnly(context, from)
  if (kind && strong) found.push(reading(kind.to, { except: { extensions: [...kind.extensions] } }))
  return found
}

function readOrder(context: SlotContext, at: number): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
  const sorted = takeAny(context, at, [
    'sort by',
    'order by',
    'by',
    'in order of',
    'arrange by',
    'rank by',
    'sort on',
    'sort according to',
    'sort in order of',
  ])
  if (sorted !== undefined) {
    const keys: readonly (readonly [readonly string[], FileQuery['sort'], FileQuery['order']])[] = [
      [['size', 'file size'], 'size', 'descending'],
      [
        [
          'date',
          'modification date',
          'modification time',
          'age',
          'last modify',
          'last change',
          'time',
          'date modify',
          'time of change',
          'date of change',
          'last modification',
        ],
        'modified',
        'descending',
      ],
      [['name', 'file name', 'filename', 'alphabet'], 'name', 'ascending'],
    ]
    for (const [words, sort, order] of keys) {
      const to = takeAny(context, skipArticles(context, sorted), words)
      if (to !== undefined) found.push(reading(to, { sort: sort!, order: order! }, 0))
    }
  }
  const orders: readonly (readonly [readonly string[], FileQuery])[] = [
    [
      [
        'biggest first',
        'largest first',
        'from largest to smallest',
        'from biggest to smallest',
        'largest to smallest',
        'biggest to smallest',
        'from large to small',
        'from big to small',
        'with the biggest first',
        'with the largest first',
        'large to small',
        'big to small',
        'with biggest on top',
        'with the biggest on top',
        'with the largest on top',
        'heaviest first',
        'in descending order of size',
        'start with the biggest',
        'start with the largest',
      ],
      { sort: 'size', order: 'descending' },
    ],
    [
      [
        'smallest first',
        'from smallest to largest',
        'from smallest to biggest',
        'smallest to largest',
        'smallest to biggest',
        'from small to large',
        'with the smallest first',
        'from small to big',
        'in ascending order of size',
        'start with the smallest',
      ],
      { sort: 'size', order: 'ascending' },
    ],
    [
      [
        'newest first',
        'most recent first',
        'latest first',
        'from newest to oldest',
        'newest to oldest',
        'with the newest first',
        'from new to old',
        'recent first',
        'most recently change first',
        'most recently modify first',
      ],
      { sort: 'modified', order: 'descending' },
    ],
    [
      [
        'oldest first',
        'from oldest to newest',
        'oldest to newest',
        'with the oldest first',
        'from old to new',
        'in chronological order',
        'chronologically',
      ],
      { sort: 'modified', order: 'ascending' },
    ],
    [['alphabetically', 'in alphabetical order', 'a to z', 'from a to z'], { sort: 'name', order: 'ascending' }],
    [['in reverse alphabetical order', 'from z to a', 'z to a'], { sort: 'name', order: 'descending' }],
  ]
  for (const [phrases, query] of orders) {
    const to = takeAny(context, at, phrases)
    if (to !== undefined) found.push(reading(to, query, 0))
  }
  return found
}

function readDepth(context: SlotContext, at: number): Reading<Modifier>[] {
  const deep = takeAny(context, at, [
    'subfolder include',
    'include subfolder',
    'include all subfolder',
    'include the subfolder',
    'count subfolder',
    'recursively',
    'and subfolder',
    'and its subfolder',
    'and all subfolder',
    'and below',
    'with subfolder',
    'in all subfolder',
    'subdirectory include',
    'include subdirectory',
    'include all subdirectory',
    'and subdirectory',
    'and its subdirectory',
    'in total',
    'altogether',
    'all together',
    'overall',
    'include those in subfolder',
    'include everything below',
    'also in subfolder',
    'and everything below',
    'subfolder too',
    'include its subfolder',
    'in the whole tree',
    'count all subfolder',
    'and in its subfolder',
    'include one in subfolder',
    'with all subfolder',
    'and in subfolder',
    'at any depth',
    'at every level',
    'at all level',
    'in every subfolder',
    'counting subfolder',
    'in any subfolder',
    'and all its subfolder',
    'include nested folder',
    'include nested one',
    'and underneath',
    'in this folder and below',
    'include subfolders',
    'include the one in subfolder',
    'in all folder',
    'in every folder',
    'in all the folder',
    'and the folder below',
    'everywhere',
  ])
  const flat = takeAny(context, at, [
    'not in subfolder',
    'without subfolder',
    'not include subfolder',
    'directly in here',
    'directly here',
    'only at top level',
    'at top level',
    'at the top level',
    'no subfolder',
    'exclude subfolder',
    'not recursively',
    'directly in this folder',
    'on the top level',
    'only here',
    'only in this folder',
    'just in this folder',
    'just here',
    'not in the subfolder',
    'ignore subfolder',
    'not count subfolder',
    'but not in subfolder',
    'but not its subfolder',
    'leave out subfolder',
  ])
  return [
    ...(deep === undefined ? [] : [reading(deep, { recursive: true }, 0)]),
    ...(flat === undefined ? [] : [reading(flat, { recursive: false }, 0)]),
  ]
}

/** `files that are html`. */
function readKindBehind(context: SlotContext, at: number): Reading<Modifier>[] {
  const kind = readKindOnly(context, at)
  return kind && context.tokens[at - 1]!.lemma === 'be' ? [reading(kind.to, { extensions: [...kind.extensions] })] : []
}

function readState(context: SlotContext, at: number): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
  const forms: readonly (readonly [readonly string[], FileQuery])[] = [
    [
      [
        'empty',
        'be empty',
        'without content',
        'with nothing in them',
        'with no content',
        'with nothing inside',
        'of zero byte',
        'of size zero',
        'of size 0',
        'contain nothing',
        'with zero byte',
        'have no content',
        'zero byte long',
        'without any content',
        '0 byte long',
        'with zero length',
        'hold nothing',
        'of 0 byte',
        'with 0 byte',
      ],
      { empty: true },
    ],
    [
      [
        'executable',
        'be executable',
        'can be execute',
        'i can execute',
        'can be run',
        'i can run',
        'mark executable',
        'mark as executable',
        'set executable',
        'have the executable bit set',
        'have the executable bit',
        'with the executable bit set',
        'with execute permission',
      ],
      { executable: true },
    ],
    [['hidden', 'be hidden'], { hidden: true, name_starts: '.' }],
    [
      [
        'include hidden one',
        'include hidden file',
        'also hidden one',
        'hidden one include',
        'hidden file include',
        'even hidden one',
        'hidden one too',
        'and hidden one',
      ],
      { hidden: true },
    ],
  ]
  for (const [phrases, query] of forms) {
    const to = takeAny(context, at, phrases)
    if (to !== undefined) found.push(reading(to, query))
  }
  return found
}
