// the process of one module: imports its code and runs it as the nucleus would, with a context whose other end is there.
// everything that is loaded here is waited for at each start of a module: nothing that not every module needs.
import { Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { toErrorData } from '../../errors.ts'
import type { EventEnvelope } from '../../events/event.ts'
import { checkDefinition } from '../definition.ts'
import { installElsewhereHook } from '../elsewhere.ts'
import { moduleErrors } from '../errors.ts'
import { startInstance, type Instance } from '../instance.ts'
import type { ModuleDefinition } from '../module.ts'
import { createChannel } from './channel.ts'
import { errorToWire } from './errors-on-wire.ts'
import { createFarBus, createFarInfrastructure, createFarLog, createFarRegistry } from './far-ports.ts'
import { runInFarTrace, type FarState, type PrepareRequest, type Providers, type StartRequest } from './protocol.ts'

let prepared: { readonly request: PrepareRequest; readonly definition: ModuleDefinition } | undefined
let instance: Instance | undefined

const channel = createChannel(new Socket({ fd: 3, readable: true, writable: true }), {
  whenFull: 'wait',
  // without the nucleus there is nothing that it could do, and nobody who would end it
  onClose: () => process.exit(0),
  functions: {
    prepare,
    start,
    serve: async () => withState(await running().serve()),
    pause: async () => withState(await running().pause()),
    resume: async () => withState(await running().serveAgain()),
    quiet: async () => withState(await running().quiet()),
    loadParts: async () => withState(await running().loadParts()),
    health: async () => withState(await running().health()),
    report: async () => await running().report(),
    collect: async () => await running().collect(),
    stop: async () => await running().stop(),
    providers: (providers: Providers) => registry.setProviders(providers),
    event: (id: number, event: EventEnvelope) => bus.deliver(id, event),
    call: (service: string, method: string, parameters: unknown[], trace: unknown) =>
      runInFarTrace(trace, name(), () => registry.provider(service).call(method, parameters)),
  },
  sources: {
    call: (service: string, method: string, parameters: unknown[], trace: unknown) =>
      runInFarTrace(trace, name(), () => registry.provider(service).stream(method, parameters)),
  },
})
const registry = createFarRegistry(channel)
const bus = createFarBus(channel, name)
const reportFailure = (during: string, error: unknown): void => channel.tell('failed', during, errorToWire(error))

// as in the nucleus: what nobody caught is laid at the module's door, and ends nothing
process.on('uncaughtException', (error) => reportFailure('uncaught error', error))
process.on('unhandledRejection', (reason) => reportFailure('unhandled rejection', reason))

function name(): string {
  return prepared?.request.manifest.name ?? ''
}

function running(): Instance {
  if (instance === undefined) throw moduleErrors.MODULE_NOT_RUNNING({ value: name() })
  return instance
}

/** every answer says what the module holds by now. */
function withState(result: unknown): { readonly result: unknown; readonly state: FarState } {
  const { scope, handsOver } = running()
  return { result, state: { open: scope.open(), handsOver } }
}

async function prepare(request: PrepareRequest): Promise<void> {
  const { manifest, folder, root } = request
  process.title = `lotus-module ${manifest.name}`
  installElsewhereHook(folder, root)
  let namespace: unknown
  try {
    namespace = await import(pathToFileURL(join(folder, 'module.ts')).href)
  } catch (error) {
    throw moduleErrors.MODULE_IMPORT_FAILED({ value: manifest.name, detail: toErrorData(error).message })
  }
  prepared = { request, definition: checkDefinition(manifest.name, namespace) }
}

async function start(request: StartRequest): Promise<unknown> {
  if (prepared === undefined) throw moduleErrors.MODULE_NOT_RUNNING({ value: 'not imported yet' })
  const { manifest } = prepared.request
  registry.setProviders(request.providers)
  let services: Readonly<Record<string, object>> = {}
  const { definition } = prepared
  instance = await startInstance({
    manifest,
    definition: {
      ...definition,
      start: async (context) => {
        const started = (await definition.start(context)) ?? {}
        services = started.services ?? {}
        return started
      },
    },
    generation: request.generation,
    registry,
    bus,
    infrastructure: createFarInfrastructure(channel, request.dialect),
    settings: request.settings,
    log: createFarLog((level, fields, message) => channel.tell('log', level, fields, message)),
    previous: request.previous,
    reportFailure,
  })
  return withState({ services: Object.keys(services), announce: instance.announce })
}

// a file of its own is what this process was started with
if (fileURLToPath(import.meta.url) !== process.argv[1]) throw new Error('host.ts is started, not imported')
