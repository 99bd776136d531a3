// the Fastify application: its validators, and what every request and every error passes through. its server never
// listens: requests come from the front door.
import Fastify from 'fastify'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifySchema,
  FastifyTypeProviderDefault,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import { escapeUnsafe } from '../../../nucleus/escape.ts'
import type { TokenPurpose } from '../../operator/contract.ts'
import { createErrorHandler } from './problems.ts'

type AppOf<Provider extends ZodTypeProvider | FastifyTypeProviderDefault> = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  Provider
>

/** the application, with types that follow from zod’s schemas. */
export type App = AppOf<ZodTypeProvider>

/** who may use a route; absent means: whoever has the token. */
export type Access = 'public'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** the purposes of the tokens that it takes; absent: `api` alone. */
    purposes?: readonly TokenPurpose[]
    /** the answer goes on for as long as the client listens: its duration says nothing. */
    streams?: boolean
  }
}

export interface AppLimits {
  readonly bodyLimit: number
}

/** what is kept, goals and notes among it, may come from anywhere; whoever looks with curl has it on a terminal. */
const buildSerializer: typeof serializerCompiler = (route) => {
  const serialize = serializerCompiler(route)
  return (data) => escapeUnsafe(serialize(data))
}

/** makes an application without routes. */
export function createApp(limits: AppLimits, log: Logger): App {
  const app = Fastify({
    // lines are written by our own hooks, with the trace of the goal and without the headers
    logger: false,
    bodyLimit: limits.bodyLimit,
    // while it closes, what was accepted is served
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    // without these Fastify loads ajv and fast-json-stringify, a fifth of the boot, to compile nothing with them
    schemaController: {
      compilersFactory: {
        buildValidator: () => validatorCompiler as never,
        buildSerializer: () => buildSerializer as never,
      },
    },
    frameworkErrors: (error, request, reply) => {
      createErrorHandler(log)(error, request, reply)
    },
  }).withTypeProvider<ZodTypeProvider>()
  // forms and plain text are what a foreign page may send without asking
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'))
  app.setErrorHandler(createErrorHandler(log))
  return app
}

/** a route’s schema with the sentences for the documentation. */
export interface DocumentedSchema extends FastifySchema {
  readonly tags: readonly string[]
  readonly summary: string
}
