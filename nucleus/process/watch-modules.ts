// takes over what a developer saves: a changed module is reloaded, a changed kernel is said to need a restart.
import { existsSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Logger } from 'pino'
import { toErrorData } from '../errors.ts'
import type { Notice } from '../health/health.ts'
import { digestOfFolder } from '../modules/code-digest.ts'
import type { ModuleManager } from '../modules/manager.ts'
import { whenFree } from '../modules/when-free.ts'
import { processErrors } from './errors.ts'

export interface WatchParts {
  /** folders of modules; where two have one of the same name, the first counts. */
  readonly modulesFolders: readonly string[]
  /** files and folders that are taken over by a restart only. */
  readonly kernelPaths: readonly string[]
  readonly modules: Pick<ModuleManager, 'load' | 'reload' | 'statuses'>
  /** folders below a module's, by module, whose code runs in a helper that lives as long as the nucleus. */
  readonly helpers: Readonly<Record<string, string>>
  readonly log: Logger
  /** hears once what needs a restart, and again when it is more. */
  onNotice(notice: Notice): void
}

export interface ModuleWatch {
  close(): Promise<void>
}

/** a save is often several writes, and of several files; so long nothing else must come, milliseconds. */
const settleMs = 20
/** what editors leave beside a file, what only people read, and what no start imports. */
const noCode = /(?:^|\/)(?:\.|#)|~$|\.(?:md|swp|swx|tmp|test\.ts)$|(?:^|\/)4913$/

/** watches until it is closed; resolves when every change from now on is seen. */
export async function watchModules(parts: WatchParts): Promise<ModuleWatch> {
  const { modules, log } = parts
  const { watch } = await import('chokidar')
  const changed = new Set<string>()
  const tried = new Map<string, string>()
  const kernelFiles = new Set<string>()
  const closing = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> = Promise.resolve()

  const folderOf = (name: string): string | undefined =>
    parts.modulesFolders.map((folder) => join(folder, name)).find((folder) => existsSync(join(folder, 'manifest.json')))

  const needsRestart = (path: string): void => {
    const before = kernelFiles.size
    kernelFiles.add(path)
    if (kernelFiles.size === before) return
    const names = [...kernelFiles].slice(-5).join(', ')
    const { code, message, fix } = processErrors.KERNEL_CHANGED({ detail: names })
    parts.onNotice({ code, message, fix })
    log.warn({ code, fix, path }, message)
  }

  const takeOver = async (name: string): Promise<void> => {
    const folder = folderOf(name)
    const status = modules.statuses().find((one) => one.name === name)
    if (folder === undefined) {
      if (status !== undefined) log.warn({ module: name }, 'its folder is gone; what runs goes on until it is unloaded')
      return
    }
    // whom a person has stopped is not started by a save
    if (status?.status === 'stopped') return
    const digest = await digestOfFolder(folder)
    if (tried.get(name) === digest) return
    tried.set(name, digest)
    const begunMs = performance.now()
    try {
      const change = () => (status === undefined ? modules.load(name) : modules.reload(name))
      const { generation } = await whenFree(change, closing.signal)
      const tookMs = Math.round(performance.now() - begunMs)
      log.info({ module: name, generation, took_ms: tookMs }, `${name} was saved and is taken over`)
    } catch (error) {
      tell(name, error)
    }
  }
  /** what the manager has told already is not told again. */
  const tell = (name: string, error: unknown): void => {
    if (closing.signal.aborted) return
    const { code, message, fix } = toErrorData(error)
    const lastError = modules.statuses().find((one) => one.name === name)?.lastError
    if (lastError?.endsWith(message) === true) return
    log.error({ module: name, code, fix }, `${name} was saved and can’t be taken over, what ran runs on: ${message}`)
  }

  const takeOverAll = async (): Promise<void> => {
    while (changed.size > 0 && !closing.signal.aborted) {
      const [name = ''] = changed
      changed.delete(name)
      try {
        await takeOver(name)
      } catch (error) {
        if (!closing.signal.aborted) log.error({ module: name, err: error }, 'a change could not be taken over')
      }
    }
  }
  const onChange = (path: string): void => {
    const folder = parts.modulesFolders.find((one) => path.startsWith(one + sep))
    if (folder === undefined) return needsRestart(path)
    const [name = '', ...inside] = relative(folder, path).split(sep)
    // another folder's module of this name is the one that runs
    if (inside.length === 0 || (folderOf(name) ?? join(folder, name)) !== join(folder, name)) return
    const helper = parts.helpers[name]
    if (helper !== undefined && path.startsWith(join(folder, name, helper) + sep)) return needsRestart(path)
    changed.add(name)
    clearTimeout(timer)
    timer = setTimeout(() => void (working = working.then(takeOverAll)), settleMs)
  }

  const watched = [...parts.modulesFolders, ...parts.kernelPaths]
  const watcher = watch(watched, {
    ignoreInitial: true,
    // a path is judged by what of it lies below what is watched: the project itself may lie in a hidden folder
    ignored: (path) => {
      const start = watched.find((one) => path === one || path.startsWith(one + sep))
      return start !== undefined && noCode.test(path.slice(start.length + 1))
    },
  })
  for (const event of ['add', 'change', 'unlink'] as const) watcher.on(event, onChange)
  watcher.on('error', (error) => log.error({ err: error }, 'files can’t be watched any more'))
  await new Promise<void>((resolve) => watcher.once('ready', resolve))
  return Object.freeze({
    close: async () => {
      closing.abort()
      clearTimeout(timer)
      await watcher.close()
      await working
    },
  })
}
