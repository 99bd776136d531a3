// the steps of the boot, each of which leaves in the life's scope how it is undone.
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { OpenInfrastructure } from '../infrastructure/open.ts'
import { createKernel, type Kernel } from '../kernel.ts'
import { openLog, type OpenLog } from '../logs/log.ts'
import { drawSoundGraph } from '../modules/graph.ts'
import { createLoader, type Loader } from '../modules/loader.ts'
import { kernelFacts } from '../kernel-facts.ts'
import type { SystemStatus } from '../health/health.ts'
import { keepGoodSettings } from '../settings/last-good.ts'
import { createAnnouncement, writeLastStop, type Announcement } from './announcement.ts'
import type { Boots } from './boots.ts'
import type { Configuration } from './configuration.ts'
import { catchFaults } from './faults.ts'
import { makeStateFolder } from './files.ts'
import type { Life } from './life.ts'
import { takeLock } from './lock.ts'

export interface Occupied {
  readonly log: OpenLog
  readonly announcement: Announcement
  /** carries failures of handlers from the bus, which opens first, to the kernel. */
  readonly failures: { blame: Kernel['blame'] | undefined }
}

/**
 * makes the state folder ours: the log, the lock, and what clients find.
 * @throws ALREADY_RUNNING, STATE_READ_ONLY, STATE_FULL, LOG_UNWRITABLE
 */
export async function occupyStateFolder(
  life: Life,
  configuration: Configuration,
  startedAtMs: number,
): Promise<Occupied> {
  const { core, home } = configuration
  const run = makeStateFolder(home)
  const stale: string[] = []
  const lock = takeLock(run, (text) => stale.push(text))
  life.scope.defer('lock', lock.release)
  life.atOnce(lock.release)

  const log = await openLog({
    level: core.logLevel,
    home,
    secrets: configuration.secrets,
    fileBytes: core.logFileSize,
    files: core.logFiles,
    maxAgeMs: core.logMaxAge,
  })
  life.scope.defer('log', log.close)
  for (const text of stale) log.log.warn(text)
  for (const notice of configuration.notices()) log.log.warn({ code: notice.code, fix: notice.fix }, notice.message)

  const announcement = createAnnouncement(configuration, startedAtMs)
  life.scope.defer('announcement', announcement.remove)
  life.atOnce(announcement.remove)
  announcement.update('starting', {})
  return { log, announcement, failures: { blame: undefined } }
}

/**
 * draws the graph of modules from their manifests, and begins to import their code.
 * @throws GRAPH_INVALID that names every problem
 */
export function prepareModules(configuration: Configuration, boots: Boots): Loader {
  drawSoundGraph(
    configuration.found.map((one) => one.manifest),
    { ...kernelFacts, eventsElsewhere: configuration.eventsElsewhere },
  )
  const loader = createLoader({ modulesFolder: configuration.modulesFolder })
  // where one of them may end the process, each is imported within its own start
  if (boots.mode.isCareful) return loader
  boots.importsModules()
  // a module with a process of its own is imported there
  for (const found of configuration.found) {
    const { isolation, name } = found.manifest
    if (isolation === 'inline' && !configuration.disabled.has(name)) loader.prefetch(found)
  }
  return loader
}

/** opens store, journal, cache and vectors. @throws what infrastructure/open.ts throws */
export async function openResources(
  life: Life,
  configuration: Configuration,
  { log, failures }: Occupied,
): Promise<OpenInfrastructure> {
  const { openInfrastructure } = await import('../infrastructure/open.ts')
  const infrastructure = await openInfrastructure({
    home: configuration.home,
    settings: configuration.core,
    log: log.log,
    onFailure: ({ owner, error, event }) => failures.blame?.(owner, `event ${event.type}`, error),
  })
  life.scope.defer('infrastructure', infrastructure.close)
  return infrastructure
}

