// how files are called: `whose name contains x`, `ending in .md`, `without extension`.
import { ways } from '../../language/ways.ts'
import type { FileQuery } from '../file-sets.ts'
import { takeAny } from '../slot-parser.ts'
import type { Reading, SlotContext } from '../slot-parser.ts'
import { reading } from './modifier.ts'
import type { Modifier } from './modifier.ts'
import { readText } from './text.ts'

export function readName(context: SlotContext, at: number): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
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
