// what is left out: `except a.txt`, `that are not mp4`.
import { ways } from '../../language/ways.ts'
import { readKindOnly } from '../kind-words.ts'
import { hasExtension, readPathLists, readPaths } from '../paths.ts'
import { skipArticles, takeAny } from '../slot-parser.ts'
import type { Reading, SlotContext } from '../slot-parser.ts'
import { reading } from './modifier.ts'
import type { Modifier } from './modifier.ts'

export function readExcept(context: SlotContext, at: number): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
  const start = takeAny(
    context,
    at,
    ways(`
    except | except for | but not | other than | exclude | apart from | besides | without | aside from |
    but leave | but keep | save for | not include | not | that be not | be not | with the exception of |
    leave out | minus | bar | but | apart of | all but | not count | outside | outside of | not counting | ignore |
    but ignore | without those in | with exception of | not one in`),
  )
  if (start === undefined) return found
  const strong =
    !ways(`without | not | but | minus | bar`).includes(context.tokens[start - 1]!.lower) ||
    context.tokens[start - 1]!.lower === 'not'
  const from = skipArticles(context, start)
  // `except those in tests`, `anywhere but in letters`, `outside of docs`: what lies in a folder.
  const inside = takeAny(
    context,
    start,
    ways(`
    those in | the one in | the ones in | one in | in | inside | under | from | anything in | everything in |
    what be in | whatever be in | the file in | file in | all file in | those under | those from | those inside |
    those below | below | within | those that be in | those that lie in | the one under | the ones from`),
  )
  const outside = /^outside$|^of$/.test(context.tokens[start - 1]!.lower) && context.tokens[at]!.lower === 'outside'
  for (const place of new Set([inside, outside ? start : undefined])) {
    if (place === undefined) continue
    for (const folder of readPaths(context, place)) {
      const { path, kind, certainty, noun } = folder.value
      if (path === undefined || kind === 'file' || (certainty !== 'known' && !noun)) continue
      found.push(reading(folder.to, { except: { names: [path] } }))
    }
  }
  for (const list of readPathLists(context, from, false)) {
    found.push(reading(list.to, { except: { names: list.value.map((item) => item.path!).filter(Boolean) } }))
  }
  for (const path of readPaths(context, from)) {
    // `… contain "x" but not "y"` leaves out a text, not a file of that name
    const quoted = context.tokens[from]!.kind === 'quoted' && path.to === from + 1
    if (quoted && path.value.certainty !== 'known' && !hasExtension(path.value.path ?? '')) continue
    if (path.value.path !== undefined && path.value.certainty !== 'bare' && path.value.certainty !== 'pronoun')
      found.push(reading(path.to, { except: { names: [path.value.path] } }))
  }
  const kind = readKindOnly(context, from)
  if (kind && strong) found.push(reading(kind.to, { except: { extensions: [...kind.extensions] } }))
  // `excluding ".." in docs` leaves out no entry, and its place is that of the set.
  return found.filter(({ value }) => value.query.except?.names?.some((name) => /(?:^|\/)\.\.?$/.test(name)) !== true)
}
