// /modules: what LOTUS is made of, changing that while it runs, and what a module's log says.
import { z } from 'zod'
import { gatewayErrors } from '../errors.ts'
import type { App } from '../server/app.ts'
import { limitOf } from '../wire/fields.ts'
import { ModuleBody, presentModule } from '../wire/health.ts'
import { problems } from './documented.ts'
import type { RouteParts } from './parts.ts'

const changes = ['load', 'unload', 'reload', 'enable', 'disable'] as const
const moduleName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'is no name of a module')

const GradeBody = z
  .object({
    name: z.string(),
    grade: z.enum(['good', 'fair', 'poor']),
    findings: z.array(
      z.object({
        part: z.enum(['manifest', 'contract', 'settings', 'start', 'health', 'reload', 'docs', 'test']),
        status: z.enum(['good', 'warning', 'bad', 'skipped']),
        message: z.string(),
        fix: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'ModuleGrade' })

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

  app.get(
    '/modules/:name/logs',
    {
      schema: {
        tags: ['modules'],
        summary: 'The newest lines of the log about a module, oldest first.',
        params: z.object({ name: moduleName }),
        querystring: z.strictObject({
          limit: limitOf(50, 1_000),
          level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('trace'),
        }),
        response: { 200: z.object({ lines: z.array(z.record(z.string(), z.unknown())) }), ...problems },
      },
    },
    async (request) => {
      const { limit, level } = request.query
      return { lines: await services.nucleus.moduleLogs({ module: request.params.name, limit, level }) }
    },
  )

  app.post(
    '/modules',
    {
      schema: {
        tags: ['modules'],
        summary: 'Writes a new module into LOTUS_HOME/modules, with its test, and loads it.',
        body: z.strictObject({ name: moduleName }),
        response: { 201: ModuleBody, ...problems },
      },
    },
    async (request, reply) => {
      const { name } = request.body
      log.info({ target: name }, 'a module is made over HTTP')
      return await reply.code(201).send(presentModule(await services.nucleus.createModule(name)))
    },
  )

  app.post(
    '/modules/:name/check',
    {
      schema: {
        tags: ['modules'],
        summary: 'Grades a module: manifest, contract, settings, health, what reloads leave behind, docs and tests.',
        params: z.object({ name: moduleName }),
        response: { 200: GradeBody, ...problems },
      },
    },
    async (request) => {
      const { name, grade, findings } = await services.nucleus.checkModule(request.params.name)
      return { name, grade, findings: findings.map((one) => ({ ...one, fix: one.fix ?? null })) }
    },
  )

  const apply = async (name: string, change: (typeof changes)[number]): Promise<void> => {
    await services.nucleus[change](name)
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
        summary:
          'Loads, unloads or reloads a module while LOTUS runs, or says whether starts bring it up; 202 where that goes on after the answer.',
        params: z.object({ name: moduleName, change: z.enum(changes) }),
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
