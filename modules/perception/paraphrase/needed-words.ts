// what a sentence must have in it to be of a shape at all: found by reading the shape's pattern, so that most shapes are
// never compiled. V8 compiles a pattern at its first use, and a few hundred of them took the first goal half a second.

/** pieces of text in lower case, one of which is in whatever the pattern matches; undefined: there are none. */
export type NeededWords = readonly string[] | undefined

/**
 * reads a pattern without flags, or with `i`, as the rules here are written: groups, choices, classes, counts, looks.
 * the pieces are whole only in plain letters of ASCII: they are found by `includes` in a text in lower case.
 */
export function neededWords(source: string): NeededWords {
  let at = 0

  /** one side of a choice after the other, up to the end of the group. */
  const readChoice = (): NeededWords => {
    const sides = [readSequence()]
    while (source[at] === '|') {
      at += 1
      sides.push(readSequence())
    }
    // what is needed on one side only is not needed
    return sides.some((side) => side === undefined) ? undefined : sides.flatMap((side) => side ?? [])
  }

  const readSequence = (): NeededWords => {
    let best: NeededWords
    let run = ''
    const endRun = (): void => {
      if (run.trim() !== '') best = better(best, [run])
      run = ''
    }
    while (at < source.length && source[at] !== '|' && source[at] !== ')') {
      const piece = readPiece()
      const count = readCount()
      if (typeof piece === 'string' && count !== 'any') {
        run += piece
        if (count === 'some') endRun()
        continue
      }
      endRun()
      if (typeof piece === 'object' && count !== 'any') best = better(best, piece)
    }
    endRun()
    return best
  }

  /** a letter that must be there, what a group needs, or undefined: something that may be anything. */
  const readPiece = (): string | NeededWords => {
    const sign = source[at]!
    at += 1
    if (sign === '(') return readGroup()
    if (sign === '[') return skipClass()
    if (sign === '\\') return readEscape()
    if (sign === '.' || sign === '^' || sign === '$') return undefined
    return sign.toLowerCase()
  }

  const readGroup = (): NeededWords => {
    const opening = /^\?(?:<[=!]|[=!]|<\w+>|[a-z-]*:)/.exec(source.slice(at, at + 40))?.[0] ?? ''
    at += opening.length
    const needed = readChoice()
    at += 1
    // what stands before or behind is none of what is matched, or must not be there
    return /^\?<?[=!]$/.test(opening) ? undefined : needed
  }

  const skipClass = (): undefined => {
    while (source[at] !== ']') at += source[at] === '\\' ? 2 : 1
    at += 1
    return undefined
  }

  const readEscape = (): string | undefined => {
    const sign = source[at]!
    at += 1
    if (/[a-z0-9]/i.test(sign)) {
      const rest = /^(?:u[0-9a-f]{4}|x[0-9a-f]{2}|k<\w+>|p\{[^}]*\})/i.exec(source.slice(at - 1))?.[0] ?? sign
      at += rest.length - 1
      return undefined
    }
    return sign
  }

  /** how often a piece is there: `any` also means not at all. */
  const readCount = (): 'once' | 'some' | 'any' => {
    if (!'*+?{'.includes(source[at] ?? ' ')) return 'once'
    const count = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(source.slice(at, at + 12))?.[0]
    if (count === undefined) return 'once'
    at += count.length
    return count.startsWith('+') || /^\{[1-9]/.test(count) ? 'some' : 'any'
  }

  return readChoice()
}

/** the pieces that fewer sentences have: those whose shortest is longest, then the fewer. */
function better(one: NeededWords, other: NeededWords): NeededWords {
  if (one === undefined || other === undefined) return one ?? other
  const shortest = (words: readonly string[]): number => Math.min(...words.map((word) => word.trim().length))
  const difference = shortest(other) - shortest(one)
  if (difference !== 0) return difference > 0 ? other : one
  return other.length < one.length ? other : one
}
