// what osd is told at its start, by the nucleus, as the first two lines of its standard input.
import { z } from 'zod'

const positive = z.number().int().min(1)

export const startSchema = z.strictObject({
  /** LOTUS_HOME, absolute. */
  home: z.string().startsWith('/'),
  /** where osd listens, absolute. */
  socket: z.string().startsWith('/'),
  /** folders with policy files, absolute; LOTUS_HOME/policies is added. */
  policies: z.array(z.string().startsWith('/')).max(8),
  /** LOTUS_HTTP_TOKEN, where it is set. */
  httpToken: z.string().min(1).optional(),
  privatePaths: z.array(z.string()).max(100).default([]),
  confirmationMs: positive.default(300_000),
  auditFileBytes: positive.default(64 * 1024 * 1024),
  undoPlans: positive.default(500),
  undoAgeMs: positive.default(30 * 86_400_000),
  undoMinAgeMs: z.number().int().min(0).default(86_400_000),
  undoBytes: positive.default(2 * 1024 ** 3),
  maxChanges: positive.default(20_000),
  /** the program that shows a notification, absolute; absent: none is shown. */
  notifyProgram: z.string().startsWith('/').optional(),
  maxWriteBytes: positive.default(4 * 1024 ** 3),
})

/** the second line: proves to osd that a connection is the nucleus'. */
export const secretSchema = z.strictObject({ secret: z.string().min(32) })

export type StartSettings = z.output<typeof startSchema>
