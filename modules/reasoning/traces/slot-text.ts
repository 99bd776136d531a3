// free text in goals: what may be a text to look for, to write or to note when nobody put it in quotes.
import type { Clause } from '../../perception/contract.ts'
import { either, type Accept, type SlotMatch } from './slot-match.ts'

/** words that ask for something to be thought up: never a literal name or content. */
export const invented = new Set(
  'a an some any my your something anything what whatever everything nothing it them how why about appropriate suitable nice good random funny short brief better new more'.split(
    ' ',
  ),
)

const connectors = new Set(['then', 'afterwards', 'afterward'])
const functionWords = new Set(
  'been being having a an the of in on at to for from with by and or but not no be is are was were am do does did have has had i you he she it we they me him her us them my your his its our their this that these those there here what which who whom whose where when why how if then than as so such can could will would shall should may might must please any all some every each running up alive active still file files folder folders'.split(
    ' ',
  ),
)

/** free words from `at` on: at most `limit`, every length; stops at quotations and connectors unless told otherwise. */
export function freeText(options: { limit: number; weight: number; connectors: boolean; invented: boolean }): Accept {
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
      // `the` in `turn off the alarm` says nothing
      if (clause.tokens.slice(at, to + 1).every((word) => word.kind === 'word' && functionWords.has(word.lower)))
        continue
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
export const quotedText: Accept = (clause, at) => {
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

export const oneWord: Accept = (clause, at) => {
  const token = clause.tokens[at]
  if (token === undefined || token.kind === 'mark') return []
  if (token.kind === 'word' && functionWords.has(token.lower)) return []
  // `lampkeeper's process id` is that of lampkeeper
  const value = token.kind === 'word' ? token.text.replace(/(?<=.)['’]s$/, '') : token.text
  return [{ to: at + 1, value, weight: token.kind === 'quoted' ? 1 : 0.7 }]
}

/** words that hang a sentence together or stand for something: unquoted, they are no text to look for. */
export const structural =
  /^(?:files?|folders?|director(?:y|ies)|subfolders?|except|links?|symlinks?|excluding|but|not|than|those|these|other|others|neither|nor|nothing|anything|everything|something|contents?|longest|shortest|largest|smallest|newest|oldest|whose|without|lines?|rows?|twice|once|unless|if|only|columns?|occurrences?|from|second|third|fourth|fifth|last|first|next|previous|final|anyone|anybody|someone|everyone|nobody|anywhere|somewhere|everywhere|nowhere|which|who|that|contain(?:s|ing)?|both|either|every|all|and|or|case|ignoring|insensitive|middle|half|\d+(?:st|nd|rd|th)|random|common|shared|different|distinct|unique|duplicate|duplicated|repeated|matching|identical|even|odd|blank|empty|non-?(?:blank|empty)|(?:files?|folders?|director(?:y|ies))\/.+|\S*[*?]\S*)$/i

/** adjectives that choose one of several; nouns such as `forest` and `request` are none. */
const superlative =
  /^(?!(?:fo|inte|inter|ar|c|cr|w|n|v|t|r|p|gu|que|requ|qu|be|bu|pri|brea|mod|manif|dig|harv|prot|cont|inv|sugg|att|conqu|ch|z|bl|l|y|j|re|unr|ever|budap)est$).{3,}(?:iest|[a-z]est)$|^(?:most|least|best|worst)$/

/** a text to search for or replace: quoted, or up to four plain words. */
export const needle: Accept = either(
  (clause, at) => quotedText(clause, at).slice(0, 1),
  (clause, at) =>
    freeText({ limit: 4, weight: 0.55, connectors: false, invented: true })(clause, at).filter(
      (match) =>
        !functionWords.has(clause.tokens[at]!.lower) &&
        !clause.tokens.slice(at, match.to).some((token) => token.kind === 'word' && structural.test(token.lower)) &&
        !/^[,;:.!?]$/.test(clause.tokens[match.to - 1]!.text) &&
        // `the funniest line`: which one that is stands nowhere in it
        !superlative.test(clause.tokens[at]!.lower) &&
        // `search for a word` has not said which
        !/^(?:words?|texts?|strings?|phrases?|terms?|patterns?|numbers?|names?)$/i.test(String(match.value)) &&
        (clause.tokens[match.to - 1]?.kind !== 'word' || !functionWords.has(clause.tokens[match.to - 1]!.lower)),
    ),
)

const literal = freeText({ limit: 40, weight: 0.4, connectors: false, invented: false })
/** `three tips`, `facts about ferries`, `the contents of a.txt`: what a text shall be about, or where it is. */
const describes =
  /^(?:(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|several|many|few|more|all)\b|(?:the )?(?:\S+ ){0,3}(?:contents?|text|lines?|body|output|result)\b.*\b(?:of|from|in)\b|(?:\S+ )?\S+s (?:for|about|on|of|in)\b|.*\b(?:permissions?|bit|flag|mode|attributes?|rights?|owner|header|footer|line numbers?|numbering|timestamps?|prefix|suffix|extension|comments?|newline|(?:blank|empty) lines?|line breaks?|spaces|tabs?|columns?|rows?|contents?)$|(?:\S+ )?(?:list|summary|recipe|letter|story|poem|description|explanation|overview|translation|version|copy) (?:of|for|about|to)\b)/i

/** what the machine would have to look up: `today's date`, `the current time`, `my username`. */
const known =
  /^(?:(?:to|yester)day['’]?s?|tomorrow['’]?s|now|the|my|our|current|this (?:machine|computer|folder|month|year|week)['’]?s?)\b.*\b(?:date|time|day|weekday|month|year|timestamp|hostname|host ?name|user ?name|path|ip|address|uptime|version|count|size)$|^(?:today|now|date|timestamp|hostname|username)$/i

/** unquoted words for a file: not behind a mere `with`, and none that describe a text instead of being one. */
export const literalText: Accept = (clause, at) => {
  const before = clause.tokens[at - 1]?.lower
  if (before === 'with') return []
  // the name of a file alone is that file, and no text: `add a.txt to b.zip`.
  const names = clause.slots.filter(({ type, from, value }) => type === 'path' && from === at && isNamed(value))
  return literal(clause, at).filter(
    (match) =>
      !describes.test(String(match.value)) &&
      !known.test(String(match.value)) &&
      !names.some((slot) => slot.to === match.to),
  )
}

/** whether a reading of a path names it more surely than by a bare word. */
const isNamed = (value: unknown): boolean => (value as { certainty?: string }).certainty !== 'bare'

/** `jot down "x" in a new file y`: that is for a file, and no note. */
export function isForFile(clause: Clause, at: number): boolean {
  // `remember that` with nothing behind it is for nothing
  if (at >= clause.tokens.length) return false
  const rest = textBetween(clause, at, clause.tokens.length - 1)
  return (
    /\b(?:in|into|to|as) (?:a|an|the|my|this|that)? ?(?:new |text |existing )*(?:file|document|folder)\b/i.test(rest) ||
    (clause.tokens[at]?.kind === 'quoted' && /^(?:in|into|to|as|under)$/.test(clause.tokens[at + 1]?.lower ?? ''))
  )
}

/** `computeTide`, `TODO`, `load_levels`, `x=3`: nothing that somebody would search in the world. */
export const looksTechnical = (text: string) => /^[A-Z][A-Z0-9_]{2,}$|[a-z][A-Z]|[_=<>{}()[\]/$#@]|\d/.test(text)

/** a file mode in digits or letters; four digits would set more than rights. */
export const modeText: Accept = (clause, at) => {
  const token = clause.tokens[at]
  return token !== undefined && /^(?:0?[0-7]{3,4}|[ugoa]*[-+=][rwxX]+(?:,[ugoa]*[-+=][rwxX]+)*)$/.test(token.text)
    ? [{ to: at + 1, value: token.text, weight: 1 }]
    : []
}

/** an ending of names, with its dot or in quotes or one short word. */
export const extensionText: Accept = (clause, at) => {
  const token = clause.tokens[at]
  if (token === undefined || token.kind === 'mark') return []
  const match = /^(?:\*)?\.?([\p{L}\p{N}]{1,12})$/u.exec(token.text)
  return match && (token.text.startsWith('.') || !functionWords.has(token.lower))
    ? [{ to: at + 1, value: match[1], weight: 1 }]
    : []
}

/** what is in a file and is no field of it. */
const inFiles =
  /^(?:contents?|text|lines?|words?|characters?|letters?|end|start|beginning|bottom|top|rest|difference|differences|changes?|file|folder|first|last|all|everything|anything|nothing|something|same|most|more|each|every|errors?|duplicates?|that|this|it|there|wrong|inside|stored|written|keys?|fields?|names|values?|settings?|bigger|larger|smaller|newer|older|better|worse|best|worst)$/i
/** what files have whatever is in them; `the size of a.json` is no field. */
const ofFiles =
  /^(?:sizes?|length|age|owner|permissions?|modes?|type|kind|path|location|bytes|date|format|encoding|hash|checksum|count|copy|name|total|sum|average|version control|point|purpose|use|meaning|idea|reason|state|status|history)$/i

/** the name of a field: one word or a way such as server.port, or up to three plain words. */
export const fieldName: Accept = (clause, at) => {
  const matches: SlotMatch[] = []
  for (let to = at + 1; to <= Math.min(clause.tokens.length, at + 3); to += 1) {
    const tokens = clause.tokens.slice(at, to)
    if (tokens.some(({ kind, lower }) => kind === 'mark' || functionWords.has(lower) || inFiles.test(lower))) break
    // `the size of a.json` is that of the file, `the size in a.json` a field
    if (clause.tokens[to]?.lower === 'of' && tokens.some(({ lower }) => ofFiles.test(lower))) continue
    if (to > at + 1 && tokens.some(({ kind }) => kind === 'quoted' || kind === 'path')) break
    const text = tokens[0]!.kind === 'quoted' ? tokens[0]!.text : textBetween(clause, at, to - 1)
    matches.push({ to, value: text, weight: 0.8 })
  }
  return matches
}

/** words for what is written in lines, whatever the file is. */
const listNouns = /^(?:entries|items|elements|records|things|points|rows|ones)$/
/** what a line is not. */
const notLines =
  /^(?:lines|words|characters|letters|chars|symbols|bytes|sentences|paragraphs|pages|columns|chapters|sections|cells|files|folders|directories|commits|minutes|seconds|hours|days|times)$/

/** a plural for the lines of a file: one that lists always have, or the name of the file itself. */
export const listNoun: Accept = (clause, at) => {
  const token = clause.tokens[at]
  if (token === undefined || token.kind !== 'word' || notLines.test(token.lower)) return []
  const own = clause.slots.some(
    ({ type, from, value }) =>
      type === 'path' &&
      from > at &&
      ((value as { path?: string }).path ?? '')
        .split('/')
        .at(-1)!
        .replace(/\.[^.]*$/, '')
        .toLowerCase() === token.lower,
  )
  return listNouns.test(token.lower) || (own && token.lower.endsWith('s'))
    ? [{ to: at + 1, value: token.lower, weight: 1 }]
    : []
}
