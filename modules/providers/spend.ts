// what models have cost so far: one row a provider, model and day, added up where the store is.
import type { Migration, Statement, Store } from '../../nucleus/infrastructure/ports.ts'
import type { Completion } from './contract.ts'

export interface Spend {
  readonly costMicroUsd: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly calls: number
}

export interface SpendBook {
  open(): Promise<void>
  add(completion: Completion): Promise<void>
  total(): Promise<Spend>
}

const make = (sql: string, ...parameters: unknown[]): Statement => ({ sql, parameters })

const migrations: readonly Migration[] = [
  {
    name: '001-spend',
    statements: [
      make(`create table providers_spend (
        provider text not null, model text not null, day text not null, calls bigint not null,
        input_tokens bigint not null, output_tokens bigint not null, cost_micro_usd bigint not null,
        primary key (provider, model, day)
      )`),
    ],
  },
]

export function createSpendBook(store: Store): SpendBook {
  return Object.freeze({
    open: async () => await store.migrate('providers', migrations),
    add: async ({ provider, model, inputTokens, outputTokens, costMicroUsd }: Completion) => {
      const day = new Date().toISOString().slice(0, 10)
      // what was spent is known whether or not the store is there: it is written down when it is.
      await store.writeWhenPossible([
        make(
          `insert into providers_spend (provider, model, day, calls, input_tokens, output_tokens, cost_micro_usd)
           values (?, ?, ?, 1, ?, ?, ?)
           on conflict (provider, model, day) do update set
             calls = providers_spend.calls + 1,
             input_tokens = providers_spend.input_tokens + excluded.input_tokens,
             output_tokens = providers_spend.output_tokens + excluded.output_tokens,
             cost_micro_usd = providers_spend.cost_micro_usd + excluded.cost_micro_usd`,
          provider,
          model,
          day,
          inputTokens,
          outputTokens,
          costMicroUsd,
        ),
      ])
    },
    total: async () => {
      const [row] = await store.query<Record<string, number | string | null>>(
        make(`select sum(calls) as calls, sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens,
          sum(cost_micro_usd) as cost_micro_usd from providers_spend`),
      )
      const of = (name: string): number => Number(row?.[name] ?? 0)
      return {
        costMicroUsd: of('cost_micro_usd'),
        inputTokens: of('input_tokens'),
        outputTokens: of('output_tokens'),
        calls: of('calls'),
      }
    },
  })
}
