// the only place where it is decided whether a step may happen.
import type { Decision, Risk } from '../../contract.ts'
import type { ResourceFacts, StepFacts } from './facts.ts'
import type { Condition, Rule } from './rule.ts'

export interface Verdict {
  readonly decision: Decision
  /** the rule that decided. */
  readonly policy: string
  readonly reason: string
  readonly risk: Risk
  readonly yesAnswers: boolean
}

/** the seam behind which another policy language can take over. */
export interface Evaluator {
  /** never throws: what goes wrong while deciding is a deny. */
  decide(facts: StepFacts): Verdict
  readonly rules: readonly Rule[]
  /** why everything is denied, where the policy could not be read. */
  readonly problem?: string
}

/** a policy that could not be read denies everything and says why. */
export function denyEverything(problem: string): Evaluator {
  return {
    problem,
    rules: [],
    decide: ({ risk }) => ({
      decision: 'deny',
      policy: 'policy-unreadable',
      reason: `the policy can’t be read, so nothing is allowed: ${problem}`,
      risk,
      yesAnswers: false,
    }),
  }
}

/** from the mildest to the strictest. */
function strictness(rule: Rule): number {
  if (rule.decision === 'allow') return 0
  if (rule.decision === 'deny') return 3
  return rule.yes_answers === true ? 1 : 2
}

/**
 * every resource of a step must be spoken about by at least one rule, and the strictest rule that speaks decides; among
 * equally strict ones the one that stands first. what no rule speaks about is denied.
 */
export function createEvaluator(rules: readonly Rule[]): Evaluator {
  const byStrictness = [...rules].sort((one, other) => strictness(other) - strictness(one))

  function decide(facts: StepFacts): Verdict {
    // a step that touches nothing is judged as one with nothing in the place of its resource.
    const resources: readonly (ResourceFacts | undefined)[] =
      facts.resources.length === 0 ? [undefined] : facts.resources
    let best: { rule: Rule; resource: ResourceFacts | undefined } | undefined
    for (const resource of resources) {
      // sorted already: the first that speaks is the strictest for this resource.
      const rule = byStrictness.find((one) => speaks(one.when, facts, resource))
      if (rule === undefined) return unspoken(facts, resource)
      const comesFirst = best === undefined ? 1 : strictness(rule) - strictness(best.rule)
      if (
        best === undefined ||
        comesFirst > 0 ||
        (comesFirst === 0 && rules.indexOf(rule) < rules.indexOf(best.rule))
      ) {
        best = { rule, resource }
      }
    }
    if (best === undefined) return unspoken(facts, undefined)
    const { rule, resource } = best
    return {
      decision: rule.decision,
      policy: rule.name,
      reason: fillReason(rule.reason, facts, resource),
      risk: rule.risk ?? facts.risk,
      yesAnswers: rule.yes_answers === true,
    }
  }

  return {
    rules,
    decide(facts) {
      try {
        return decide(facts)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        return {
          decision: 'deny',
          policy: 'policy-failed',
          reason: `deciding failed: ${message}`,
          risk: facts.risk,
          yesAnswers: false,
        }
      }
    },
  }
}

function unspoken(facts: StepFacts, resource: ResourceFacts | undefined): Verdict {
  const about = resource === undefined ? facts.action : `${facts.action} on ${resource.kind} ${resource.name}`
  return {
    decision: 'deny',
    policy: 'no-rule',
    reason: `no rule speaks about ${about}`,
    risk: facts.risk,
    yesAnswers: false,
  }
}

function speaks(when: Condition, facts: StepFacts, resource: ResourceFacts | undefined): boolean {
  if (when.actions !== undefined && !when.actions.some((one) => fits(one, facts.action))) return false
  if (when.effect !== undefined && !when.effect.includes(facts.effect)) return false
  if (when.risk !== undefined && !when.risk.includes(facts.risk)) return false
  if (when.undoable !== undefined && when.undoable !== facts.undoable) return false
  if (when.changes_over !== undefined && facts.changes <= when.changes_over) return false
  if (when.touches_nothing === true && resource !== undefined) return false
  const wanted = when.resource
  if (wanted === undefined) return true
  if (resource === undefined) return false
  if (wanted.kind !== undefined && !wanted.kind.includes(resource.kind)) return false
  if (wanted.access !== undefined && !wanted.access.includes(resource.access)) return false
  if (wanted.place !== undefined && !wanted.place.some((one) => resource.places.includes(one))) return false
  return wanted.name === undefined || wanted.name.some((one) => fits(one, resource.name))
}

/** `*` stands for any characters; written without regular expressions, so that no pattern can take long. */
function fits(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return pattern === name
  const last = rest.pop() ?? ''
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false
  let at = first.length
  const end = name.length - last.length
  for (const part of rest) {
    const found = name.indexOf(part, at)
    if (found === -1 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}

function fillReason(template: string, facts: StepFacts, resource: ResourceFacts | undefined): string {
  const values: Readonly<Record<string, string>> = {
    action: facts.action,
    description: facts.description ?? facts.action,
    resource: resource?.name ?? facts.action,
    changes: String(facts.changes),
    protection: resource?.protection ?? 'it is protected',
  }
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}
