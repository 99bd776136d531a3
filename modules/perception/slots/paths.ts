// files and folders in words: `the photos folder`, `"tax papers"`, `letters/anna.txt`, `the report in drafts`, `it`.
import { dictionary } from '../language/dictionary.ts'
import { ways } from '../language/ways.ts'
import { readReferences } from './references.ts'
import { take, takeAny, skipArticles } from './slot-parser.ts'
import type { KnownName, Reading, SlotContext } from './slot-parser.ts'

export interface PathValue {
  /** relative, absolute or `~/…`; absent for a pronoun, which the context must resolve. */
  readonly path?: string
  readonly pronoun?: string
  readonly kind: 'file' | 'folder' | 'any'
  /** known: it is in the working folder; looks: quoted or path-like; bare: just a word. */
  readonly certainty: 'known' | 'looks' | 'bare' | 'pronoun'
  /** the person said `file` or `folder` beside the name. */
  readonly noun: boolean
  /** the name as it was said, where it differs in case from what is there: nothing that changes takes it for that. */
  readonly said?: string
  /** the folder it lies in was a pronoun (`values.csv from there`). */
  readonly insidePronoun?: string
}

const fileNouns = ways(`
  text file | file | document | doc | text document | spreadsheet | script | log file | log |
  image file | markdown file | csv file | image | photo | picture | video | list | archive | zip file |
  tarball | zip | zip archive | note | page | pdf file | pdf | song | tar archive`)
const folderNouns = ways(`
  folder | directory | dir | subfolder | subdirectory | sub folder | sub directory | repository | repo`)
const callers = ways(`
  call | name | by name of | with name | title | by the name of | with the name | of the name |
  that be call | which be call | that be name | label | entitle`)
const adjectives = new Set(ways(`whole | entire | existing | complete | full | exist | own | empty`))

/** words that are never a bare name. */
const stopWords: ReadonlySet<string> = new Set(
  'a an the and or but nor in into inside to from of on onto at by with within without under over for as is are be was were do does did have has had it its them they there here this that these those then than if when while who what which how why where i me my you your we our us all any every each some no not up out off so please containing contains contain saying says say named called titled name call put add delete remove move copy rename show between after before until during about also just only both either neither new current working present whole other another same following entire next last first own one ones folder folders directory directories dir subfolder subfolders file files document documents itself themselves himself place order back again system sub above parent outer below beneath outside keep leave except spare around anywhere somewhere anymore reverse reversed ascending descending alphabetical alphabetically numerically backwards should must ought shall anyone anybody someone somebody everyone everybody hierarchy tree structure temporary given specified desired appropriate'.split(
    ' ',
  ),
)

const pronouns = dictionary<string>({
  it: 'it',
  them: 'them',
  there: 'there',
  that: 'it',
  its: 'it',
  both: 'both',
  these: 'them',
  those: 'them',
  'that one': 'it',
})

interface NameIndex {
  readonly exact: ReadonlyMap<string, KnownName>
  /** by lower case; undefined where several entries differ in case only. */
  readonly similar: ReadonlyMap<string, KnownName | undefined>
  /** with the ways their names are written, by the first of their letters. */
  readonly byLetter: ReadonlyMap<string, readonly { readonly entry: KnownName; readonly written: readonly string[] }[]>
}

// a goal looks its folder up at every word, and a folder may have thousands of names
const indexed = new WeakMap<readonly KnownName[], NameIndex>()

function indexOf(names: readonly KnownName[]): NameIndex {
  const known = indexed.get(names)
  if (known !== undefined) return known
  const exact = new Map<string, KnownName>()
  const similar = new Map<string, KnownName | undefined>()
  const byLetter = new Map<string, { entry: KnownName; written: string[] }[]>()
  for (const entry of names) {
    const lower = entry.path.toLowerCase().normalize('NFC')
    if (!exact.has(entry.path)) exact.set(entry.path, entry)
    similar.set(lower, similar.has(lower) ? undefined : entry)
    const letter = lower.charAt(0)
    const list = byLetter.get(letter) ?? []
    byLetter.set(letter, list)
    list.push({ entry, written: entry.kind === 'folder' ? [lower, `${lower}/`] : [lower] })
  }
  const index = { exact, similar, byLetter }
  indexed.set(names, index)
  return index
}

