// a plan and its results as a person may see them: nothing in them can move the cursor or turn text around.
import type { Condition, Json, Plan, StepDecision } from '../../contract.ts'
import { escapeUnsafe } from '../../../../nucleus/escape.ts'
import { pathOfCondition } from './conditions.ts'
import { escapeHidden, sentenceOf } from './sentences.ts'
import { sha256 } from '../canonical.ts'

/** escapes what would rewrite a terminal; newlines and tabs stay. */
export function plainText(text: string): string {
  return escapeUnsafe(text.replaceAll('\r', ''))
}

const shownResources = 12
const longestShown = 2_000

/** a value exactly as it is, as JSON: nothing hidden, nothing that could be taken for something else. */
function exact(value: Json): string {
  const text = escapeHidden(JSON.stringify(value))
  if (text.length <= longestShown) return text
  return `${text.slice(0, longestShown)}… (${text.length} characters, sha256 ${sha256(JSON.stringify(value))})`
}

export interface PreviewOptions {
  /** of the person, for moments in words. */
  readonly timeZone: string
  /** what an action or tool does, in its own words. */
  readonly describe: (action: string) => string | undefined
}

/** each step as a sentence, then exactly as it is, then what it changes and why it is asked about. */
function conditionInWords(condition: Condition): string {
  const path = escapeHidden(pathOfCondition(condition))
  if ('exists' in condition) return `${path} is there`
  if ('absent' in condition) return `${path} is not there`
  if (!('is' in condition)) return `${path} is a ${'file' in condition ? 'file' : 'folder'}`
  const { is, than = 0 } = condition
  if (is === 'empty' || is === 'not_empty') return `${path} is ${is === 'empty' ? '' : 'not '}empty`
  const unit = is === 'larger' || is === 'smaller' ? `${than} bytes` : `${Math.round(than / 1000)} seconds`
  return `${path} is ${is} than ${unit}`
}

export function previewLines(
  plan: Plan,
  decisions: readonly StepDecision[],
  { timeZone, describe }: PreviewOptions,
): string[] {
  const lines: string[] = []
  for (const [index, step] of plan.steps.entries()) {
    const args = Object.entries(step.args).map(([name, value]) => `${escapeHidden(name)}=${exact(value)}`)
    lines.push(`${index + 1}. ${sentenceOf(step, timeZone, describe(step.action))}`)
    lines.push(`   ${escapeHidden(step.action)} ${args.join(' ')}`.trimEnd())
    for (const condition of step.before ?? []) lines.push(`   only if ${conditionInWords(condition)}`)
    const decision = decisions.find((one) => one.step === step.id)
    // what a step touches and what it makes sure of may be one and the same
    const resources = [...new Set(decision?.resources)]
    for (const resource of resources.slice(0, shownResources)) lines.push(`   ${escapeHidden(resource)}`)
    if (resources.length > shownResources) lines.push(`   and ${resources.length - shownResources} more`)
    if (decision !== undefined && decision.decision !== 'allow')
      lines.push(`   ${escapeHidden(decision.reason)} (${decision.policy})`)
  }
  return lines
}

// arguments that hold what people write rather than what is to be done.
const contentNames = new Set(['text', 'content', 'find', 'replace', 'containing', 'not_containing', 'contains', 'of'])
const longestArgument = 200

/** arguments for the audit: content is there as its length and digest only. */
export function auditArguments(value: Json, name = ''): Json {
  if (typeof value === 'string') {
    const isContent = contentNames.has(name) || value.length > longestArgument
    return isContent ? { bytes: Buffer.byteLength(value), sha256: sha256(value) } : value
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => auditArguments(item, name))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, auditArguments(inner, key)]))
}
