// how an error looks at the edge: {error: {code, message, fix, retryable}}.
import { z } from 'zod'
import { isLotusError, toErrorData } from '../../../nucleus/errors.ts'

export const ProblemBody = z
  .object({
    error: z.object({
      code: z.string().meta({ description: 'stable, for programs', example: 'RUN_UNKNOWN' }),
      message: z.string().meta({ description: 'what is wrong, for people' }),
      fix: z.string().meta({ description: 'what to do about it' }),
      retryable: z.boolean().meta({ description: 'whether the same request may succeed later, without any change' }),
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
  const { code, message, fix, retryable } = toErrorData(error)
  const shown = isLotusError(error) ? message : 'something went wrong inside LOTUS'
  return { error: { code, message: shown, fix, retryable } }
}
