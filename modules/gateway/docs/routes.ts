// /docs: hands requests for the documentation to the application that has it, and builds that when it is first wanted.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isPublic } from '../routes/documented.ts'
import type { App } from '../server/app.ts'
import type { DocsApp } from './docs-app.ts'

/** what the documentation says of itself; it is left out of its own document. */
export const docsSummaries = {
  '/docs': 'This interface as a page, to read and to try.',
  '/docs/json': 'This interface as an OpenAPI 3.1 document.',
} as const

/** @param build - called at the first request; again after a failure */
export function addDocsRoutes(app: App, build: () => Promise<DocsApp>): void {
  let docs: Promise<DocsApp> | undefined
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    docs ??= build().catch((error: unknown) => {
      docs = undefined
      throw error
    })
    const { app: built } = await docs
    reply.hijack()
    built.routing(request.raw, reply.raw)
    return reply
  }
  const options = (summary: string) => ({ config: isPublic, schema: { tags: ['system'], summary, hide: true } })
  app.get('/docs', options(docsSummaries['/docs']), answer)
  app.get('/docs/json', options(docsSummaries['/docs/json']), answer)
  app.get('/docs/*', { config: isPublic, schema: { hide: true } }, answer)
}
