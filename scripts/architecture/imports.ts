/** finds what a file imports: static, re-exported, dynamic, in types and through require. */
import type { Token } from './scanner.ts'

export interface FoundImport {
  /** undefined where a dynamic import computes it */
  readonly specifier: string | undefined
  readonly line: number
}

// what may stand before a dynamic import; anything else in front of `import (` is a method's name
const beforeDynamic = new Set(['=', '(', '[', '?', ':', '=>', '&', '|', 'await', 'return', 'void', 'of', 'in', 'yield'])

export function findImports(scanned: readonly Token[]): readonly FoundImport[] {
  const tokens = scanned.filter((token) => token.kind !== 'comment')
  const found: FoundImport[] = []

  /** the string after the next `from`, for a statement that begins at an index */
  const from = (start: number): void => {
    for (let index = start; index < tokens.length; index += 1) {
      const token = tokens[index]
      const next = tokens[index + 1]
      if (token?.kind === 'word' && token.text === 'from' && next?.kind === 'string') {
        found.push({ specifier: next.text, line: next.line })
        return
      }
      // a new statement began: this one had no source
      if (token?.opensLine === true && token.depth === 0 && /^(?:import|export|const)$/.test(token.text)) return
    }
  }

  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word') continue
    const before = tokens[index - 1]
    const next = tokens[index + 1]
    const second = tokens[index + 2]
    if (before?.text === '.' || next === undefined) continue
    const literal = second?.kind === 'string' || (second?.kind === 'template' && tokens[index + 3]?.text === ')')

    if (token.text === 'import' && next.text === '(' && next.kind === 'sign') {
      if (literal) found.push({ specifier: second.text, line: token.line })
      else if (before !== undefined && beforeDynamic.has(before.text)) {
        found.push({ specifier: undefined, line: token.line })
      }
    } else if (token.text === 'import' && next.kind === 'string') {
      found.push({ specifier: next.text, line: token.line })
    } else if (token.text === 'import' && (next.kind === 'word' || next.text === '{' || next.text === '*')) {
      if (token.opensLine) from(index + 1)
    } else if (token.text === 'export' && token.opensLine) {
      const first = next.text === 'type' ? second : next
      if (first?.text === '{' || first?.text === '*') from(index + 1)
    } else if (token.text === 'require' && next.text === '(' && literal) {
      found.push({ specifier: second.text, line: token.line })
    }
  }
  return found
}
