// what is left out: `except a.txt`, `that are not mp4`.
import { ways } from '../../language/ways.ts'
import { readKindOnly } from '../file-sets.ts'
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
    leave out | minus | bar | but | apart of | all but | not count`),
  )
  if (start === undefined) return found
  const strong =
    !ways(`without | not | but | minus | bar`).includes(context.tokens[start - 1]!.lower) ||
    context.tokens[start - 1]!.lower === 'not'
  const from = skipArticles(context, start)
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
  return found
}
