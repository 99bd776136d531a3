// reads a duration that a person writes on a command line: `10m`, `1h30m`, `2 days`, `90 min`.
import { clientErrors } from './errors.ts'

const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
}
const pattern = /(\d{1,6}(?:\.\d{1,3})?)\s*(s|m|h|d|w)(?:ec(?:ond)?s?|in(?:ute)?s?|(?:ou)?rs?|ays?|eeks?)?\s*/giy

/** milliseconds. @throws USAGE where it is none, or less than a second */
export function readDuration(text: string, example: string): number {
  let ms = 0
  pattern.lastIndex = 0
  let end = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    ms += Number(match[1]) * unitMs[match[2]!.toLowerCase()]!
    end = pattern.lastIndex
  }
  if (end === 0 || end !== text.length || ms < 1_000) {
    throw clientErrors.USAGE({ value: text, detail: 'this is no duration', fix: `say one such as ${example}` })
  }
  return Math.round(ms)
}
