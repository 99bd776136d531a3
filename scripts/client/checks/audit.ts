// the audit chain: every row follows the one before.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findHolder } from '../nucleus.ts'
import { bad, good, run, warning } from './check.ts'
import type { Check } from './check.ts'

export const checkAudit: Check = async (place) => {
  const folder = join(place.home, 'audit')
  if (!existsSync(folder)) return [good('audit.chain', 'nothing was done yet')]
  // while it is written its last row may be half there; `lotus audit verify` asks osd then.
  if (findHolder(place) !== undefined) return [good('audit.chain', 'in use; `lotus audit verify` walks it')]
  const { verifyChain } = await import('../../../modules/operator/osd/audit/verify.ts')
  const { ok, rows, fault } = await verifyChain(folder)
  if (ok) return [good('audit.chain', `${rows} rows, whole`)]
  if (fault?.reason.startsWith('it is torn')) {
    return [
      warning(
        'audit.torn',
        `the end of row ${fault.sequence} is missing: the machine lost its power, or its disk was full`,
        run('lotus start', 'which puts the torn end aside and says so in the chain'),
      ),
    ]
  }
  return [
    bad(
      'audit.chain',
      `row ${fault?.sequence}: ${fault?.reason}`,
      'somebody or something changed it, and no command makes that undone: compare it with a back-up. to begin a clean chain, stop LOTUS and keep the folder audit somewhere else',
    ),
  ]
}
