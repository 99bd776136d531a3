// reads JSON without forgiving anything: what two readers could understand differently is refused.
import { defineErrors } from '../../../../nucleus/errors.ts'

export const jsonErrors = defineErrors({
  JSON_INVALID: { title: 'this is not JSON', fix: 'write it as JSON after RFC 8259' },
  JSON_DUPLICATE_KEY: { title: 'an object names a key twice', fix: 'name each key once' },
  JSON_FORBIDDEN_KEY: { title: 'this key is not allowed', fix: 'choose another name for it' },
  JSON_TOO_DEEP: { title: 'the JSON is nested too deeply', fix: 'nest it less' },
  JSON_TOO_LARGE: { title: 'the JSON is too large', fix: 'make it smaller' },
  JSON_NUMBER_IMPRECISE: { title: 'this number can’t be kept exactly', fix: 'write it as a string' },
  JSON_TEXT_BROKEN: { title: 'a text is not well-formed Unicode', fix: 'write it as UTF-8 without half characters' },
})

export interface JsonLimits {
  readonly maxBytes: number
  readonly maxDepth: number
}

// names through which a careless reader changes what an object is.
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// no control character may stand bare in a string.
// oxlint-disable-next-line no-control-regex
const plainPattern = /[^"\\\u0000-\u001f]*/y
const spacePattern = /[ \t\n\r]*/y
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/**
 * parses a JSON text. objects have no prototype.
 * @throws JSON_INVALID, JSON_DUPLICATE_KEY, JSON_FORBIDDEN_KEY, JSON_TOO_DEEP, JSON_TOO_LARGE, JSON_NUMBER_IMPRECISE,
 * JSON_TEXT_BROKEN.
 */
export function parseStrictJson(text: string, limits: JsonLimits): unknown {
  if (Buffer.byteLength(text) > limits.maxBytes) {
    throw jsonErrors.JSON_TOO_LARGE({ value: Buffer.byteLength(text), detail: `the limit is ${limits.maxBytes} bytes` })
  }
  if (!text.isWellFormed()) throw jsonErrors.JSON_TEXT_BROKEN()
  let at = 0

  function fail(): never {
    throw jsonErrors.JSON_INVALID({ value: text.slice(Math.max(0, at - 20), at + 20), detail: `at character ${at}` })
  }

  function match(pattern: RegExp): string {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }

  const skipSpace = (): void => void match(spacePattern)

  function expect(character: string): void {
    if (text[at] !== character) fail()
    at += 1
  }

  function readEscape(): string {
    const letter = text[at] ?? fail()
    at += 1
    if (letter !== 'u') return escapes[letter] ?? fail()
    const digits = text.slice(at, at + 4)
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) fail()
    at += 4
    return String.fromCharCode(Number.parseInt(digits, 16))
  }

  function readText(): string {
    expect('"')
    let result = match(plainPattern)
    while (text[at] === '\\') {
      at += 1
      result += readEscape() + match(plainPattern)
    }
    expect('"')
    if (!result.isWellFormed()) throw jsonErrors.JSON_TEXT_BROKEN({ value: result })
    return result
  }

  function readNumber(): number {
    const token = match(numberPattern)
    if (token === '') fail()
    const value = Number(token)
    const digits = token
      .replace(/[eE].*$/, '')
      .replace(/^-?0*\.?0*|\./g, '')
      .replace(/0+$/, '')
    // fifteen significant digits always survive a double; more do only where the double spells itself the same.
    const exact = digits.length <= 15 || String(value) === token
    if (!Number.isFinite(value) || !exact || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      throw jsonErrors.JSON_NUMBER_IMPRECISE({ value: token })
    }
    return value
  }

  function readObject(depth: number): object {
    const result = Object.create(null) as Record<string, unknown>
    expect('{')
    skipSpace()
    if (text[at] === '}') {
      at += 1
      return result
    }
    for (;;) {
      skipSpace()
      const key = readText()
      if (forbiddenKeys.has(key)) throw jsonErrors.JSON_FORBIDDEN_KEY({ value: key })
      if (Object.hasOwn(result, key)) throw jsonErrors.JSON_DUPLICATE_KEY({ value: key })
      skipSpace()
      expect(':')
      result[key] = readValue(depth)
      skipSpace()
      if (text[at] === '}') break
      expect(',')
    }
    at += 1
    return result
  }

  function readArray(depth: number): unknown[] {
    const result: unknown[] = []
    expect('[')
    skipSpace()
    if (text[at] === ']') {
      at += 1
      return result
    }
    for (;;) {
      result.push(readValue(depth))
      skipSpace()
      if (text[at] === ']') break
      expect(',')
    }
    at += 1
    return result
  }

  function readWord<Value>(word: string, value: Value): Value {
    if (!text.startsWith(word, at)) fail()
    at += word.length
    return value
  }

  function readValue(depth: number): unknown {
    if (depth >= limits.maxDepth) throw jsonErrors.JSON_TOO_DEEP({ detail: `the limit is ${limits.maxDepth} levels` })
    skipSpace()
    switch (text[at]) {
      case '{':
        return readObject(depth + 1)
      case '[':
        return readArray(depth + 1)
      case '"':
        return readText()
      case 't':
        return readWord('true', true)
      case 'f':
        return readWord('false', false)
      case 'n':
        return readWord('null', null)
      default:
        return readNumber()
    }
  }

  const value = readValue(0)
  skipSpace()
  if (at !== text.length) fail()
  return value
}
