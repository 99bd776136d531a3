// the changes that a plan would make, as lines for a person who is about to answer: every byte is seen as it is.
import { escapeText } from './escape.ts'
import { listOf, textOf } from './fields.ts'
import type { Fields } from './fields.ts'
import type { Style } from './terminal.ts'

// beyond what every text is escaped for: characters that show as nothing, or as a plain space.
const invisible = /\p{Default_Ignorable_Code_Point}|(?! )\p{Zs}|\p{Cs}|[\ufff9-\ufffb]/gu

/** a line as its exact characters: what can't be seen is written as its number, spaces at the end as `·`. */
export function escapeExact(line: string): string {
  const seen = line.replaceAll('\r', '\\r').replaceAll('\t', '\\t').replaceAll('\n', '\\n')
  const escaped = escapeText(seen).replaceAll(invisible, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`)
  return escaped.replace(/ +$/, (spaces) => '·'.repeat(spaces.length))
}

const verbs: Readonly<Record<string, string>> = {
  create: 'new file',
  change: 'changed',
  remove: 'removed',
  folder: 'new folder',
  copy: 'copied',
  move: 'moved',
  mode: 'mode changed',
}

function head(change: Fields): string {
  const to = textOf(change, 'to')
  const verb = verbs[textOf(change, 'kind')] ?? textOf(change, 'kind')
  const note = textOf(change, 'note')
  return `${verb}: ${textOf(change, 'path')}${to === '' ? '' : ` to ${to}`}${note === '' ? '' : ` (${note})`}`
}

/** as the plan above numbers its steps. */
const numberOfStep = (step: Fields): string => textOf(step, 'step').replace(/^s(\d+)$/, '$1. ')

/** tabs are kept as tabs only where they indent: there they can be seen. */
function diffLine(line: string, style: Style): string {
  const [sign = ''] = line
  const indent = /^[ +-](\t*)/.exec(line)?.[1] ?? ''
  const shown = `${sign === ' ' ? ' ' : escapeExact(sign)}${indent}${escapeExact(line.slice(1 + indent.length))}`
  if (sign === '+') return style.green(shown)
  if (sign === '-') return style.red(shown)
  return sign === '@' || sign === '\\' ? style.dim(shown) : shown
}

// so many names stand in the plan itself, above the changes.
const namesInPlan = 12

/** whether the changes of a step say more than its sentence does: what is written, modes, or more names than it has. */
function saysMore(changes: readonly Fields[]): boolean {
  const isTold = (change: Fields): boolean => /^(?:remove|folder|copy|move)$/.test(textOf(change, 'kind'))
  return changes.length > namesInPlan || changes.some((change) => !isTold(change))
}

/** `steps` as osd gives them with `plan.show`; what the plan says already is not said again. */
export function renderChanges(steps: readonly Fields[], style: Style): string[] {
  const lines: string[] = []
  for (const step of steps) {
    if (!saysMore(listOf(step, 'changes')) && textOf(step, 'note') === '') continue
    for (const change of listOf(step, 'changes')) {
      lines.push(escapeExact(`${numberOfStep(step)}${head(change)}`))
      const diff = textOf(change, 'diff')
      if (diff !== '') for (const line of diff.split('\n')) lines.push(`  ${diffLine(line, style)}`)
    }
    const note = textOf(step, 'note')
    if (note !== '') lines.push(style.dim(escapeExact(`${numberOfStep(step)}${note}`)))
  }
  return lines
}
