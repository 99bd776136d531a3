// the order of lines: by the person's alphabet, or by value where every line is a number.
import { collatorFor } from './format.ts'

const numberPattern = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/

/**
 * a copy of the lines in order: numbers by value, else letters without regard to case and accents first and with regard
 * to them among equals; lines that are still equal by their code units, so that the order is always the same.
 */
export function sortLines(lines: readonly string[], locale: string): string[] {
  const filled = lines.filter((line) => line.trim() !== '')
  if (filled.length > 0 && filled.every((line) => numberPattern.test(line))) return sortNumbers(lines)
  const base = collatorFor(locale, { sensitivity: 'base' })
  const variant = collatorFor(locale, { sensitivity: 'variant' })
  return lines.toSorted((a, b) => base.compare(a, b) || variant.compare(a, b) || byCodeUnits(a, b))
}

// blank lines come first, as they do among words.
function sortNumbers(lines: readonly string[]): string[] {
  const value = (line: string) => (line.trim() === '' ? -Infinity : Number(line))
  return lines.toSorted((a, b) => {
    const [x, y] = [value(a), value(b)]
    return x === y ? byCodeUnits(a, b) : x < y ? -1 : 1
  })
}

const byCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** each different line once, where it first was. */
export function uniqueLines(lines: readonly string[]): string[] {
  return [...new Set(lines)]
}
