// starts the child process of one bench and waits for its answer.
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { memoryEnvironment, nodeOptions } from '../../nucleus/process/start-options.ts'
import type { ChildReply, ChildRequest } from './child.ts'

/** a bench that takes this much longer than it was given has hung. */
const graceSeconds = 300

/** never rejects: a child that dies or hangs is an answer too. */
export function runInChild(
  file: string,
  seconds: number,
  limitSeconds = seconds * 3 + graceSeconds,
): Promise<ChildReply> {
  return new Promise((resolve) => {
    const child = fork(join(import.meta.dirname, 'child.ts'), {
      // as the nucleus is begun: else what V8 and the C library keep for later hides what a part keeps
      execArgv: ['--expose-gc', ...nodeOptions],
      env: { ...memoryEnvironment, ...process.env },
    })
    let reply: ChildReply | undefined
    const limit = setTimeout(() => child.kill('SIGKILL'), limitSeconds * 1_000)
    child.once('message', (message) => {
      reply = message as ChildReply
    })
    child.once('error', (error) => {
      reply ??= { error: error.message }
    })
    child.once('close', (code, signal) => {
      clearTimeout(limit)
      resolve(reply ?? { error: `the process of ${file} ended with ${signal ?? code} before it had a result` })
    })
    const request: ChildRequest = { file, seconds }
    child.send(request)
  })
}
