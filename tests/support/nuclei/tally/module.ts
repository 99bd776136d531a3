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
    context.on(
      TallyCounted,
      async ({ number }, event) => {
        await wait(4)
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
