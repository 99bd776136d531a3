// the exit codes of the lotus command.

export const exitCodes = {
  completed: 0,
  failed: 1,
  usage: 2,
  /** refused by LOTUS or denied by the policy; for `status`: not running. */
  refused: 3,
  needsConfirmation: 4,
  needsModel: 5,
  /** LOTUS can't be reached or started. */
  unreachable: 6,
  /** 128 + SIGINT, as shells have it. */
  interrupted: 130,
  /** 128 + SIGTERM. */
  terminated: 143,
} as const

const byRunStatus: Readonly<Record<string, number>> = {
  completed: exitCodes.completed,
  failed: exitCodes.failed,
  denied: exitCodes.refused,
  refused: exitCodes.refused,
  needs_confirmation: exitCodes.needsConfirmation,
  needs_model: exitCodes.needsModel,
}

/** the exit code for how a goal ended; a status that this client does not know is a failure. */
export function exitCodeOf(status: string): number {
  return byRunStatus[status] ?? exitCodes.failed
}
