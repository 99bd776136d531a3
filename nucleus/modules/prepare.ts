// brings the code of a module to where it will run, this process or one of its own, without running anything of it yet.
import { join } from 'node:path'
import type { Logger } from 'pino'
import { startInstance, type Instance, type InstanceParts } from './instance.ts'
import type { Loader } from './loader.ts'
import type { FoundModule } from './manifest.ts'
import type { ModuleDefinition } from './module.ts'

/** code that was imported and has the shape of a module. */
export interface Prepared {
  /** starts a generation of it, without letting it serve. `onEnd` hears of a process that ends by itself. */
  start(parts: InstanceParts & { readonly onEnd: (error: Error) => void }): Promise<Instance>
  /** it is not wanted any more. */
  discard(): void
}

interface PrepareHost {
  readonly loader: Loader
  readonly log: Logger
  readonly home?: string
}

/** @param known - the code where it is to be the same as before. @throws what the import throws */
export async function prepare(host: PrepareHost, found: FoundModule, known?: ModuleDefinition): Promise<Prepared> {
  const { manifest } = found
  if (manifest.isolation === 'process') {
    // nothing of processes is loaded where no module has one
    const { prepareProcess } = await import('./process/instance.ts')
    return await prepareProcess({
      found,
      root: join(import.meta.dirname, '../..'),
      onLine: (line) => host.log.info({ module: manifest.name, said: line }, 'a module’s process said something'),
      ...(host.home === undefined ? {} : { home: host.home }),
    })
  }
  const definition = known ?? (await host.loader.load(found))
  return {
    start: (parts) => startInstance({ ...parts, definition }),
    discard: () => undefined,
  }
}
