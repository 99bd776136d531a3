// a module that runs on every nucleus of a system: each event is waited for as for a slow service, and has one effect.
import { setTimeout as wait } from 'node:timers/promises'
import { defineModule } from '../../../../nucleus/modules/module.ts'
import { TallyCounted } from './contract.ts'

const statement = (sql: string, ...parameters: unknown[]) => ({ sql, parameters })

export default defineModule({
  async start(context) {
    const { store } = context.infra
    await store.migrate('tally', [
      {
        name: '001-effects',
        statements: [
          statement(
            'create table tally_effects (receipt text primary key, number integer not null, node integer not null)',
          ),
          statement('create table tally_tries (receipt text not null, node integer not null)'),
        ],
      },
    ])
    context.infra.flows.define('twice', async (flow, input: { number: number }) => {
      for (const half of [0, 1]) {
        await flow.step(`half ${half}`, async ({ receipt }) => {
          await wait(20)
          await store.transaction([
            statement('insert into tally_tries (receipt, node) values (?, ?)', receipt, process.pid),
            statement(
              'insert into tally_effects (receipt, number, node) values (?, ?, ?) on conflict (receipt) do nothing',
              receipt,
              2 * input.number + half,
              process.pid,
            ),
          ])
        })
        await flow.sleep(50)
      }
    })
    context.on(
      TallyCounted,
      async ({ number, flow }, event) => {
        if (flow) return await context.infra.flows.start('twice', event.id, { number })
        await wait(10)
        // the receipt is the event's id: whoever is given the event once more writes nothing
        await store.transaction([
          statement('insert into tally_tries (receipt, node) values (?, ?)', event.id, process.pid),
          statement(
            'insert into tally_effects (receipt, number, node) values (?, ?, ?) on conflict (receipt) do nothing',
            event.id,
            number,
            process.pid,
          ),
        ])
      },
      { concurrency: 8, from: 'beginning' },
    )
  },
})
