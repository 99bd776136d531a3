// what LOTUS can do by itself, and with which models.
import { z } from 'zod'
import type { App } from '../server/app.ts'
import { dollars } from '../wire/case.ts'
import { forModules, problems } from './documented.ts'
import type { RouteParts } from './parts.ts'

const AbilityBody = z.object({
  name: z.string(),
  category: z.string(),
  description: z.string(),
  examples: z.array(z.string()),
})

const ProviderBody = z.object({
  name: z.string(),
  status: z.enum(['available', 'configured', 'absent', 'failing']),
  reason: z.string(),
  models: z.array(z.string()),
})

const SpendBody = z.object({
  cost_usd: z.number(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  calls: z.number(),
})

export function addKnowledgeRoutes(app: App, { services }: RouteParts): void {
  app.get(
    '/abilities',
    {
      config: forModules,
      schema: {
        tags: ['knowledge'],
        summary: 'What LOTUS can do without a model, with examples.',
        response: { 200: z.object({ abilities: z.array(AbilityBody) }), ...problems },
      },
    },
    async () => ({
      abilities: (await services.reasoning.abilities()).map(({ name, category, description, examples }) => ({
        name,
        category,
        description,
        examples: [...examples],
      })),
    }),
  )

  app.get(
    '/providers',
    {
      schema: {
        tags: ['knowledge'],
        summary: 'The model providers, and what was spent on them since the start.',
        response: { 200: z.object({ providers: z.array(ProviderBody), spend: SpendBody }), ...problems },
      },
    },
    async () => {
      const [providers, spend] = await Promise.all([services.providers.status(), services.providers.spend()])
      return {
        providers: providers.map(({ name, status, reason, models }) => ({ name, status, reason, models: [...models] })),
        spend: {
          cost_usd: dollars(spend.costMicroUsd),
          input_tokens: spend.inputTokens,
          output_tokens: spend.outputTokens,
          calls: spend.calls,
        },
      }
    },
  )
}
