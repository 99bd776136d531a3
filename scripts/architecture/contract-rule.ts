/** a contract holds types and inert definitions: importing one must never do anything. */
import { posix } from 'node:path'
import { findImports } from './imports.ts'
import type { Finding, Repository, Rule } from './repository.ts'
import type { Token } from './scanner.ts'

const remedy =
  'keep types, interfaces and `export const X = defineY(…)`, z.… or literals here; code goes into the module'

/** the statements of a file, each as its tokens, cut where a line opens outside of all brackets */
function statementsOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const statements: Token[][] = []
  for (const token of tokens) {
    if (token.kind === 'comment') continue
    const opens =
      token.opensLine &&
      token.depth === 0 &&
      token.kind === 'word' &&
      /^(?:import|export|const|let|var|type|interface|function|async|class|abstract|declare|enum|namespace|if|for|while|try|throw|await|switch|do)$/.test(
        token.text,
      )
    const current = statements.at(-1)
    if (opens || current === undefined) statements.push([token])
    else current.push(token)
  }
  return statements
}

/** why a constant's value is not inert; undefined when it is */
function liveliness(value: readonly Token[], known: ReadonlySet<string>): string | undefined {
  const first = value[0]
  if (first === undefined) return 'has no value'
  const active = value.find(
    (token) => token.kind === 'word' && /^(?:new|await|async|function|class|import|require|yield)$/.test(token.text),
  )
  if (active !== undefined) return `runs \`${active.text}\``
  if (value.some((token) => token.text === '=>' && token.depth === first.depth)) return 'is a function'
  if (first.kind !== 'word') return first.text === '(' ? 'is an expression' : undefined
  if (/^(?:true|false|null|undefined|z|define[A-Z]\w*)$/.test(first.text) || known.has(first.text)) return undefined
  if (first.text === 'Object' && value[2]?.text === 'freeze') return undefined
  return `is made by ${first.text}`
}

function checkConstant(statement: readonly Token[], known: Set<string>): { line: number; message: string } | undefined {
  const start = statement.findIndex((token) => token.text === 'const')
  const name = statement[start + 1]
  if (name === undefined) return undefined
  // an arrow inside a type has another sign in front of it; the first lone = ends the type
  const equals = statement.findIndex((token, index) => index > start && token.text === '=' && token.depth === 0)
  const reason = liveliness(statement.slice(equals + 1), known)
  known.add(name.text)
  return reason === undefined ? undefined : { line: name.line, message: `the constant ${name.text} ${reason}` }
}

function checkContract(repository: Repository, file: string): readonly Finding[] {
  const findings: Finding[] = []
  const add = (line: number, message: string): void => void findings.push({ file, line, message, remedy })

  for (const { specifier, line } of findImports(repository.tokens(file))) {
    if (specifier === undefined || specifier === 'zod') continue
    const path = specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(file), specifier)) : ''
    if (path.startsWith('nucleus/') || /^modules\/[^/]+\/contract\.ts$/.test(path)) continue
    add(line, `a contract imports ${specifier}; only nucleus/, zod and other contracts are inert`)
  }

  const known = new Set<string>()
  for (const statement of statementsOf(repository.tokens(file))) {
    const [first, second] = statement
    if (first === undefined) continue
    const word = first.text === 'export' ? (second?.text ?? '') : first.text
    if (first.text === 'import') {
      if (second?.kind === 'string') add(first.line, `a contract imports ${second.text} for its effect`)
      for (const token of statement) if (token.kind === 'word') known.add(token.text)
    } else if (word === 'const') {
      const finding = checkConstant(statement, known)
      if (finding !== undefined) add(finding.line, finding.message)
    } else if (!['type', 'interface', '{', '*'].includes(word)) {
      add(
        first.line,
        `a contract holds the statement \`${statement
          .slice(0, 3)
          .map((token) => token.text)
          .join(' ')} …\``,
      )
    }
  }
  return findings
}

export const contractRule: Rule = (repository) =>
  repository.files
    .filter((file) => /^modules\/[^/]+\/contract\.ts$/.test(file))
    .flatMap((file) => checkContract(repository, file))
