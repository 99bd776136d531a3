// what may stand behind `files`, in any order: place, name, content, size, age, exceptions, order.
import { ways } from '../language/ways.ts'
import type { FileQuery } from './file-sets.ts'
import { readAge } from './modifiers/age.ts'
import { readContent } from './modifiers/content.ts'
import { readExcept } from './modifiers/except.ts'
import { readLocation } from './modifiers/location.ts'
import type { Modifier } from './modifiers/modifier.ts'
import { readName } from './modifiers/name.ts'
import { readOtherFile } from './modifiers/other-file.ts'
import { readDepth, readKindBehind, readOrder, readState } from './modifiers/order.ts'
import { readSize } from './modifiers/size.ts'
import { takeEvery } from './slot-parser.ts'
import type { Reading, SlotContext } from './slot-parser.ts'

const linking = ways(`
  that be | which be | that have be | which have be | that | which | who | be | have be | and | and be |
  and that be | but | and which be | be all | , and | and have | that have | that get | get |
  and have be | with | i have`)

/** modifiers that begin at `at`, behind words that only link them. */
export function readModifiers(context: SlotContext, at: number, query: FileQuery): Reading<Modifier>[] {
  const found: Reading<Modifier>[] = []
  const starts = new Set([at])
  for (const to of takeEvery(context, at, linking)) starts.add(to)
  if (context.tokens[at]?.text === ',') starts.add(at + 1)
  for (const start of starts) {
    // `anywhere but in letters` is not in letters
    const excludes = start > at && context.tokens[start - 1]!.lower === 'but'
    found.push(
      ...(excludes ? [] : readLocation(context, start)),
      ...readName(context, start),
      ...readContent(context, start),
      ...readSize(context, start),
      ...readAge(context, start, query),
      ...readOtherFile(context, start),
      ...readExcept(context, start),
      ...readOrder(context, start),
      ...readDepth(context, start),
      ...readState(context, start),
      // `what is this song` is about one that was spoken of
      ...(start === at || /^(?:this|that)$/.test(context.tokens[start]?.lower ?? '')
        ? []
        : readKindBehind(context, start)),
    )
  }
  return found.filter(
    ({ value }) =>
      !(value.query.root !== undefined && query.root !== undefined) &&
      // `containing x without y`: the second text is no replacement of the first.
      !(value.query.contains !== undefined && query.contains !== undefined) &&
      !(value.query.except?.contains !== undefined && query.except?.contains !== undefined),
  )
}
