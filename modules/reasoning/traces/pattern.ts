// the small language of goal patterns, compiled once:
//   word            a word in base form               <concept>   any way to say it (modules/perception/language/lexicon.ts)
//   =word           a word in exactly this form
//   {name:type}     a typed slot                       [x]         may be left out         (a|b)   one of them
import { reasoningErrors } from '../errors.ts'

export type PatternNode =
  | { readonly kind: 'word'; readonly word: string; readonly exact?: true }
  | { readonly kind: 'concept'; readonly concept: string }
  | { readonly kind: 'slot'; readonly name: string; readonly type: string }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'optional'; readonly part: PatternNode }

/** compiles a pattern. @throws PATTERN_INVALID naming the place. */
export function compilePattern(source: string): PatternNode {
  const tokens = source.match(/<[a-z_]+>|\{[a-z_]+:[a-z_]+\}|[[\]()|]|[^\s[\]()|<>{}]+/g) ?? []
  if (tokens.join('').replaceAll(' ', '') !== source.replace(/\s+/g, ''))
    throw reasoningErrors.PATTERN_INVALID({ value: source })
  let at = 0
  const sequence = (closing: string | undefined): PatternNode => {
    const options: PatternNode[] = []
    let parts: PatternNode[] = []
    for (; at < tokens.length; at += 1) {
      const token = tokens[at]!
      if (token === closing) break
      if (token === ']' || token === ')')
        throw reasoningErrors.PATTERN_INVALID({ value: source, detail: `'${token}' closes nothing` })
      if (token === '|') {
        options.push({ kind: 'sequence', parts })
        parts = []
      } else if (token === '[' || token === '(') {
        at += 1
        const inner = sequence(token === '[' ? ']' : ')')
        parts.push(token === '[' ? { kind: 'optional', part: inner } : inner)
      } else parts.push(leaf(token))
    }
    if (closing !== undefined && tokens[at] !== closing)
      throw reasoningErrors.PATTERN_INVALID({ value: source, detail: `'${closing}' is missing` })
    const last: PatternNode = { kind: 'sequence', parts }
    return options.length === 0 ? last : { kind: 'choice', options: [...options, last] }
  }
  return sequence(undefined)
}

function leaf(token: string): PatternNode {
  if (token.startsWith('<')) return { kind: 'concept', concept: token.slice(1, -1) }
  if (token.startsWith('{')) {
    const [name, type] = token.slice(1, -1).split(':')
    return { kind: 'slot', name: name!, type: type! }
  }
  if (token.length > 1 && token.startsWith('=')) return { kind: 'word', word: token.slice(1), exact: true }
  return { kind: 'word', word: token }
}

/** the concepts and slot types a pattern names, for checks when traces are loaded. */
export function namesIn(node: PatternNode): { concepts: string[]; slots: { name: string; type: string }[] } {
  switch (node.kind) {
    case 'word':
      return { concepts: [], slots: [] }
    case 'concept':
      return { concepts: [node.concept], slots: [] }
    case 'slot':
      return { concepts: [], slots: [{ name: node.name, type: node.type }] }
    case 'optional':
      return namesIn(node.part)
    default: {
      const children = (node.kind === 'sequence' ? node.parts : node.options).map(namesIn)
      return { concepts: children.flatMap((child) => child.concepts), slots: children.flatMap((child) => child.slots) }
    }
  }
}
