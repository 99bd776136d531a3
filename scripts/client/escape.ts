// makes text from outside safe for a terminal: it may colour, move or hide nothing, and reverse no reading order.
import { escapeUnsafe, safeJson } from '../../nucleus/escape.ts'

/** text of several lines; a Windows line end counts as a newline. */
export function escapeText(text: string): string {
  return escapeUnsafe(text.replaceAll('\r\n', '\n'))
}

/** text that must stay on one line, such as a name. */
export function escapeLine(text: string): string {
  return escapeText(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}

/** one line of JSON without any unsafe character; still the same value. */
export const jsonLine = safeJson
