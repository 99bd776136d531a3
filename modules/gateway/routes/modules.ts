// /modules: what LOTUS is made of, and loading, unloading and reloading it while it runs.
import { z } from 'zod'
import { gatewayErrors } from '../errors.ts'
import type { App } from '../server/app.ts'
import { ModuleBody, presentModule } from '../wire/health.ts'
import { problems } from './documented.ts'
import type { RouteParts } from './parts.ts'

const changes = ['load', 'unload', 'reload'] as const

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

  const apply = async (name: string, change: (typeof changes)[number]): Promise<void> => {
    if (change === 'load') await services.nucleus.load(name)
    else if (change === 'reload') await services.nucleus.reload(name)
    else await services.nucleus.unload(name)
  }

  const statusOf = async (name: string): Promise<ModuleBody> => {
    const status = (await services.nucleus.modules()).find((one) => one.name === name)
    if (status === undefined) throw gatewayErrors.MODULE_VANISHED({ value: name })
    return presentModule(status)
  }

  app.post(
    '/modules/:name/:change',
    {
      schema: {
        tags: ['modules'],
        summary: 'Loads, unloads or reloads a module while LOTUS runs; 202 where that goes on after the answer.',
        params: z.object({
          name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'is no name of a module'),
          change: z.enum(changes),
        }),
        response: { 200: ModuleBody, 202: ModuleBody, ...problems },
      },
    },
    async (request, reply) => {
      const { name, change } = request.params
      log.info({ target: name, change }, 'a module is changed over HTTP')
      // it can’t be loaded, and its manifest says that it is kept: both are refused at once
      if (name !== self || change !== 'reload') {
        await apply(name, change)
        return await statusOf(name)
      }
      // our own end waits for the requests inside, this one among them: it must be answered first
      reply.raw.once('finish', () => {
        apply(name, change).catch((error: unknown) => {
          log.error({ err: error, change }, 'the gateway could not be changed')
        })
      })
      return await reply.code(202).send(await statusOf(name))
    },
  )
}
