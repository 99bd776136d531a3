// how an error looks at the edge: {error: {code, message, fix}}.
import { z } from 'zod'
import { isLotusError, toErrorData } from '../../../nucleus/errors.ts'

export const ProblemBody = z
  .object({
    error: z.object({
      code: z.string().meta({ description: 'stable, for programs', example: 'RUN_UNKNOWN' }),
      message: z.string().meta({ description: 'what is wrong, for people' }),
      fix: z.string().meta({ description: 'what to do about it' }),
      problems: z
        .array(z.object({ place: z.string(), message: z.string() }))
        .optional()
        .meta({ description: 'everything that is wrong with a request, at once' }),
    }),
  })
  .meta({ id: 'Problem' })
export type ProblemBody = z.output<typeof ProblemBody>

/** what an error says to a client; one without a code shows nothing of its inside. */
export function presentError(error: unknown): ProblemBody {
  if (isLotusError(error)) return { error: { code: error.code, message: error.message, fix: error.fix } }
  const { code, fix } = toErrorData(error)
  return { error: { code, message: 'something went wrong inside LOTUS', fix } }
}
