// a plan and its results as a person may see them: nothing in them can move the cursor or turn text around.
import type { Json, Plan, StepDecision } from '../../contract.ts'
import { escapeUnsafe } from '../../../../nucleus/escape.ts'
import { showValue } from '../../../../nucleus/errors.ts'
import { sha256 } from '../canonical.ts'

/** escapes what would rewrite a terminal; newlines and tabs stay. */
export function plainText(text: string): string {
  return escapeUnsafe(text.replaceAll('\r', ''))
}

const shownResources = 12

/** one line for each step and one for each thing that it changes. */
export function previewLines(plan: Plan, decisions: readonly StepDecision[]): string[] {
  const lines: string[] = []
  for (const [index, step] of plan.steps.entries()) {
    const args = Object.entries(step.args).map(([name, value]) => `${plainText(name)}=${showValue(value)}`)
    lines.push(`${index + 1}. ${step.action} ${args.join(' ')}`.trimEnd())
    const decision = decisions.find((one) => one.step === step.id)
    const resources = decision?.resources ?? []
    for (const resource of resources.slice(0, shownResources)) lines.push(`   ${showValue(resource).slice(1, -1)}`)
    if (resources.length > shownResources) lines.push(`   and ${resources.length - shownResources} more`)
    if (decision !== undefined && decision.decision !== 'allow')
      lines.push(`   ${plainText(decision.reason)} (${decision.policy})`)
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
