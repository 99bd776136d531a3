// looks once after each start whether the chain that was found is whole: an edit by hand shows without anybody asking.
import { setTimeout as sleep } from 'node:timers/promises'
import type { AuditVerification } from '../../contract.ts'
import { verifyChain } from './verify.ts'

export interface ChainCheck {
  /** rows that were found whole; 0 until the check is through. */
  readonly rows: number
  /** what is wrong with the chain, for the health. */
  readonly problem: string | undefined
  /** ends it where it is; resolves when nothing is read any more. */
  close(): Promise<void>
}

export interface ChainCheckOptions {
  /** LOTUS_HOME/audit. */
  readonly folder: string
  /** the last row that was there at the start; what is written since is our own. */
  readonly upTo: number
  /** called once where the chain is broken. */
  readonly onBroken: (fault: { readonly sequence: number; readonly reason: string }) => Promise<void>
  /** called where the chain can't be read. */
  readonly onFailed: (error: unknown) => void
}

// the start and the first goals come first
const delayMs = 1_000
// a chain of years takes seconds of work; at most a fifth of this process's time goes into it
const workMs = 4
const restMs = 16

/** begins in a moment; reads in small pieces, so that no plan waits for it. */
export function startChainCheck({ folder, upTo, onBroken, onFailed }: ChainCheckOptions): ChainCheck {
  const over = new AbortController()
  const { signal } = over
  let rows = 0
  let problem: string | undefined

  /** gives way when a piece of work is done. */
  function createPause(): () => Promise<void> | undefined {
    let begunMs = performance.now()
    return () => {
      if (performance.now() - begunMs < workMs) return undefined
      return sleep(restMs, undefined, { signal }).then(() => {
        begunMs = performance.now()
      })
    }
  }

  const look = (): Promise<AuditVerification> => verifyChain(folder, { upTo, pause: createPause() })

  async function check(): Promise<void> {
    await sleep(delayMs, undefined, { signal })
    let verified = await look()
    // a file that was closed as full while it was read would look broken, once
    if (!verified.ok) verified = await look()
    const { ok, fault } = verified
    rows = verified.rows
    if (ok || fault === undefined) return
    problem = `the audit chain was changed at row ${fault.sequence}: ${fault.reason}; \`lotus audit verify\` shows it`
    await onBroken(fault)
  }

  const checking = check().catch((error: unknown) => {
    if (!signal.aborted) onFailed(error)
  })
  return {
    get rows() {
      return rows
    },
    get problem() {
      return problem
    },
    async close() {
      over.abort()
      await checking
    },
  }
}
