// /modules: what LOTUS is made of, and loading, unloading and reloading it while it runs.
import { z } from 'zod'
import type { App } from '../server/app.ts'
import { ModuleBody, presentModule } from '../wire/health.ts'
import { problems } from './documented.ts'
import type { RouteParts } from './parts.ts'

const changes = ['load', 'unload', 'reload'] as const

const Changed = z.object({
  name: z.string(),
  change: z.enum(changes),
  done: z.boolean().meta({ description: 'false where it goes on after the answer: the gateway can’t await its own end' }),
  module: ModuleBody.nullable(),
})

export function addModuleRoutes(app: App, parts: RouteParts): void {
  const { services, self, log } = parts

  app.get(
    '/modules',
    {
      schema: {
        tags: ['modules'],
        summary: 'All modules, with their state and what they hold.',
        response: { 200: z.object({ modules: z.array(ModuleBody) }), ...problems },
      },
    },
    async () => ({ modules: (await services.nucleus.modules()).map(presentModule) }),
  )

  const apply = async (name: string, change: (typeof changes)[number]) => {
    if (change === 'load') return presentModule(await services.nucleus.load(name))
    if (change === 'reload') return presentModule(await services.nucleus.reload(name))
    await services.nucleus.unload(name)
    return null
  }

  app.post(
    '/modules/:name/:change',
    {
      schema: {
        tags: ['modules'],
        summary: 'Loads, unloads or reloads a module while LOTUS runs.',
        params: z.object({ name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'is no name of a module'), change: z.enum(changes) }),
        response: { 200: Changed, 202: Changed, ...problems },
      },
    },
    async (request, reply) => {
      const { name, change } = request.params
      log.info({ target: name, change }, 'a module is changed over HTTP')
      if (name !== self) return { name, change, done: true, module: await apply(name, change) }
      // our own end waits for the requests inside, this one among them: it must be answered first
      setImmediate(() => {
        apply(name, change).catch((error: unknown) => log.error({ err: error, change }, 'the gateway could not be changed'))
      })
      return await reply.code(202).send({ name, change, done: false, module: null })
    },
  )
}