/** the entries a piece of text names exactly, or in other case where that is unique. */
export function lookUp(names: readonly KnownName[], text: string): KnownName | undefined {
  const wanted = tidy(text)
  const { exact, similar } = indexOf(names)
  return exact.get(wanted) ?? similar.get(wanted.toLowerCase().normalize('NFC'))
}

const tidy = (path: string) => (path.length > 1 ? path.replace(/^\.\//, '').replace(/\/+$/, '') : path)

/** the path of an entry, with the name that was said where that is another one but for its case. */
function pathOf(entry: KnownName, text: string, isFirst: boolean): Pick<PathValue, 'path' | 'said'> {
  const said = tidy(text)
  const { path } = entry
  if (said === path || said.normalize('NFC') === path.normalize('NFC')) return { path }
  // a sentence begins with a capital letter
  if (isFirst && said.slice(1) === path.slice(1)) return { path }
  return { path, said }
}

const kindOfEntry = (entry: KnownName): PathValue['kind'] =>
  entry.kind === 'folder' ? 'folder' : entry.kind === 'file' ? 'file' : 'any'

/** a name at `at`: quoted, path-like, an entry of the working folder, or (when asked) bare words. */
export function readNames(
  context: SlotContext,
  at: number,
  options: { bare: 'none' | 'one' | 'run' },
): Reading<PathValue>[] {
  const token = context.tokens[at]
  if (token === undefined) return []
  const readings: Reading<PathValue>[] = []
  if (token.kind === 'quoted') {
    const entry = lookUp(context.names, token.value)
    const kind = entry
      ? kindOfEntry(entry)
      : token.value.endsWith('/')
        ? 'folder'
        : hasExtension(token.value)
          ? 'file'
          : 'any'
    if (token.value.trim() !== '')
      readings.push({
        to: at + 1,
        value: {
          ...(entry ? pathOf(entry, token.value, false) : { path: tidy(token.value) }),
          kind,
          certainty: entry ? 'known' : 'looks',
          noun: false,
        },
        confidence: entry ? 1 : hasExtension(token.value) ? 0.9 : 0.75,
      })
    return readings
  }
  for (const entry of entriesAt(context, at)) {
    readings.push({
      to: entry.to,
      value: {
        ...pathOf(entry, context.text.slice(token.at, context.tokens[entry.to - 1]!.end), token.at === 0),
        kind: kindOfEntry(entry),
        certainty: 'known',
        noun: false,
      },
      confidence: 1,
    })
  }
  if (token.kind === 'path' && !/[*?]/.test(token.text)) {
    const entry = lookUp(context.names, token.text)
    if (!entry && !readings.some((reading) => reading.to === at + 1)) {
      readings.push({
        to: at + 1,
        value: {
          path: tidy(token.text),
          kind: token.text.endsWith('/') ? 'folder' : hasExtension(token.text) ? 'file' : 'any',
          certainty: 'looks',
          noun: false,
        },
        confidence: 0.95,
      })
    } else if (entry && !readings.some((reading) => reading.to === at + 1)) {
      readings.push({
        to: at + 1,
        value: {
          ...pathOf(entry, token.text, token.at === 0),
          kind: kindOfEntry(entry),
          certainty: 'known',
          noun: false,
        },
        confidence: 1,
      })
    }
    // an unquoted name with spaces that is new: `Trip Plan.txt` read from its first word.
  }
  if (options.bare !== 'none') readings.push(...bareNames(context, at, options.bare === 'run' ? 5 : 1))
  return readings
}

/** entries of the working folder whose name stands in the text at this token; of several that differ in case, the one. */
function entriesAt(context: SlotContext, at: number): (KnownName & { to: number })[] {
  const found = entriesInAnyCase(context, at)
  const start = context.tokens[at]!.at
  return found.filter((entry) => {
    const alike = found.filter(({ to }) => to === entry.to)
    const said = tidy(context.text.slice(start, context.tokens[entry.to - 1]!.end))
    return alike.length === 1 || entry.path === said
  })
}

function entriesInAnyCase(context: SlotContext, at: number): (KnownName & { to: number })[] {
  const start = context.tokens[at]!.at
  const rest = context.text.slice(start).toLowerCase().normalize('NFC')
  const found: (KnownName & { to: number })[] = []
  for (const { entry, written } of indexOf(context.names).byLetter.get(rest.charAt(0)) ?? []) {
    for (const name of written) {
      if (!rest.startsWith(name)) continue
      const end = start + name.length
      const to = context.tokens.findIndex((token, index) => index >= at && token.end === end)
      if (to >= 0) found.push({ ...entry, to: to + 1 })
    }
  }
  return found
}

function bareNames(context: SlotContext, at: number, limit: number): Reading<PathValue>[] {
  const readings: Reading<PathValue>[] = []
  for (let to = at; to < Math.min(context.tokens.length, at + limit); to += 1) {
    const token = context.tokens[to]!
    if (token.kind === 'quoted' || token.kind === 'mark') break
    if (to === at && token.kind === 'path') continue
    if (token.kind === 'path' && (/[*?]/.test(token.text) || (to > at && !hasExtension(token.text)))) break
    if (token.kind === 'word' && stopWords.has(token.lower)) break
    const path = context.text.slice(context.tokens[at]!.at, token.end)
    readings.push({
      to: to + 1,
      value: {
        path,
        kind: hasExtension(path) ? 'file' : 'any',
        certainty: token.kind === 'path' ? 'looks' : 'bare',
        noun: false,
      },
      confidence: token.kind === 'path' ? 0.8 : 0.5 - 0.03 * (to - at),
    })
    if (token.kind === 'path') break
  }
  return readings
}

export const hasExtension = (name: string) => /[^/.\s][^/]*\.[A-Za-z0-9_~-]{1,12}$/u.test(name)

/** a file or folder phrase that begins at `at`; several readings, longer ones too. */
export function readPaths(
  context: SlotContext,
  at: number,
  options: { location?: boolean } = {},
): Reading<PathValue>[] {
  const readings = [...readPhrase(context, at), ...readPronoun(context, at), ...readReferences(context, at)]
  if (options.location === false) return readings
  const located: Reading<PathValue>[] = []
  for (const reading of readings) located.push(...withLocation(context, reading))
  return [...readings, ...located]
}

/** `… in the inbox folder` behind a plain name joins the two. */
function withLocation(context: SlotContext, reading: Reading<PathValue>): Reading<PathValue>[] {
  if (reading.value.path === undefined || reading.value.path.startsWith('/') || reading.value.path.startsWith('~'))
    return []
  const after = takeAny(
    context,
    reading.to,
    ways(`
    in | inside | inside of | under | from | within | of | that be in | which be in | from inside |
    out of | from within | from the inside of | that live in | locate in | that lie in | store in |
    lie in`),
  )
  if (after === undefined) return []
  const joined: Reading<PathValue>[] = []
  for (const folder of readPaths(context, after, { location: false })) {
    if (folder.value.pronoun === 'there')
      joined.push({
        to: folder.to,
        value: { ...reading.value, insidePronoun: 'there' },
        confidence: reading.confidence * 0.9,
      })
    if (folder.value.path === undefined || folder.value.kind === 'file') continue
    if (folder.value.certainty === 'bare' && !folder.value.noun) continue
    if (
      folder.value.certainty === 'looks' &&
      !folder.value.noun &&
      !folder.value.path.includes('/') &&
      !context.tokens.slice(after, folder.to).some((token) => token.kind === 'quoted')
    )
      continue
    const within = (one: PathValue, other: PathValue) =>
      other.path === '.' ? (one.said ?? one.path!) : `${other.said ?? other.path}/${one.said ?? one.path}`
    const path = folder.value.path === '.' ? reading.value.path : `${folder.value.path}/${reading.value.path}`
    const said = within(reading.value, folder.value)
    const entry = lookUp(context.names, path)
    const alone = lookUp(context.names, reading.value.path)
    // the name may only be joined when it does not itself stand elsewhere, or when the joined one is really there.
    if (reading.value.certainty === 'known' && alone && !entry && reading.value.path.includes('/')) continue
    joined.push({
      to: folder.to,
      value: {
        path: entry?.path ?? path,
        ...(said === (entry?.path ?? path) ? {} : { said }),
        kind: entry ? kindOfEntry(entry) : reading.value.kind,
        certainty: entry ? 'known' : reading.value.certainty === 'known' ? 'looks' : reading.value.certainty,
        noun: reading.value.noun,
      },
      confidence: reading.confidence * (entry ? 1 : 0.85),
    })
  }
  const here = takeAny(
    context,
    after,
    ways(`
    here | this folder | this directory | current folder | current directory | the current folder |
    the current directory | working folder | the working folder | working directory |
    the working directory | the folder i be in | this place`),
  )
  if (here !== undefined) joined.push({ ...reading, to: here })
  return joined
}

/** `my home folder`; an entry of that name comes first. */
function readHome(context: SlotContext, at: number): Reading<PathValue>[] {
  if (context.tokens[at]?.lower !== 'home' || lookUp(context.names, 'home')) return []
  const to = takeAny(context, at + 1, folderNouns)
  return to === undefined
    ? []
    : [{ to, value: { path: '~', kind: 'folder', certainty: 'looks', noun: true }, confidence: 1 }]
}

function readPhrase(context: SlotContext, at: number): Reading<PathValue>[] {
  let start = skipArticles(context, at)
  const home = readHome(context, start)
  if (home.length > 0) return home
  if (adjectives.has(context.tokens[start]?.lower ?? '') && context.tokens[start + 1]) start += 1
  const readings: Reading<PathValue>[] = []
  // `folder called photos`, `file report.txt`
  for (const [nouns, kind] of [
    [fileNouns, 'file'],
    [folderNouns, 'folder'],
  ] as const) {
    const afterNoun = takeAny(context, start, nouns)
    if (afterNoun === undefined) continue
    // `photos directory` is no photo that is called directory
    if (context.tokens[afterNoun - 1]!.lower.endsWith('s') && !context.tokens[afterNoun - 1]!.lemma.endsWith('s'))
      continue
    const afterColon = context.tokens[afterNoun]?.text === ':' ? afterNoun + 1 : afterNoun
    const afterCall = takeAny(context, afterNoun, callers)
    for (const name of readNames(context, afterCall ?? afterColon, { bare: afterCall === undefined ? 'one' : 'run' })) {
      // `the file letters` is not the folder of that name
      const entry = lookUp(context.names, name.value.path ?? '')
      if (entry && kindOfEntry(entry) !== 'any' && kindOfEntry(entry) !== kind) continue
      // `list tools` names no list: a bare word behind another noun than `file` is too little
      const isPlainNoun = kind === 'folder' || context.tokens[afterNoun - 1]!.lemma === 'file'
      if (name.value.certainty === 'bare' && afterCall === undefined && !isPlainNoun) continue
      // a bare word behind a bare noun is too little for a file, enough for a folder ("the folder backup").
      readings.push({
        ...name,
        value: { ...name.value, kind: agree(name.value, kind), noun: true },
        confidence: name.confidence * (name.value.certainty === 'bare' && afterCall === undefined ? 0.8 : 1),
      })
    }
  }
  // `photos folder`, `report.txt`, `the Makefile`
  for (const name of readNames(context, start, { bare: 'run' })) {
    for (const [nouns, kind] of [
      [fileNouns, 'file'],
      [folderNouns, 'folder'],
    ] as const) {
      const to = takeAny(context, name.to, nouns)
      if (to === undefined) continue
      // `.md files` and `python files` are sets, not the name of one.
      if (
        /(?:files|documents|docs|folders|directories|images|photos|pictures|scripts|logs)$/.test(
          context.tokens[to - 1]!.lower,
        )
      )
        continue
      if (name.value.certainty === 'bare' && kind === 'file' && !hasExtension(name.value.path ?? '')) continue
      readings.push({
        to,
        value: { ...name.value, kind: agree(name.value, kind), noun: true },
        confidence: Math.min(1, name.confidence + 0.2),
      })
    }
    if (name.value.certainty !== 'bare') readings.push(name)
  }
  return readings
}

const agree = (value: PathValue, noun: 'file' | 'folder'): PathValue['kind'] =>
  value.certainty === 'known' && value.kind !== 'any' ? value.kind : noun

function readPronoun(context: SlotContext, at: number): Reading<PathValue>[] {
  const token = context.tokens[at]
  if (token === undefined || token.kind === 'quoted') return []
  const readings: Reading<PathValue>[] = []
  const pronoun = pronouns[token.lower]
  if (pronoun)
    readings.push({
      to: at + 1,
      value: { pronoun, kind: pronoun === 'there' ? 'folder' : 'any', certainty: 'pronoun', noun: false },
      confidence: 0.8,
    })
  const start = skipArticles(context, at)
  if (start > at) {
    for (const [phrase, name, kind] of pronounPhrases) {
      const to = take(context, start, phrase)
      if (to !== undefined)
        readings.push({ to, value: { pronoun: name, kind, certainty: 'pronoun', noun: true }, confidence: 0.75 })
    }
  }
  return readings
}

const pronounPhrases: readonly (readonly [string, string, PathValue['kind']])[] = [
  ['file', 'file', 'file'],
  ['new file', 'file', 'file'],
  ['document', 'file', 'file'],
  ['folder', 'folder', 'folder'],
  ['new folder', 'folder', 'folder'],
  ['directory', 'folder', 'folder'],
  ['new directory', 'folder', 'folder'],
  ['archive', 'archive', 'file'],
  ['zip', 'archive', 'file'],
  ['zip file', 'archive', 'file'],
  ['tarball', 'archive', 'file'],
  ['copy', 'copy', 'any'],
  ['new copy', 'copy', 'any'],
  ['original', 'original', 'any'],
  ['original file', 'original', 'file'],
  ['original folder', 'original', 'folder'],
  ['result', 'it', 'any'],
  ['file itself', 'file', 'file'],
  ['new one', 'it', 'any'],
  ['old one', 'original', 'any'],
  ['former', 'original', 'any'],
  ['same folder', 'folder', 'folder'],
  ['same file', 'file', 'file'],
  ['new archive', 'archive', 'file'],
  ['source', 'original', 'any'],
  ['source folder', 'original', 'folder'],
  ['source file', 'original', 'file'],
  ['files', 'them', 'file'],
  ['duplicate', 'copy', 'any'],
  ['renamed file', 'it', 'file'],
]

/** `a.txt, b.txt and the notes folder`: at least two; a location behind the last holds for all. */
export function readPathLists(context: SlotContext, at: number, bare: boolean): Reading<PathValue[]>[] {
  const lists: Reading<PathValue[]>[] = []
  const extend = (items: PathValue[], from: number, confidence: number, depth: number): void => {
    const read = bare
      ? readNames(context, skipArticles(context, from), { bare: 'one' })
      : readPaths(context, from, { location: false }).filter((item) => item.value.certainty !== 'pronoun')
    for (const item of longestFirst(read)) {
      const next = [...items, item.value]
      const certainty = Math.min(confidence, item.confidence)
      if (next.length > 1) {
        lists.push({ to: item.to, value: next, confidence: certainty })
        for (const folder of readShared(context, item.to)) {
          lists.push({
            to: folder.to,
            value: next.map((one) => inFolder(one, folder)),
            confidence: certainty,
          })
        }
      }
      const separator = takeAny(
        context,
        item.to,
        ways(`, and | , and also | , | and | and also | as well as | plus | ;`),
      )
      if (separator !== undefined && depth < 12) extend(next, separator, certainty, depth + 1)
    }
  }
  extend([], at, 1, 0)
  return lists
}

/** one of several things in the folder that was named behind them. */
function inFolder(one: PathValue, folder: Pick<PathValue, 'path' | 'said'>): PathValue {
  const path = `${folder.path}/${one.path}`
  const said = `${folder.said ?? folder.path}/${one.said ?? one.path}`
  return { ...one, path, ...(said === path ? {} : { said }), certainty: 'looks' }
}

function readShared(context: SlotContext, at: number): (Pick<PathValue, 'path' | 'said'> & { readonly to: number })[] {
  const after = takeAny(context, at, ways(`in | inside | from | within | under | out of | of`))
  if (after === undefined) return []
  return readPaths(context, after, { location: false })
    .filter(
      (folder) =>
        folder.value.path !== undefined &&
        folder.value.kind !== 'file' &&
        (folder.value.certainty !== 'bare' || folder.value.noun),
    )
    .map(({ to, value: { path, said } }) => ({
      to,
      ...(path === undefined ? {} : { path }),
      ...(said === undefined ? {} : { said }),
    }))
}

function longestFirst<Value>(readings: readonly Reading<Value>[]): Reading<Value>[] {
  const best = new Map<number, Reading<Value>>()
  for (const reading of readings) {
    const known = best.get(reading.to)
    if (!known || known.confidence < reading.confidence) best.set(reading.to, reading)
  }
  return [...best.values()].sort((left, right) => right.to - left.to)
}
