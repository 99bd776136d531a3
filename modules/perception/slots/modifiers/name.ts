// how files are called: `whose name contains x`, `ending in .md`, `without extension`.
import { ways } from '../../language/ways.ts'
import type { FileQuery } from '../file-sets.ts'
import { takeAny } from '../slot-parser.ts'
import type { Reading, SlotContext } from '../slot-parser.ts'
import { reading } from './modifier.ts'
import type { Modifier } from './modifier.ts'
import { readText } from './text.ts'

/** `whose name does not end in .tmp`: told as a pattern of names to leave out. */
function readNotNamed(context: SlotContext, at: number): Reading<Modifier>[] {
  const forms: readonly (readonly [(text: string) => string, readonly string[]])[] = [
    [
      (text) => `*${text}`,
      ways(`
        do not end in | that do not end in | which do not end in | whose name do not end in | not end in |
        do not end with | that do not end with | which do not end with | whose name do not end with | not end with |
        with name not end in | with a name not end in | whose name not end in | that not end in |
        with name that do not end in | without the ending | with a name that do not end in`),
    ],
    [
      (text) => `${text}*`,
      ways(`
        do not start with | that do not start with | which do not start with | whose name do not start with |
        not start with | do not begin with | that do not begin with | whose name do not begin with | not begin with |
        with name that do not start with | with name not start with | which do not begin with`),
    ],
    [
      (text) => `*${text}*`,
      ways(`
        whose name do not contain | whose name do not include | whose name do not have | with name that do not contain |
        without name contain | whose name lack | with no name contain | whose name not contain | with name not contain`),
    ],
  ]
  const found: Reading<Modifier>[] = []
  for (const [make, words] of forms) {
    const start = takeAny(context, at, words)
    if (start === undefined) continue
    for (const text of readText(context, start, 2))
      if (!/[*?]/.test(text.text))
        found.push(reading(text.to, { except: { names: [make(text.text)] } }, 1, text.quoted ? 1 : 0.9))
  }
  return found
}

/** the verbs, the words for a blank and the places that together say that a name has one. */
const blankVerbs = ways(`with | have | contain | that have | that contain | which have | which contain | include`)
const blanks = ways(`
  a blank | blank | a space | space | any space | any blank | a blank space | a gap | white space | a whitespace`)
const inNames = ways(`
  in their name | in its name | in the name | in name | in their names | in the filename | in the file name |
  in their filename | in them name | in it name | in their title | somewhere in their name`)
const blankPhrases = [
  ...blankVerbs.flatMap((verb) => blanks.flatMap((blank) => inNames.map((where) => `${verb} ${blank} ${where}`))),
  ...ways(`contain | have | include`).flatMap((verb) => blanks.map((blank) => `whose name ${verb} ${blank}`)),
]

/** a blank cannot be named by itself: `with a space in their name`. */
function readBlankInName(context: SlotContext, at: number): Reading<Modifier>[] {
  const to = takeAny(context, at, blankPhrases)
  return to === undefined ? [] : [reading(to, { name_contains: ' ' })]
}

export function readName(context: SlotContext, at: number): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = [...readNotNamed(context, at), ...readBlankInName(context, at)]
  const forms: readonly (readonly [keyof FileQuery, readonly string[], readonly string[]])[] = [
    [
      'name_contains',
      ways(`
        whose name contain | with name contain | with a name contain | whose name include | whose name have |
        whose filename contain | whose file name contain | with filename contain | name contain |
        with name that contain | with a name that contain | with name include | that contain in their name |
        have name contain | with a name like | with name like | name like | call something like |
        that have in their name | whose name mention | whose title contain | with a name include |
        with name that include | have a name contain | whose name match | name something like |
        whose filename include`),
      [],
    ],
    [
      'name_contains',
      ways(`
        with | have | contain | that have | include | that contain | which have | which contain | use | get |
        carry`),
      ways(`
        in the name | in their name | in its name | in name | in the filename | in the file name |
        in their filename | in their file name | in filename | somewhere in the name |
        somewhere in their name | in the title | in their title | as part of the name |
        as part of their name | anywhere in the name | in them name | in its filename | in their names |
        in the names | in it name | inside the name | inside their name | in its file name | in file name |
        in its title | as part of its name`),
    ],
    [
      'name_starts',
      ways(`
        whose name start with | whose name begin with | that start with | that begin with | start with |
        begin with | with name start with | name start with | with a name start with |
        whose filename start with | whose filename begin with | with prefix | with the prefix |
        with name that start with | which start with | which begin with | whose name have prefix |
        prefix with | with a name begin with | with name begin with | with a name that start with |
        with a name that begin with`),
      [],
    ],
    [
      'name_ends',
      ways(`
        whose name end with | whose name end in | that end with | that end in | end with | end in |
        with name end in | with name end with | name end with | name end in | which end in | which end with |
        whose filename end with | whose filename end in | with suffix | with the suffix | with a name end in |
        with a name end with`),
      [],
    ],
    [
      'name_equals',
      ways(`
        call | name | by name of | by the name of | with the name | with name | whose name be | that be call |
        which be call | title | that go by name of`),
      [],
    ],
    [
      'glob',
      ways(`
        match | that match | match pattern | match the pattern | whose name match | like | fit |
        fit the pattern | which match | with pattern`),
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
      // `named *.bak*` is a pattern, too
      if (field === 'name_equals' && !text.quoted && /[*?]/.test(text.text)) {
        found.push(reading(to, { glob: text.text }))
        continue
      }
      if (field === 'name_ends' && /^\.?[A-Za-z0-9]{1,8}$/.test(text.text) && text.text.startsWith('.'))
        found.push(reading(to, { extensions: [text.text.slice(1).toLowerCase()] }))
      else found.push(reading(to, { [field]: text.text }, 1, text.quoted ? 1 : 0.9))
    }
  }
  const extension = takeAny(
    context,
    at,
    ways(`
    with extension | with the extension | with file extension | with the file extension | have extension |
    have the extension | whose extension be | of type | with an extension of | of the type | with ending |
    with the ending | of format | in format`),
  )
  const ending = context.tokens[extension ?? -1]
  if (extension !== undefined && ending)
    found.push(reading(extension + 1, { extensions: [ending.value.replace(/^[*]?\./, '').toLowerCase()] }))
  const without = takeAny(
    context,
    at,
    ways(`
    have no extension | without extension | without an extension | without any extension |
    with no extension | lack an extension | lack extension | do not have an extension |
    have no file extension | without a file extension | without file extension | with no file extension |
    do not have extension | have not get an extension | that have no extension`),
  )
  if (without !== undefined) found.push(reading(without, { no_extension: true }))
  return found
}
