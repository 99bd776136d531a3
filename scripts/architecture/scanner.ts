/**
 * cuts TypeScript into tokens, well enough to find imports, statements and comments.
 *
 * TypeScript 7 has no parser to call and a full one isn't worth a dependency here. strings,
 * templates, regular expressions and comments are told apart, so that nothing inside them is
 * taken for code; everything else is words, numbers and single signs (and the arrow).
 */

export type TokenKind = 'word' | 'number' | 'string' | 'template' | 'expression' | 'comment' | 'sign'

export interface Token {
  readonly kind: TokenKind
  /** as written; a string without its quotes, a template without its backticks */
  readonly text: string
  /** of its first character, from 1 */
  readonly line: number
  /** true where nothing but space comes before it on its line */
  readonly opensLine: boolean
  /** how many ( [ { are open around it */
  readonly depth: number
}

// after these words a slash begins a regular expression and not a division
const beforeExpression = new Set(
  'return typeof case in of delete void throw new await yield else do instanceof'.split(' '),
)

const wordPattern = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy
const numberPattern = /\.?\d[\w.]*/y
const expressionPattern = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y

export function scan(source: string): readonly Token[] {
  const tokens: Token[] = []
  // depths at which a template's ${ was opened: its } goes on with the template's text
  const templates: number[] = []
  let position = 0
  let line = 1
  let depth = 0
  let lineOpen = true

  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position
    return pattern.exec(source)?.[0]
  }
  const push = (kind: TokenKind, text: string, length: number): void => {
    tokens.push({ kind, text, line, opensLine: lineOpen, depth })
    for (let index = position; index < position + length; index += 1) if (source[index] === '\n') line += 1
    position += length
    lineOpen = false
  }
  const divides = (): boolean => {
    const before = tokens.findLast((token) => token.kind !== 'comment')
    if (before === undefined) return false
    if (before.kind === 'word') return !beforeExpression.has(before.text)
    return before.kind !== 'sign' || before.text === ')' || before.text === ']' || before.text === '}'
  }
  /** the text of a template from just after its ` or } up to the next ${ or the closing ` */
  const pushTemplate = (): void => {
    let end = position + 1
    while (end < source.length && source[end] !== '`' && !source.startsWith('${', end)) {
      end += source[end] === '\\' ? 2 : 1
    }
    const opens = source.startsWith('${', end)
    push('template', source.slice(position + 1, end), end - position + (opens ? 2 : 1))
    if (opens) {
      templates.push(depth)
      depth += 1
    }
  }

  if (source.startsWith('#!')) position = source.indexOf('\n')
  while (position < source.length) {
    const character = source[position] ?? ''
    if (character === '\n') {
      line += 1
      position += 1
      lineOpen = true
      continue
    }
    if (/\s/.test(character)) {
      position += 1
      continue
    }
    if (source.startsWith('//', position)) {
      const end = source.indexOf('\n', position)
      const text = source.slice(position, end === -1 ? source.length : end)
      push('comment', text, text.length)
      continue
    }
    if (source.startsWith('/*', position)) {
      const end = source.indexOf('*/', position + 2)
      const text = source.slice(position, end === -1 ? source.length : end + 2)
      push('comment', text, text.length)
      continue
    }
    if (character === '"' || character === "'") {
      let end = position + 1
      while (end < source.length && source[end] !== character && source[end] !== '\n') {
        end += source[end] === '\\' ? 2 : 1
      }
      push('string', source.slice(position + 1, end), end - position + 1)
      continue
    }
    if (character === '`') {
      pushTemplate()
      continue
    }
    if (character === '}' && templates.at(-1) === depth - 1) {
      templates.pop()
      depth -= 1
      pushTemplate()
      continue
    }
    if (character === '/' && !divides()) {
      const expression = match(expressionPattern)
      if (expression !== undefined) {
        push('expression', expression, expression.length)
        continue
      }
    }
    const word = match(wordPattern)
    if (word !== undefined) {
      push('word', word, word.length)
      continue
    }
    const number = match(numberPattern)
    if (number !== undefined) {
      push('number', number, number.length)
      continue
    }
    if (source.startsWith('=>', position)) {
      push('sign', '=>', 2)
      continue
    }
    if (')]}'.includes(character)) depth -= 1
    push('sign', character, 1)
    if ('([{'.includes(character)) depth += 1
  }
  return tokens
}
