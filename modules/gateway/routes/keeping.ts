// /keeping: removing what LOTUS remembers about itself, where its person asks for it. what osd keeps is asked of osd.
import { z } from 'zod'
import type { App } from '../server/app.ts'
import { problems } from './documented.ts'
import type { RouteParts } from './parts.ts'

const PurgeBody = z.strictObject({
  what: z.enum(['runs', 'journal']).meta({ description: 'stories of goals, or events that everybody has handled' }),
  older_than_ms: z.number().int().min(0),
  dry_run: z.boolean().default(false).meta({ description: 'only counts' }),
})

export function addKeepingRoutes(app: App, { services, log }: RouteParts): void {
  app.post(
    '/keeping/purge',
    {
      schema: {
        tags: ['keeping'],
        summary: 'Removes old runs or handled events now, whatever their limits are.',
        body: PurgeBody,
        response: { 200: z.object({ what: z.enum(['runs', 'journal']), count: z.number() }), ...problems },
      },
    },
    async (request) => {
      const { what, older_than_ms: olderThanMs, dry_run: dryRun } = request.body
      const options = { olderThanMs, dryRun }
      const count =
        what === 'runs' ? await services.reasoning.dropRuns(options) : await services.nucleus.dropEvents(options)
      if (!dryRun) log.info({ what, count, older_than_ms: olderThanMs }, 'old things were removed over HTTP')
      return { what, count }
    },
  )
}
