// hands a goal to perception, having begun to listen for what becomes of it.
import { createTraceId } from '../../../nucleus/identifiers.ts'
import type { ModuleContext } from '../../../nucleus/modules/module.ts'
import type { Operator } from '../../operator/contract.ts'
import type { ClientContext, Perception } from '../../perception/contract.ts'
import { gatewayErrors } from '../errors.ts'
import type { GoalDesk } from './goal-desk.ts'
import type { GoalWatch } from './goal-watch.ts'
import type { Way } from './way.ts'

export const maxGoalBytes = 65_536

export interface GoalRequest {
  readonly goal: string
  /** of a client with a peer; without one osd is asked for a ticket for the token. */
  readonly ticket?: string | undefined
  readonly token: string
  readonly client: ClientContext
  readonly session?: string | undefined
  /** the run whose question the goal answers. */
  readonly answers?: string | undefined
}

export interface Desk extends GoalDesk {
  /**
   * hands a goal in. whoever gets the watch closes it.
   * @throws GOAL_TOO_LARGE, MODULE_DOWN, GATEWAY_FULL, and what osd and perception throw
   */
  submit(request: GoalRequest): Promise<GoalWatch>
}

export interface SubmitParts {
  readonly perception: Perception
  readonly operator: Operator
  readonly trace: ModuleContext['trace']
  readonly way: Way
}

/** adds to the desk where goals are handed in. */
export function openDesk(desk: GoalDesk, parts: SubmitParts): Desk {
  return {
    ...desk,
    submit: async ({ goal, ticket, token, client, session, answers }) => {
      const bytes = Buffer.byteLength(goal)
      if (bytes > maxGoalBytes) throw gatewayErrors.GOAL_TOO_LARGE({ detail: `${bytes} bytes` })
      const missing = await parts.way.missing()
      if (missing !== undefined) throw missing
      const traceId = createTraceId()
      const watch = desk.watch(traceId)
      try {
        await parts.trace(traceId, async () => {
          const admitted = ticket === undefined ? await parts.operator.admit(token) : { ticket }
          await parts.perception.submit({
            text: goal,
            ...admitted,
            client,
            ...(session === undefined ? {} : { session }),
            ...(answers === undefined ? {} : { answers }),
            traceId,
          })
        })
        return watch
      } catch (error) {
        watch.close()
        throw error
      }
    },
  }
}
