// what a goal asks for that nobody can do, though its words are clear: a day that does not exist, more lines than can be counted, when a file was created.
import { ways } from './language/ways.ts'
import { impossibleDate, readDates } from './slots/dates.ts'
import { takeAny } from './slots/slot-parser.ts'
import type { SlotContext } from './slots/slot-parser.ts'

/** behind these stands a name or a text, whatever it looks like. */
const givesName = ways(`
  call | name | file | folder | directory | tag | branch | contain | with | say | word | text | line | string | pattern |
  for | as | replace`)
/** goals that keep or look for words of the person's own. */
const keepsWords = /^(?:please )?(?:remember|note|keep in mind|memorise|memorize|jot|find|search|grep|look for|echo)\b/i
const dateOfFile =
  /^(?:please )?(?:find|search|look for) .*\b(?:before|after|since|until|on|in|from|between|modified|changed)\b/i

/** why the goal is declined, for the person; undefined where nothing in it is impossible. */
export function tellImpossible(context: SlotContext): string | undefined {
  return tellDay(context) ?? tellCount(context) ?? tellCreated(context)
}

function tellDay(context: SlotContext): string | undefined {
  const { text, names, tokens } = context
  if (keepsWords.test(text) && !dateOfFile.test(text)) return undefined
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1]
    if (before !== undefined && (givesName.includes(before.lemma) || givesName.includes(before.lower))) continue
    const reason = impossibleDate(context, at)
    // a file may be called like a day
    if (reason !== undefined && !names.some(({ path }) => text.startsWith(path, token.at))) return reason
  }
  return undefined
}

const counted = ways(`
  line | word | character | char | byte | file | folder | entry | row | column | commit | process | name | result | item |
  image | document | page | time | second | minute | hour | day | week | month | year | kb | mb | gb | tb | megabyte | gigabyte`)

/** `the first 99999999999999999999 lines`. */
function tellCount({ tokens }: SlotContext): string | undefined {
  const found = tokens.find(
    (token, at) =>
      token.kind === 'number' &&
      /^\d+$/.test(token.value) &&
      !Number.isSafeInteger(Number(token.value)) &&
      (counted.includes(tokens[at + 1]?.lemma ?? '') || /^(?:first|last|top|line)$/.test(tokens[at - 1]?.lemma ?? '')),
  )
  return found && `${found.text} is more than I can count`
}

const creates = new Set(['created', 'made'])
const when = ways(`
  on | in | before | after | since | until | till | between | from | during | later than | earlier than | prior to | by`)
const nouns = ways(
  `file | folder | image | document | photo | picture | video | log | everything | anything | all | be | that`,
)
const takesAway = /\b(?:delete|remove|trash|erase|bin|move|rename|zip|pack|archive|copy)\b/i

/** `files created on 2026-03-01`: it is known when a file was changed, not when it was made. */
function tellCreated(context: SlotContext): string | undefined {
  const { text, tokens } = context
  const at = tokens.findIndex((token, index) => index > 0 && token.kind === 'word' && creates.has(token.lower))
  if (at < 0 || !tokens.slice(0, at).some((token) => nouns.includes(token.lemma) || /^\.\w+$/.test(token.text)))
    return undefined
  if (tokens.slice(0, at).some((token) => token.lemma === 'commit')) return undefined
  const behind = takeAny(context, at + 1, when)
  const isNamed = behind !== undefined && readDates(context, behind).length > 0
  const isAge =
    isNamed ||
    readDates(context, at + 1).length > 0 ||
    /\b(?:ago|last|past|recently|within)\b/.test(text.slice(tokens[at]!.end))
  if (!isNamed && !(isAge && takesAway.test(text))) return undefined
  return 'I know when a file was last changed, not when it was created; say "modified" if that is meant'
}
