// what is wrong with a setting, in words for the person who wrote it.
import { LotusError, showValue, toErrorData } from '../errors.ts'
import { settingsErrors } from './errors.ts'

export interface SettingProblem {
  /** the variable or `owner.name`, as the person wrote it. */
  readonly name: string
  /** the value as it may be shown; sensitive ones are masked. */
  readonly value?: string
  /** `file:line` or `environment`. */
  readonly place: string
  /** what is wrong, the rest of a sentence that begins with the name. */
  readonly reason: string
  /** what to do about it. */
  readonly remedy: string
}

/** the error that carries all problems at once. */
export interface SettingsError extends LotusError {
  readonly problems: readonly SettingProblem[]
}

/** a value as it may be shown. */
export function maskValue(value: unknown, sensitive: boolean | undefined): string {
  if (value === '') return "''"
  return sensitive === true ? '(hidden)' : showValue(value)
}

/** one problem as one line. */
export function describeProblem(problem: SettingProblem): string {
  const value = problem.value === undefined ? '' : ` ${problem.value}`
  return `${problem.name}${value} ${problem.reason} (${problem.place}): ${problem.remedy}`
}

/** one error for all problems; its message has a line for each, and `problems` has them as data. */
export function settingsError(problems: readonly SettingProblem[]): SettingsError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  const data = toErrorData(settingsErrors.SETTINGS_INVALID({ detail: count }))
  const lines = problems.map((problem) => `\n  ${describeProblem(problem)}`).join('')
  return Object.assign(new LotusError({ ...data, message: data.message + lines }), { problems })
}
