// runs the goal checker, which lies beside the data folder and starts a LOTUS of its own for each set of goals.
import { join } from 'node:path'
import { project } from './private-lotus.ts'
import { runCommand } from './run-command.ts'

export interface CheckedGoal {
  readonly id: string
  readonly goal: string
  readonly verdict: 'right' | 'honest' | 'wrong_effect' | 'wrong_answer' | 'error'
  readonly why: string
}

export interface GoalReport {
  readonly right: number
  readonly of: number
  readonly honest: number
  readonly wrong: number
  readonly errors: number
  readonly total: { readonly p50_ms: number; readonly p95_ms: number }
  readonly rows: readonly CheckedGoal[]
}

/** where the checker lies, if it is there. */
export function goalChecker(data: string | undefined = process.env['LOTUS_DATA']): string {
  return join(data ?? join(project, '..', 'shared', 'data'), '..', 'tools', 'goals.mjs')
}

/**
 * checks the goals of one file, or some of them.
 * @throws where the checker could not run
 */
export async function checkGoals(
  file: string,
  options: { readonly ids?: readonly string[]; readonly timeoutMs: number },
): Promise<GoalReport> {
  const only = options.ids === undefined ? [] : ['--id', options.ids.join(',')]
  const ended = await runCommand(
    [process.execPath, goalChecker(), '--project', project, '--goals', file, '--json', ...only],
    { cwd: project, environment: process.env, timeoutMs: options.timeoutMs },
  )
  if (ended.code !== 0) throw new Error(`the goal checker ended with ${ended.code}: ${ended.stderr}`)
  return JSON.parse(ended.stdout) as GoalReport
}
