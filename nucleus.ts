// LOTUS, the process: configuration → graph → state folder → infrastructure → modules → run → drain.
import { enableCompileCache, flushCompileCache } from 'node:module'
import { join } from 'node:path'

const startedAtMs = Date.now() - performance.now()
const root = import.meta.dirname
process.title = 'lotus-nucleus'
// compiling is a third of the boot: what follows, in helpers too, is imported only after the cache is on
process.env['NODE_COMPILE_CACHE'] ??= join(root, '.runtime', 'compile-cache')
enableCompileCache(process.env['NODE_COMPILE_CACHE'])
// what the last boot has loaded lies in one file
const { closeCodePack, openCodePack } = await import('./nucleus/process/code-pack.ts')
openCodePack('nucleus')
const { collectGarbageOfBoot, collectWhenIdle, expectGarbageOfBoot } = await import('./nucleus/process/garbage.ts')
expectGarbageOfBoot()
// processes beside this one load their code at the same time
const { beginHelpers, endWaitingHelpers, tellHelpers } = await import('./nucleus/process/helpers.ts')
beginHelpers(join(root, 'modules'))

const { beginLife } = await import('./nucleus/process/life.ts')
const { recallBoots } = await import('./nucleus/process/boots.ts')
const { readConfiguration } = await import('./nucleus/process/configuration.ts')
const { readHandedEnvironment } = await import('./nucleus/process/handed-environment.ts')
const {
  assembleKernel,
  occupyStateFolder,
  openResources,
  prepareModules,
  rememberGoodBoot,
  reportToServiceManager,
  takeOverSaves,
} = await import('./nucleus/process/boot.ts')

// whatever a step opens, it leaves in the life's scope, which closes in reverse order however this ends
const life = beginLife()
// what the last boots came to decides what this one starts: everything, or only what it takes to mend the rest
const boots = recallBoots({ root, environment: process.env, args: process.argv.slice(2) })
try {
  // manifests say which settings there are; defaults < files < environment; all problems at once
  const configuration = await readConfiguration(root, readHandedEnvironment(process.argv, process.env), boots)
  boots.begin(() => life.wish, configuration.indispensable)
  // who needs whom, from manifests alone; what fits together is imported while the rest goes on
  const loader = prepareModules(configuration, boots)
  // one nucleus a state folder; from here on there is a log, and clients find us
  const occupied = await occupyStateFolder(life, configuration, startedAtMs)
  await tellHelpers(configuration.settingsIn)
  // store, journal, cache, vectors: in parallel, embedded where nothing else is configured
  const infrastructure = await life.during(openResources(life, configuration, occupied))
  // modules start level by level, each in a scope of its own, under a supervisor
  const kernel = assembleKernel(life, configuration, occupied, infrastructure, loader, boots, startedAtMs)
  await life.during(kernel.start())
  endWaitingHelpers()
  occupied.log.log.info({ boot_ms: Math.round(performance.now()) }, `LOTUS is ${kernel.health().status}`)
  await reportToServiceManager(life, configuration, kernel, occupied.log)
  // what nobody had to wait for until now: it is there before somebody asks for it
  await Promise.race([kernel.loadParts(), life.untilStopped()])
  closeCodePack()
  // what the boot left behind goes at once, what work leaves behind in the next moment of rest
  collectGarbageOfBoot()
  life.scope.defer('collecting when idle', collectWhenIdle())
  rememberGoodBoot(life, configuration, boots, kernel.health().status, occupied.log)
  flushCompileCache()
  // for who writes modules: what is saved is taken over
  if (process.argv.includes('--watch')) await takeOverSaves(life, configuration, kernel, occupied.log)

  // events flow now; a signal or an error in the kernel ends it
  const wish = await life.untilStopped()
  // modules drain in reverse order, then journal and store close, then every file of the run is removed
  occupied.log.log.info({ reason: wish.reason }, 'LOTUS drains')
  await life.end(wish.exitCode)
} catch (error) {
  boots.failed(error)
  await life.fail(error)
}
