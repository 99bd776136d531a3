// makes text from outside safe to be shown: what could colour, move or hide something on a terminal, or turn the order of
// reading around, is written out as its code.

// controls of both sets but newline and tab; marks of direction, of no width and of annotation; separators of lines; tags,
// which are text that nobody sees.
const unsafe =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

function writeOut(character: string): string {
  let codes = ''
  for (let at = 0; at < character.length; at += 1) {
    codes += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`
  }
  return codes
}

/** newlines and tabs stay. */
export function escapeUnsafe(text: string): string {
  return text.replaceAll(unsafe, writeOut)
}

/** a name that takes one line, whatever is in it. */
export function escapeName(name: string): string {
  return escapeUnsafe(name).replaceAll('\n', '\\u000a').replaceAll('\t', '\\u0009')
}

/** JSON on one line without any unsafe character; still the same value. */
export function safeJson(value: unknown): string {
  return escapeUnsafe(JSON.stringify(value))
}
