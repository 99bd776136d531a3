// what is done to the machine, step by step: shown before it is done, and shown instead of it.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { serviceErrors } from './errors.ts'

export type Step =
  | { readonly kind: 'write'; readonly path: string; readonly text: string }
  | { readonly kind: 'remove'; readonly path: string }
  /** isOptional: where it fails, the goal is reached without it. */
  | { readonly kind: 'run'; readonly argv: readonly string[]; readonly isOptional?: boolean }
  /** ends a LOTUS that was started otherwise: only one can hold its folder. */
  | { readonly kind: 'stop'; readonly pid: number }

/** a start waits until LOTUS is ready, which TimeoutStartSec bounds. */
const longestRunMs = 150_000

/** one line; the text of a file is another matter. */
export function describeStep(step: Step): string {
  if (step.kind === 'write') return `write ${step.path}`
  if (step.kind === 'remove') return `remove ${step.path}`
  if (step.kind === 'stop') return `stop the LOTUS that runs, process ${step.pid}`
  return `run ${step.argv.join(' ')}`
}

/** as JSON at the edge. */
export function presentStep(step: Step): Record<string, unknown> {
  if (step.kind === 'run') return { kind: 'run', argv: step.argv }
  return { ...step }
}

export interface Hands {
  readonly environment: NodeJS.ProcessEnv
  stop(pid: number): Promise<void>
}

/** does them in order. @throws SERVICE_STEP_FAILED with the first that does not work */
export async function carryOut(steps: readonly Step[], hands: Hands): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'stop') await hands.stop(step.pid)
    else if (step.kind === 'run') run(step, hands.environment)
    else change(step)
  }
}

function change(step: Extract<Step, { kind: 'write' | 'remove' }>): void {
  try {
    if (step.kind === 'remove') return rmSync(step.path, { force: true })
    mkdirSync(dirname(step.path), { recursive: true, mode: 0o755 })
    const temporary = `${step.path}.${process.pid}.tmp`
    writeFileSync(temporary, step.text, { mode: 0o644 })
    // the umask does not decide whether the service manager may read it
    chmodSync(temporary, 0o644)
    renameSync(temporary, step.path)
  } catch (cause) {
    throw serviceErrors.SERVICE_STEP_FAILED({ value: describeStep(step), detail: (cause as Error).message, cause })
  }
}

function run(step: Extract<Step, { kind: 'run' }>, environment: NodeJS.ProcessEnv): void {
  const [file = '', ...args] = step.argv
  const ended = spawnSync(file, args, {
    env: environment,
    encoding: 'utf8',
    timeout: longestRunMs,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (ended.error === undefined && ended.status === 0) return
  if (step.isOptional === true) return
  const said = ended.stderr?.trim() || ended.error?.message || `exit ${ended.status ?? ended.signal}`
  const isLost = /Failed to connect to (?:user scope )?bus/.test(said)
  throw serviceErrors.SERVICE_STEP_FAILED({
    value: step.argv.join(' '),
    detail: said.slice(0, 1000),
    ...(isLost
      ? { fix: 'log in as this person, or run `loginctl enable-linger` for them: their manager is not there' }
      : {}),
  })
}
