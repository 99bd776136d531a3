// what must be so for a goal to be done: `if report.txt exists, delete it`, `… unless it is empty`, `… only if x is over 1 MB`.
import type { Proviso } from '../contract.ts'
import { put, rule, wholeOf } from './rule.ts'
import type { Rule, Said } from './rule.ts'

type State = Proviso['is']

const opposite: Readonly<Record<State, State | undefined>> = {
  there: 'not_there',
  not_there: 'there',
  empty: 'not_empty',
  not_empty: 'empty',
  // what is not larger is smaller or just as large: that is nothing to be said here
  larger: undefined,
  smaller: undefined,
  older: undefined,
  newer: undefined,
}

const named = '(?:the |a |my )?(?:file |folder |directory )?(?:⟦\\d+⟧|[\\p{L}\\p{N}_-]+)(?: folder| directory| file)?'
const what = `(?<what>it|${named})`
const not = "(?:(?:is|are) not|isn['’]t|is no longer)"

/** the shapes of facts about a file or folder, and what each says. */
const shapes: readonly (readonly [string, State])[] = [
  [`${what} (?:already |still |really )?exists?(?: already| still| here)?`, 'there'],
  [
    `there(?: is|['’]s) (?:already |still )?(?:a |an )?(?:file |folder |directory )?(?:called |named )?${what}(?: here)?`,
    'there',
  ],
  [`${what} is (?:already |still )?(?:there|here|present)`, 'there'],
  [
    `${what} (?:does not|doesn['’]t|doesnt|does no longer) (?:already |yet )?exist(?: yet| here| already)?`,
    'not_there',
  ],
  [
    `there(?: is|['’]s) (?:no|not an?|not yet an?) (?:file |folder |directory )?(?:called |named )?${what}(?: here| yet)?`,
    'not_there',
  ],
  [`(?:${what} ${not} (?:there|here|present)(?: yet)?|(?<gone>${named}) is missing)`, 'not_there'],
  [`${what} is (?:really |completely |still )?empty`, 'empty'],
  [`${what} (?:${not} empty|has (?:something|anything|content|text) in it)`, 'not_empty'],
  [`${what} is (?:larger|bigger|greater|more|heavier) than (?<than>[^,]+)`, 'larger'],
  [`${what} is (?:over|above) (?<than>[^,]+)`, 'larger'],
  [`${what} is (?:smaller|less|lighter) than (?<than>[^,]+)`, 'smaller'],
  [`${what} is (?:under|below) (?<than>[^,]+)`, 'smaller'],
  [`${what} is older than (?<than>[^,]+)`, 'older'],
  [`${what} is (?:newer|younger) than (?<than>[^,]+)`, 'newer'],
]
const facts = shapes.map(([source, state]) => [new RegExp(wholeOf(source), 'i'), state] as const)

interface Fact {
  readonly what: string
  readonly is: State
  readonly than?: string
}

/** a plain fact about one file or folder; undefined for everything else, such as two facts or an opinion. */
function factOf(said: string, isNegated: boolean): Fact | undefined {
  for (const [pattern, state] of facts) {
    const groups = pattern.exec(said.trim())?.groups
    if (groups === undefined) continue
    const is = isNegated ? opposite[state] : state
    const subject = groups['what'] ?? groups['gone']
    if (is === undefined || subject === undefined) return undefined
    return { what: subject, is, ...(groups['than'] === undefined ? {} : { than: groups['than'] }) }
  }
  return undefined
}

const marksIn = (text: string): readonly string[] => text.match(/⟦\d+⟧/g) ?? []
/** what else would be done is a second goal with a condition of its own. */
const isOneThing = (text: string): boolean => !/\b(?:otherwise|else|then|if|unless|and|but|or)\b/i.test(text)

const bare = (name: string): string =>
  name
    .replace(/^(?:the|a|my) /i, '')
    .replace(/^(?:file|folder|directory) /i, '')
    .replace(/ (?:folder|directory|file)$/i, '')

const conditional = (text: string, { what: name, is, than }: Fact): Said => ({
  text,
  provided: [{ path: bare(name), is, ...(than === undefined ? {} : { than }) }],
})

const ifs = 'if|provided(?: that)?|as long as|in case|assuming(?: that)?'

/** `if a fact, do this`. */
const fronted = ({ word = '', fact = '', rest = '' }: Readonly<Record<string, string>>): Said | undefined => {
  const found = factOf(fact, /^unless$/i.test(word))
  if (found === undefined || found.what.toLowerCase() === 'it' || /\b(?:otherwise|else|if|unless)\b/i.test(rest))
    return undefined
  // `if x is empty, delete it`; in `… delete y` the thing has a name of its own
  return conditional(put(rest, found.what) ?? rest, found)
}

/** `a fact, so do this`: who says so sees to it that it is so. */
const therefore = ({ fact = '', rest = '' }: Readonly<Record<string, string>>): Said | undefined => {
  const found = factOf(fact, false)
  const said = found === undefined || /\b(?:otherwise|else|if|unless)\b/i.test(rest) ? undefined : put(rest, found.what)
  return found === undefined || said === undefined ? undefined : conditional(said, found)
}

/** `do this if a fact`. */
const behind = ({ word = '', fact = '', head = '' }: Readonly<Record<string, string>>): Said | undefined => {
  const found = factOf(fact, /^unless$/i.test(word))
  if (found === undefined || !isOneThing(head)) return undefined
  if (found.what.toLowerCase() !== 'it') return conditional(head, found)
  // `copy a to b if it exists`: nobody can tell which of them
  const [only, ...more] = marksIn(head)
  return only === undefined || more.length > 0 ? undefined : conditional(head, { ...found, what: only })
}

export const conditions: readonly Rule[] = [
  rule(`(?:only )?(?<word>${ifs}|unless) (?<fact>[^,]+?), (?:then |please )*(?<rest>.+?)[.!]*`, fronted),
  rule(`(?:only )?(?<word>${ifs}) (?<fact>[^,]+?),? then (?:please )?(?<rest>.+?)[.!]*`, fronted),
  rule(
    `(?<fact>[^,;:.!?]+?)(?:,|;|:|\\.| [-–—])? (?:so|therefore|hence|and so),? (?:please |you can |you may |just |can you |could you )*(?<rest>.+?)[.!?]*`,
    therefore,
  ),
  rule(`(?<head>.+?),? (?:but )?(?:only )?(?<word>${ifs}|unless) (?<fact>[^,]+?)[.!]*`, behind),
]
