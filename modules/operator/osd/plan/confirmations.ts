// plans that wait for their person: each is answered once, for exactly the hash that was shown, and expires to a no.
import type { Plan, StepDecision, StepPreview } from '../../contract.ts'
import { planErrors } from './errors.ts'

export type Answer = 'yes' | 'no' | 'absent'
export type AnsweredBy = 'person' | 'yes_flag'

/** how a question ended; `expired` counts as a no. */
export interface Answered {
  readonly answer: Answer | 'expired' | 'cancelled'
  readonly by: AnsweredBy
}

export interface Question {
  readonly planId: string
  readonly planHash: string
  /** the goal that the plan belongs to. */
  readonly traceId: string
  readonly uid: number
  /** how its person reaches osd; with a token alone they see only what the nucleus passes on. */
  readonly via: 'peer' | 'token'
  readonly plan: Plan
  readonly decisions: readonly StepDecision[]
  /** whether `--yes` is answer enough: every step that asks says so. */
  readonly yesAnswers: boolean
  /** for a person, one line a step. */
  readonly preview: readonly string[]
  readonly expiresMs: number
  /** what it would change, file by file; once it was looked at, a yes counts for exactly that. */
  changes(): Promise<readonly StepPreview[]>
}

export interface Accepted {
  readonly accepted: boolean
  readonly traceId: string
}

export interface Confirmations {
  /** asks and waits; never rejects. */
  ask(question: Question, signal: AbortSignal): Promise<Answered>
  /** @throws PLAN_UNKNOWN, ANSWER_MISMATCH for another hash or another user's plan. */
  show(planId: string, planHash: string, uid: number): Question
  /** what a goal waits for, for whoever comes to watch it later; undefined for another user's goal, too. */
  ofGoal(traceId: string, uid: number): Question | undefined
  /**
   * gives the goal that it was for, and whether the answer counts: it does not when `--yes` is not answer enough. then the
   * question stays open for the person.
   * @throws PLAN_UNKNOWN, also the second time; ANSWER_MISMATCH.
   */
  answer(planId: string, planHash: string, uid: number, answered: { answer: Answer; by: AnsweredBy }): Accepted
  /** answers everything that is open with `absent`: osd ends. */
  endAll(): void
  readonly open: number
}

const maxOpen = 256

export function createConfirmations(): Confirmations {
  const questions = new Map<string, { question: Question; settle: (answered: Answered) => void }>()

  function find(
    planId: string,
    planHash: string,
    uid: number,
  ): { question: Question; settle: (answered: Answered) => void } {
    const open = questions.get(planId)
    if (open === undefined) throw planErrors.PLAN_UNKNOWN({ value: planId })
    // root may answer for a user; nobody else for another.
    if (uid !== 0 && uid !== open.question.uid) throw planErrors.PLAN_UNKNOWN({ value: planId })
    if (open.question.planHash !== planHash) throw planErrors.ANSWER_MISMATCH({ value: planHash })
    return open
  }

  return {
    get open() {
      return questions.size
    },
    ask(question, signal) {
      return new Promise((resolve, reject) => {
        if (questions.size >= maxOpen) return reject(planErrors.PLANS_BUSY({ value: questions.size }))
        const settle = (answered: Answered): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', onAbort)
          // whatever comes next for this plan finds no question: an answer counts once.
          if (questions.delete(question.planId)) resolve(answered)
        }
        const onAbort = (): void => settle({ answer: 'cancelled', by: 'person' })
        const timer = setTimeout(
          () => settle({ answer: 'expired', by: 'person' }),
          Math.max(0, question.expiresMs - Date.now()),
        )
        questions.set(question.planId, { question, settle })
        if (signal.aborted) onAbort()
        else signal.addEventListener('abort', onAbort, { once: true })
      })
    },
    endAll() {
      for (const { settle } of questions.values()) settle({ answer: 'absent', by: 'person' })
    },
    show: (planId, planHash, uid) => find(planId, planHash, uid).question,
    ofGoal(traceId, uid) {
      for (const { question } of questions.values()) {
        if (question.traceId === traceId && (uid === 0 || uid === question.uid)) return question
      }
      return undefined
    },
    answer(planId, planHash, uid, { answer, by }) {
      const { question, settle } = find(planId, planHash, uid)
      const accepted = answer !== 'yes' || by !== 'yes_flag' || question.yesAnswers
      if (accepted) settle({ answer, by })
      return { accepted, traceId: question.traceId }
    },
  }
}
