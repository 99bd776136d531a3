// a kernel with the operator, governance and modules of the test's own, on an embedded infrastructure.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import pino from 'pino'
import { openInfrastructure } from '../../../../nucleus/infrastructure/open.ts'
import { createKernel } from '../../../../nucleus/kernel.ts'
import type { Kernel } from '../../../../nucleus/kernel.ts'
import { createLoader } from '../../../../nucleus/modules/loader.ts'
import { readOneManifest } from '../../../../nucleus/modules/manifest.ts'
import type { Nucleus } from '../../../../nucleus/contract.ts'
import type { Governance } from '../../../../modules/governance/contract.ts'
import type { Operator } from '../../../../modules/operator/contract.ts'
import { nativeImport, prelude } from '../../../nucleus/modules/house.ts'

const project = resolve(import.meta.dirname, '../../../..')

export interface OperatorHouse extends AsyncDisposable {
  readonly kernel: Kernel
  readonly operator: Operator
  readonly governance: Governance
  readonly nucleus: Nucleus
  readonly home: string
  /** events of the operator, `type` and data. */
  readonly events: readonly { type: string; data: Record<string, unknown>; traceparent: string }[]
}

// modules of the test reach it through the process that they share with it.
const shared = globalThis as unknown as {
  operatorHand: Pick<OperatorHouse, 'operator' | 'governance' | 'nucleus'>
  operatorEvents: unknown[]
}

const hand = `${prelude}
import { Operator, ActionCompleted, PlanDecided, ConfirmationRequested } from '${project}/modules/operator/contract.ts'
import { Governance } from '${project}/modules/governance/contract.ts'
import { Nucleus } from '${project}/nucleus/contract.ts'
export default defineModule({ start: (context) => {
  globalThis.operatorHand = { operator: context.use(Operator), governance: context.use(Governance), nucleus: context.use(Nucleus) }
  for (const event of [ActionCompleted, PlanDecided, ConfirmationRequested]) {
    context.on(event, (data, envelope) => { globalThis.operatorEvents.push({ type: envelope.type, data, traceparent: envelope.traceparent }) })
  }
} })`

const toolbox = `${prelude}
import { Tools } from '${project}/modules/operator/contract.ts'
const tool = { name: 'box.open', description: 'opens the box', risk: 'low', undoable: false, input: { type: 'object' } }
export default defineModule({ start: () => ({ services: { [Tools.name]: {
  list: async () => [tool],
  run: async (name, args, call) => ({ text: \`\${name} \${JSON.stringify(args)} for \${call.traceId}\`, data: { uid: call.uid } }),
} } }) })`

/** @param folder an empty folder; LOTUS_HOME is made in it. */
export async function openHouse(folder: string): Promise<OperatorHouse> {
  const home = join(folder, 'home')
  const own: Record<string, [string, object]> = {
    hand: [
      hand,
      {
        requires: ['nucleus', 'operator', 'governance'],
        consumes: ['action.completed', 'plan.decided', 'confirmation.requested'],
      },
    ],
    toolbox: [toolbox, { provides: ['tools'] }],
  }
  for (const [name, [code, manifest]] of Object.entries(own)) {
    mkdirSync(join(folder, 'modules', name), { recursive: true })
    const whole = { name, version: '1.0.0', description: 'of a test', kernel: '^1', ...manifest }
    writeFileSync(join(folder, 'modules', name, 'manifest.json'), JSON.stringify(whole))
    writeFileSync(join(folder, 'modules', name, 'module.ts'), code)
  }
  const folderOf = (name: string): string => join(name in own ? folder : project, 'modules')
  const read = (name: string) => readOneManifest(folderOf(name), name)
  const found = await Promise.all(['operator', 'governance', 'hand', 'toolbox'].map(read))
  const log = pino({ level: 'silent' })
  const events: OperatorHouse['events'] = []
  shared.operatorEvents = events as unknown[]
  const failures: unknown[] = []
  const infrastructure = await openInfrastructure({
    home,
    settings: {},
    log,
    onFailure: ({ error }) => void failures.push(error),
  })
  const made = createKernel({
    version: '0.1.0',
    startedAtMs: Date.now(),
    found,
    loader: createLoader({ modulesFolder: join(project, 'modules'), importFile: nativeImport }),
    readManifest: read,
    settingsOf: ({ manifest }) => {
      const defaults = Object.entries(manifest.settings).map(([name, setting]) => [name, setting.default])
      return Object.fromEntries([...defaults, ['home', home]]) as Record<string, string>
    },
    infrastructure,
    log,
    onChange: () => undefined,
  })
  await made.start()
  return {
    kernel: made,
    home,
    events,
    ...shared.operatorHand,
    async [Symbol.asyncDispose]() {
      await made.stop('the test is over')
      await infrastructure.close()
    },
  }
}
