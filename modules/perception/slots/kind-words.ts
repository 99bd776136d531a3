// kinds of files where they stand in a goal: `python`, `.tmp`, `"md"`, `csvs`.
import { isAmbiguousKind, isExtensionWord, kindOf } from './kinds.ts'
import { skipArticles, take } from './slot-parser.ts'
import type { Reading, SlotContext } from './slot-parser.ts'

export interface Kind {
  readonly extensions: readonly string[]
  readonly standsAlone: boolean
  /** the extension may stand without `files` in a list such as `mp3 or wav`. */
  readonly loose?: boolean
}

export function readKind(context: SlotContext, at: number): Reading<Kind>[] {
  const token = context.tokens[at]
  if (token === undefined) return []
  const readings: Reading<Kind>[] = []
  if (
    (token.kind === 'path' && /^\.[A-Za-z0-9_+-]{1,12}$/.test(token.text)) ||
    (token.kind === 'quoted' && /^\.[A-Za-z0-9_+-]{1,12}$/.test(token.value))
  ) {
    readings.push({
      to: at + 1,
      value: { extensions: [token.value.slice(1).toLowerCase()], standsAlone: true },
      confidence: 1,
    })
  }
  if (token.kind !== 'word') return readings
  const second = context.tokens[at + 1]
  const kind = kindOf([token.lemma, ...(second?.kind === 'word' ? [second.lemma] : [])])
  if (kind)
    readings.push({
      to: at + kind.words,
      value: {
        extensions: kind.extensions,
        standsAlone: kind.standsAlone && (kind.words === 2 || !isAmbiguousKind(token.lemma)),
        loose: true,
      },
      confidence: 1,
    })
  else {
    const lower = token.lower
    const plural = lower.endsWith('s') && isExtensionWord(lower.slice(0, -1)) && !isExtensionWord(lower)
    const extension = plural ? lower.slice(0, -1) : lower
    if (isExtensionWord(extension))
      readings.push({
        to: at + 1,
        value: { extensions: [extension], standsAlone: plural && !isAmbiguousKind(extension), loose: true },
        confidence: 0.95,
      })
  }
  return readings
}

/** whether a phrase at `at` names a kind of file; used by the modifiers (`that are not mp4`). */
export function readKindOnly(
  context: SlotContext,
  at: number,
): { to: number; extensions: readonly string[] } | undefined {
  const [kind] = readKind(context, skipArticles(context, at))
  if (!kind) return undefined
  const noun = take(context, kind.to, 'file')
  return { to: noun ?? kind.to, extensions: kind.value.extensions }
}
