// the errors that the lotus command itself finds, before or instead of an answer of the nucleus.
import { defineErrors } from '../../nucleus/errors.ts'
import { exitCodes } from './exit-codes.ts'

export const clientErrors = defineErrors({
  USAGE: { title: 'this is not how the command is used', fix: 'look at `lotus help`' },
  NOT_RUNNING: { title: 'LOTUS is not running', fix: 'start it with `lotus start`' },
  STILL_RUNNING: { title: 'LOTUS is running', fix: 'stop it with `lotus stop`, then try again' },
  UNREACHABLE: {
    title: 'LOTUS does not answer',
    fix: 'look at `lotus status` and `lotus logs`; `lotus restart` starts it anew',
    retryable: true,
  },
  START_FAILED: { title: 'LOTUS could not be started', fix: 'look at `lotus doctor`' },
  CONNECTION_LOST: {
    title: 'the connection ended before the goal did',
    fix: 'look at `lotus runs`: what was begun is finished or taken back when LOTUS is up',
  },
  CANCELLED: {
    title: 'the goal was cancelled',
    fix: 'nothing is left half done; say it again if you want it after all',
  },
  ANSWER_UNCLEAR: {
    title: 'LOTUS answered something that this client does not understand',
    fix: 'run `lotus restart`: client and nucleus must be of the same version',
  },
  TOKEN_UNREADABLE: {
    title: 'the token of LOTUS cannot be read',
    fix: 'run the command as the user who started LOTUS, or set LOTUS_HTTP_TOKEN; where the file is gone, `lotus restart` makes a new one',
  },
  HOME_UNWRITABLE: {
    title: 'the folder of LOTUS cannot be written',
    fix: 'make it writable and see that its disk has space, or point LOTUS_HOME somewhere else',
  },
  STOP_FAILED: { title: 'LOTUS could not be stopped', fix: 'stop it as the user who started it' },
  FOLDER_UNUSABLE: {
    title: 'this is no folder that can be worked in',
    fix: 'name one that is there and yours to enter',
  },
  NOT_FOUND: { title: 'there is no such thing', fix: 'look at the list for what there is' },
})

/** the exit code for an error. */
export function exitCodeOfError(code: string): number {
  if (code === 'USAGE') return exitCodes.usage
  const unreachable = [
    'NOT_RUNNING',
    'UNREACHABLE',
    'START_FAILED',
    'CONNECTION_LOST',
    'GATEWAY_CLOSING',
    'TOKEN_UNREADABLE',
    'HOME_UNWRITABLE',
  ]
  if (
    unreachable.includes(code) ||
    code.startsWith('WIRE_') ||
    code.startsWith('STATE_') ||
    code === 'SETTINGS_INVALID'
  )
    return exitCodes.unreachable
  if (code === 'POLICY_DENIED') return exitCodes.refused
  return exitCodes.failed
}
