// the documentation: a second application that never listens. it is given the same routes, so that what it says of them
// can't be wrong, and it is made at the first request for it, because loading it costs more than most boots can spare.
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { tags } from '../routes/documented.ts'
import type { App } from '../server/app.ts'

export interface DocsApp {
  /** answers `/docs` and everything below it. */
  readonly app: App
  /** the OpenAPI document. */
  document(): unknown
}

export interface DocsParts {
  readonly version: string
  createApp(): App
  addRoutes(app: App): void
}

// the page is LOTUS’s own and loads nothing from elsewhere; its scripts put styles into elements
const pagePolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"

/** builds the documentation; `createApp` must give a fresh application. */
export async function buildDocs(parts: DocsParts): Promise<DocsApp> {
  const app = parts.createApp()
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'LOTUS',
        version: parts.version,
        description:
          'An operating system for language models. Everything but health, metrics and this page needs the bearer token.',
      },
      tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route)
      const { access, purposes = ['api'] } = route.route.config ?? {}
      const asks = access === 'public' ? { security: [] } : { 'x-token-purposes': [...purposes] }
      return { url, schema: { ...schema, ...asks } }
    },
    transformObject: jsonSchemaTransformObject,
  })
  parts.addRoutes(app)
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.headers({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    done()
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: pagePolicy,
    // the token stays in the page’s memory
    uiConfig: { persistAuthorization: false, docExpansion: 'list', deepLinking: false, validatorUrl: null },
  })
  await app.ready()
  return { app, document: () => app.swagger() }
}