/** makes the kernel, and sees to it that its end tells what was done. nothing of a module runs yet. */
export function assembleKernel(
  life: Life,
  configuration: Configuration,
  occupied: Occupied,
  infrastructure: OpenInfrastructure,
  loader: Loader,
  boots: Boots,
  startedAtMs: number,
): Kernel {
  const { log } = occupied.log
  const kernel = createKernel({
    version: configuration.version,
    startedAtMs,
    found: configuration.found,
    loader,
    readManifest: configuration.readManifest,
    settingsOf: configuration.settingsOf,
    infrastructure,
    log,
    home: configuration.home,
    isCareful: boots.mode.isCareful,
    eventsElsewhere: configuration.eventsElsewhere,
    disabled: configuration.disabled,
    elsewhere: configuration.elsewhere,
    place: configuration.place,
    notices: configuration.notices,
    onModule: boots.module,
    onParts: boots.parts,
    onChange: (status) => {
      try {
        occupied.announcement.update(status, kernel.announcements())
      } catch (error) {
        // a full disk must not keep a module from changing its state; the next change tries again
        log.error({ err: error }, 'run/nucleus.json could not be written')
      }
    },
  })
  occupied.failures.blame = kernel.blame
  const stopCatching = catchFaults({
    log,
    modulesFolder: configuration.modulesFolder,
    blame: kernel.blame,
    onFatal: (error) => {
      log.fatal({ err: error }, 'the kernel itself failed, LOTUS ends')
      life.stop({ reason: 'an error in the kernel', exitCode: 1 })
    },
  })
  life.scope.defer('fault listeners', stopCatching)
  life.scope.defer('modules', async () => {
    const reason = life.wish?.reason ?? 'the boot failed'
    const modules = await kernel.stop(reason)
    if (life.wish !== undefined) writeLastStop(configuration, { reason, startedAtMs, modules })
  })
  return kernel
}

/** the boot is done: the next one has nothing against any module, and these settings have proven good. */
export function rememberGoodBoot(
  life: Life,
  configuration: Configuration,
  boots: Boots,
  status: SystemStatus,
  log: OpenLog,
): void {
  // an error in the kernel came in between; whom a person stops so early was up all the same
  if (life.wish !== undefined && life.wish.exitCode !== 0) return
  boots.isUp(status)
  if (status !== 'healthy' && status !== 'degraded') return
  if (boots.mode.isSafe || configuration.notices().length > 0) return
  try {
    keepGoodSettings(configuration.root, configuration.home, configuration.lastGood)
  } catch (error) {
    // LOTUS runs; only the way back from a mistake in the settings is missing
    log.log.warn({ err: error }, 'the settings of this start could not be kept')
  }
}

/** under a service manager: tells it that LOTUS is up, how it is, and when it ends. elsewhere it does nothing. */
export async function reportToServiceManager(
  life: Life,
  configuration: Configuration,
  kernel: Kernel,
  { log, setLevel }: OpenLog,
): Promise<void> {
  if (process.env['NOTIFY_SOCKET'] === undefined) return
  const { reportToManager, takeNotifySocket } = await import('./service-manager.ts')
  const socket = takeNotifySocket(process.env)
  if (socket === undefined) return
  const manager = await reportToManager(socket, {
    health: kernel.health,
    url: () => kernel.announcements()['url'] ?? '',
    reload: () => {
      const { logLevel } = configuration.readCore()
      setLevel(logLevel)
      log.info({ log_level: logLevel }, 'the settings were read anew: the log level is taken over')
    },
    log,
  })
  life.scope.defer('service manager', manager.close)
  life.onReload(manager.reload)
  void life.untilStopped().then(({ reason }) => manager.stopping(reason))
}

/** `--watch`: reloads modules whose files change, and says where a restart is needed. */
export async function takeOverSaves(
  life: Life,
  { root, home, modulesFolder, found }: Configuration,
  kernel: Kernel,
  { log }: OpenLog,
): Promise<void> {
  const { watchModules } = await import('./watch-modules.ts')
  const added = join(home, 'modules')
  // it is watched before there is a module in it
  mkdirSync(added, { recursive: true, mode: 0o700 })
  const helpers = found.flatMap(({ manifest }) => {
    const folder = manifest.helper === undefined ? undefined : dirname(manifest.helper.entry)
    return folder === undefined || folder === '.' ? [] : [[manifest.name, folder] as const]
  })
  const watch = await watchModules({
    modulesFolders: [modulesFolder, added],
    kernelPaths: [join(root, 'nucleus'), join(root, 'nucleus.ts'), join(root, 'package-lock.json')],
    modules: kernel.modules,
    helpers: Object.fromEntries(helpers),
    log,
    onNotice: kernel.notice,
  })
  life.scope.defer('watch of files', watch.close)
  log.info('files are watched: what is saved is taken over')
}
