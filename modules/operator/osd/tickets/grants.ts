// folders that the person granted beyond the working folder, kept in LOTUS_HOME/grants.json.
import { statSync } from 'node:fs'
import { z } from 'zod'
import { absolutePath, followLinks, isWithin } from '../files/paths.ts'
import { fileErrors } from '../files/errors.ts'
import { readProtection } from '../files/protection.ts'
import { refusalOfRoot } from '../files/reach.ts'
import { ticketErrors } from './errors.ts'
import type { Guard } from './guard.ts'
import { openRecordFile } from './record-file.ts'

const grantSchema = z.strictObject({ path: z.string(), uid: z.number().int(), granted_at: z.string() })
const fileSchema = z.strictObject({ version: z.literal(1), grants: z.array(grantSchema).max(256) })

export type Grant = z.output<typeof grantSchema>

export interface Grants {
  list(uid: number): readonly Grant[]
  /** @throws GRANT_REFUSED for the system's, private and LOTUS's own folders; PATH_MISSING, NOT_A_FOLDER. */
  add(path: string, client: { uid: number; cwd: string; home: string }): Grant
  /** @throws GRANT_UNKNOWN. */
  remove(path: string, client: { uid: number; cwd: string; home: string }): Grant
  readonly problem: string | undefined
}

export function createGrants(file: string, guarded: Guard): Grants {
  const book = openRecordFile({
    file,
    parse: (content) => fileSchema.parse(content).grants,
    present: (grants) => ({ version: 1, grants }),
    damaged: ticketErrors.GRANTS_UNREADABLE,
  })

  return {
    get problem() {
      return book.problem
    },
    list: (uid) => book.rows.filter((grant) => grant.uid === uid),
    add(text, { uid, cwd, home }) {
      const path = followLinks(absolutePath(text, cwd, home))
      const stats = statSync(path, { throwIfNoEntry: false })
      if (stats === undefined) throw fileErrors.PATH_MISSING({ value: path })
      if (!stats.isDirectory()) throw fileErrors.NOT_A_FOLDER({ value: path })
      const refusal = refusalOfRoot(path, guarded(home)) ?? readProtection(path, guarded(home))
      if (refusal !== undefined) throw ticketErrors.GRANT_REFUSED({ value: path, detail: refusal })
      const there = book.rows.find((grant) => grant.uid === uid && isWithin(path, grant.path))
      if (there !== undefined) return there
      const grant = { path, uid, granted_at: new Date().toISOString() }
      book.replace([...book.rows, grant])
      return grant
    },
    remove(text, { uid, cwd, home }) {
      const path = followLinks(absolutePath(text, cwd, home))
      const grant = book.rows.find((one) => one.uid === uid && one.path === path)
      if (grant === undefined) throw ticketErrors.GRANT_UNKNOWN({ value: path })
      book.replace(book.rows.filter((one) => one !== grant))
      return grant
    },
  }
}
