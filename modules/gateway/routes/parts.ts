// what the routes are made of: the services of other modules, and what the gateway itself keeps.
import type { Logger } from 'pino'
import type { Nucleus } from '../../../nucleus/contract.ts'
import type { Governance } from '../../governance/contract.ts'
import type { Memory } from '../../memory/contract.ts'
import type { Operator } from '../../operator/contract.ts'
import type { Perception } from '../../perception/contract.ts'
import type { Providers } from '../../providers/contract.ts'
import type { Reasoning } from '../../reasoning/contract.ts'
import type { Identity } from '../access/identity.ts'
import type { TokenKeeper } from '../access/token-keeper.ts'
import type { Desk } from '../goals/submit.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Streams } from '../server/streams.ts'
import type { HealthAnswer } from '../wire/health-answer.ts'

export interface GatewayServices {
  readonly nucleus: Nucleus
  readonly perception: Perception
  readonly reasoning: Reasoning
  readonly operator: Operator
  readonly memory: Memory
  readonly governance: Governance
  readonly providers: Providers
}

export interface RouteParts {
  readonly services: GatewayServices
  /** the answer to GET /health. */
  health(): HealthAnswer | Promise<HealthAnswer>
  readonly desk: Desk
  readonly streams: Streams
  readonly metrics: Metrics
  readonly identity: Identity
  readonly tokens: TokenKeeper
  readonly log: Logger
  /** the gateway’s own name: it can’t wait for its own reload. */
  readonly self: string
  readonly stallMs: number
  readonly heartbeatMs: number
}
