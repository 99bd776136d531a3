// one question instead of a guess: what a goal lacks is asked for, and an answer makes the whole goal of it.
import type { NamedEntry } from '../../operator/contract.ts'
import type { ClientContext, Intent } from '../../perception/contract.ts'
import type { Clarification } from '../contract.ts'
import type { Trace } from '../traces/library.ts'
import { understand } from '../understand.ts'
import type { BoundTrace, Focus } from '../understand.ts'
import { findAsk } from './asks.ts'
import type { Asked } from './asks.ts'
import { doubtfulNames } from './doubtful-names.ts'
import type { DoubtfulName } from './doubtful-names.ts'
import { nearNames } from './near-names.ts'
import { answerMark, completeGoal, inWords } from './wording.ts'

/** a question that was put, and the goal that waits for its answer; plain data, kept with the run. */
export interface Pending {
  readonly clarification: Clarification
  /** the goal with a mark where the answer belongs. */
  readonly waiting: string
  /** an answer adds no clause to these. */
  readonly clauses: number
}

/** who states a goal, and where. */
export interface Speaker {
  readonly client: ClientContext
  readonly ticket: string
}

export interface ClarifierOptions {
  readonly traces: readonly Trace[]
  /** the names in a person's working folder. */
  readonly survey: (ticket: string) => Promise<readonly NamedEntry[]>
  readonly interpret: (text: string, client: ClientContext, names: readonly NamedEntry[]) => Promise<Intent>
}

export interface Clarifier {
  /**
   * the question that would settle a goal.
   * @param options.first - only what is asked although some trace would take the goal for a whole one
   */
  ask(intent: Intent, options: { readonly context: Focus; readonly first: boolean }): Pending | undefined
  /** the question which name is meant, where nothing but a name keeps a goal from being understood. */
  askName(intent: Intent, speaker: Speaker): Promise<Pending | undefined>
  /** the question whether another name is meant than one that is not there. */
  askOtherName(intent: Intent, path: string, speaker: Speaker): Promise<Pending | undefined>
  /** the whole goal that an answer makes; undefined where it is no answer. */
  answer(pending: Pending, text: string, speaker: Speaker): Promise<Intent | undefined>
}

