// makes text from outside safe for a terminal: it may colour, move or hide nothing, and reverse no reading order.

// control characters but newline and tab, and the bidirectional, zero-width and line separating ones.
// oxlint-disable-next-line no-control-regex
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** text of several lines; a Windows line end counts as a newline. */
export function escapeText(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(unsafe, escapeCharacter)
}

/** text that must stay on one line, such as a name. */
export function escapeLine(text: string): string {
  return escapeText(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}

/** one line of JSON without any unsafe character; still the same value. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(unsafe, escapeCharacter)
}
