// what a goal's end sounds like: results in the trace's words, refusals with their reason, and what to do next.
import type { PlanOutcome } from '../operator/contract.ts'
import type { Intent, Proviso } from '../perception/contract.ts'
import type { Trace } from './traces/library.ts'
import { fillText } from './traces/template.ts'
import type { BoundTrace } from './understand.ts'

/** the answer of a plan that was carried out: each trace in its own words, or the results of its steps. */
export function tellCompleted(bound: readonly BoundTrace[], outcome: PlanOutcome): string {
  const parts: string[] = []
  let at = 0
  for (const { trace, bindings } of bound) {
    const steps = outcome.steps.slice(at, at + trace.steps.length)
    at += trace.steps.length
    const results = steps.map((step) => step.text).filter((text) => text !== '')
    const words = trace.answer === undefined ? '' : String(fillText(trace.answer, bindings))
    parts.push(words === '' ? results.join('\n') : words)
  }
  return parts.join('\n')
}

/** the answer of a plan that was not carried out. @param isReferred - what it is about was not named. */
export function tellUndone(outcome: PlanOutcome, isReferred = false): string {
  const reason = outcome.reason ?? 'no reason was given'
  switch (outcome.status) {
    case 'denied': {
      const decision = outcome.decisions.find((one) => one.decision === 'deny')
      return decision === undefined
        ? `Not allowed: ${reason}`
        : `Not allowed: ${decision.reason} (policy: ${decision.policy})`
    }
    case 'needs_confirmation': {
      const asked = outcome.decisions.filter((one) => one.decision === 'confirm')
      const strong = asked.some((one) => !one.yesAnswers)
      const what = asked.map((one) => one.reason).filter((text, index, all) => all.indexOf(text) === index)
      const how = strong
        ? 'say it again at a terminal and confirm it there; --yes does not answer this'
        : isReferred
          ? 'name what you mean and say it with --yes, or confirm it at a terminal'
          : 'say it again with --yes, or at a terminal and confirm it there'
      return `This needs your confirmation: ${what.join('; ') || reason}.\nNothing was changed; ${how}.`
    }
    default: {
      const failed = outcome.steps.find((step) => step.status === 'failed')
      return failed?.error ? `${sentence(failed.error.message)} ${sentence(failed.error.fix)}` : sentence(reason)
    }
  }
}

const sentence = (text: string) => {
  const trimmed = text.trim()
  const first = trimmed.charAt(0).toUpperCase() + trimmed.slice(1)
  return /[.!?…]$/.test(first) ? first : `${first}.`
}

const languages: Readonly<Record<string, string>> = {
  de: 'German',
  fr: 'French',
  es: 'Spanish',
  it: 'Italian',
  pt: 'Portuguese',
  nl: 'Dutch',
  zh: 'Chinese',
  ja: 'Japanese',
  ko: 'Korean',
  ru: 'Russian',
  ar: 'Arabic',
  el: 'Greek',
  he: 'Hebrew',
  hi: 'Hindi',
  th: 'Thai',
}

/** the honest answer to a goal that no trace covers. */
export function tellNeedsModel(intent: Intent, nearest: readonly Trace[], modelThere: boolean): string {
  const lines: string[] = []
  const language = languages[intent.language]
  if (language !== undefined)
    lines.push(`This seems to be ${language}; without a language model I understand English only.`)
  else lines.push('I have no innate skill that covers all of this, so it needs a language model.')
  lines.push(
    modelThere
      ? 'A model answers, but this version does not plan with models yet; it only uses them for completions.'
      : 'None is there, and this version does not plan with models yet. To have one ready: install Ollama and run `ollama pull llama3.2`; LOTUS finds it within half a minute.',
  )
  if (nearest.length > 0) {
    lines.push('What comes nearest among the things I can do by myself:')
    for (const trace of nearest) lines.push(`  ${trace.examples[0]!}`)
  }
  return lines.join('\n')
}

/** why a goal that was understood is not done. */
export function tellDeclined(reason: string): string {
  return `${sentence(reason)} Nothing was changed.`
}

/** the refusal of a dangerous goal. */
export function tellRefused(danger: string): string {
  return `I will not do this: ${danger}. Nothing was changed.`
}

/** the answer to a goal whose condition is not met. @param isMissing - there is nothing that the fact could be about */
export function tellNotDone({ path, is, than = 0 }: Proviso, isMissing: boolean): string {
  const why = isMissing
    ? 'is not there'
    : {
        there: 'is not there',
        not_there: 'is there',
        empty: 'is not empty',
        not_empty: 'is empty',
        larger: `is not larger than ${than} bytes`,
        smaller: `is not smaller than ${than} bytes`,
        older: 'was changed since then',
        newer: 'was not changed since then',
      }[is]
  return `Not done: ${path} ${why}. Nothing was changed.`
}