export function createClarifier({ traces, survey, interpret }: ClarifierOptions): Clarifier {
  /** whether a completed goal says something: all of it is understood, or there is one more question. */
  function isAnswered(intent: Intent, { clauses, clarification }: Pending): boolean {
    // a danger is judged by the flow, which tells it.
    if (intent.danger !== undefined) return true
    const { bound } = understand(intent, traces)
    if (bound.length > 0) return bound.length === clauses && !bound.some(({ trace }) => trace.private)
    const next = findAsk(intent, traces, { context: {}, first: false })
    // what is still missing after its answer was not answered.
    return next !== undefined && next.clauses === clauses && next.ask.missing !== clarification.missing
  }

  /** the names that would make a goal of the words, each tried. */
  async function understoodNames(
    { text }: Intent,
    { at, end, entries }: DoubtfulName,
    { client }: Speaker,
    names: readonly NamedEntry[],
  ): Promise<{ readonly choices: readonly string[]; readonly clauses: number }> {
    const choices: string[] = []
    let clauses = 1
    for (const { path } of entries) {
      const intent = await interpret(text.slice(0, at) + inWords(path) + text.slice(end), client, names)
      const { bound } = understand(intent, traces)
      if (bound.length === 0 || bound.some(({ trace }) => trace.private)) continue
      if (bound.some(({ bindings }) => lacksOthers(bindings, path, names))) continue
      choices.push(path)
      clauses = bound.length
    }
    return { choices, clauses }
  }

  return {
    async askName(intent, speaker) {
      if (intent.language !== 'en') return undefined
      const names = await survey(speaker.ticket)
      for (const doubtful of doubtfulNames(intent, names)) {
        const { choices, clauses } = await understoodNames(intent, doubtful, speaker, names)
        if (choices.length > 0) return whichName(intent.text, doubtful, choices, clauses)
      }
      return undefined
    },
    async askOtherName(intent, path, speaker) {
      const at = intent.text.indexOf(path)
      // said once, and so: else nobody could tell what stands in its place.
      if (path === '' || at < 0 || intent.text.includes(path, at + 1)) return undefined
      const isQuoted =
        /["'“”‘’«»`]/.test(intent.text[at - 1] ?? ' ') && /["'“”‘’«»`]/.test(intent.text[at + path.length] ?? ' ')
      const names = await survey(speaker.ticket)
      const entries = nearNames(path, names)
      const doubtful = { said: path, at: isQuoted ? at - 1 : at, end: at + path.length + (isQuoted ? 1 : 0), entries }
      const { choices, clauses } = await understoodNames(intent, doubtful, speaker, names)
      return choices.length === 0 ? undefined : whichName(intent.text, doubtful, choices, clauses)
    },
    ask(intent, options) {
      const asked = findAsk(intent, traces, options)
      return asked && pendingOf(asked)
    },
    async answer(pending, text, speaker) {
      const { choices } = pending.clarification
      const place = placeIn(choices, text)
      const said = place === undefined ? text : inWords(choices[place])
      const whole = completeGoal(pending.waiting, said)
      const intent = await interpret(whole, speaker.client, await survey(speaker.ticket))
      return isAnswered(intent, pending) ? intent : undefined
    },
  }
}

/** whether names that were said in one list with this one are not there either: to settle one would not be enough. */
function lacksOthers(bindings: BoundTrace['bindings'], chosen: string, names: readonly NamedEntry[]): boolean {
  const known = new Set(names.map(({ path }) => path))
  return Object.values(bindings).some(
    (value) =>
      Array.isArray(value) &&
      value.includes(chosen) &&
      // what lies in other places was not looked at.
      value.some((path) => typeof path === 'string' && !path.includes('/') && !known.has(path)),
  )
}

function pendingOf({ trace, ask, question, waiting, clauses }: Asked): Pending {
  const clarification = {
    question,
    missing: ask.missing,
    example: completeGoal(waiting, ask.answer),
    choices: [],
    // what a note says is kept by the memory alone: it is said whole, so that it is known for one from the start.
    answerable: trace.private !== true,
  }
  return { clarification, waiting, clauses }
}

function whichName(
  text: string,
  { said, at, end }: DoubtfulName,
  choices: readonly string[],
  clauses: number,
): Pending {
  const waiting = text.slice(0, at) + answerMark + text.slice(end)
  const [only] = choices
  const clarification = {
    question: `There is no “${said}” here. ${choices.length === 1 ? `Is ${only} meant?` : 'Which one is meant?'}`,
    missing: 'name',
    example: completeGoal(waiting, inWords(only)),
    choices: [...choices],
    answerable: true,
  }
  return { clarification, waiting, clauses }
}

/** which of the choices an answer means: its name, `2`, `the second one`, `yes` to the only one. */
function placeIn(choices: readonly string[], text: string): number | undefined {
  const said = text
    .trim()
    .replace(/[.!]+$/, '')
    .toLowerCase()
  const named = choices.findIndex((choice) => choice.toLowerCase() === said.replaceAll(/^["'“]|["'”]$/g, ''))
  if (named >= 0) return named
  if (choices.length === 1 && yes.test(said)) return 0
  const number = /^(?:(?:number|no\.?|#)\s*)?(\d{1,2})$/.exec(said)?.[1]
  const ordinal = /^(?:the )?(first|second|third|fourth|fifth|last)(?: one| file| folder)?$/.exec(said)?.[1]
  const place =
    number !== undefined
      ? Number(number) - 1
      : ordinal === 'last'
        ? choices.length - 1
        : ordinals.indexOf(ordinal ?? '')
  return place in choices ? place : undefined
}

const yes = /^(?:y|yes|yeah|yep|sure|ok|okay|right|correct|exactly|that one|it is|yes please)$/
const ordinals = ['first', 'second', 'third', 'fourth', 'fifth']

/** whether somebody wants the question gone and nothing done. */
export const isWithdrawal = (text: string): boolean =>
  /^(?:no|nope|no thanks?|no thank you|never ?mind|forget it|cancel|cancel that|nothing|none|none of (?:them|these|those)|leave it|drop it|skip it|stop|not now|abort)[.! ]*$/i.test(
    text.trim(),
  )

/** the question as an answer to a goal. */
export function tellAsked({ question, choices, example }: Clarification): string {
  const places = choices.length > 1 ? choices.map((choice, index) => `  ${index + 1}  ${choice}`) : []
  return [question, ...places, `${choices.length === 1 ? 'That would be' : 'For example'}: ${example}`].join('\n')
}

/** what is said where a line answers a question and is a goal by itself, too. */
export function tellAmbiguous({ question }: Clarification, whole: string): string {
  return `“${question}” is still open, and this could be its answer or a goal of its own. To answer, say all of it: ${whole}\nTo leave the question, say “never mind”.`
}
