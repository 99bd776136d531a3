// processes that modules run beside the nucleus. they are begun before anything else of the boot, so that they load
// their code while the nucleus loads its own. the first line of its standard input tells each what its module is set to,
// as soon as that is known; the rest its module tells it, which takes it over when it starts.
import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { memoryEnvironment } from './start-options.ts'

/** what the `helper` of a manifest says. */
export interface Helper {
  /** the script, beneath the module's folder. */
  readonly entry: string
  /** options of Node. */
  readonly options?: readonly string[]
  /** a file beneath the module's folder: its default export makes the first line, before it is JSON, of the settings. */
  readonly settings: string
}

export type HelperProcess = ChildProcess & {
  readonly stdin: NonNullable<ChildProcess['stdin']>
  readonly stdout: NonNullable<ChildProcess['stdout']>
  readonly stderr: NonNullable<ChildProcess['stderr']>
}

// what a helper needs of the environment; secrets of the nucleus are none of its business.
const passedOn = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'XDG_RUNTIME_DIR',
  // where the desktop of this session listens: notifications go there
  'DBUS_SESSION_BUS_ADDRESS',
  'NODE_COMPILE_CACHE',
  'TMPDIR',
  ...Object.keys(memoryEnvironment),
]

// the one thing that the process itself hands to modules: there is one boot a process, and it is over in a moment.
const waiting = new Map<
  string,
  { readonly process: HelperProcess; readonly helper: Helper; told: string | undefined }
>()

/** begins the helper of every module that has one. what is wrong with a manifest is told by who reads it properly. */
export function beginHelpers(modulesFolder: string): void {
  for (const name of readdirSync(modulesFolder)) {
    const folder = join(modulesFolder, name)
    const helper = helperIn(folder)
    if (helper !== undefined) waiting.set(folder, { process: spawnHelper(folder, helper), helper, told: undefined })
  }
}

/** tells every helper that waits what its module is set to, so that it need not wait for its module. */
export async function tellHelpers(settingsOf: (folder: string) => unknown): Promise<void> {
  for (const [folder, early] of waiting) {
    const settings = settingsOf(folder)
    // its module is left out of this start
    if (settings === undefined) continue
    const file = pathToFileURL(join(folder, early.helper.settings)).href
    const { default: make } = (await import(file)) as { default(settings: unknown): unknown }
    early.told = JSON.stringify(make(settings))
    early.process.stdin.write(`${early.told}\n`)
  }
}

/**
 * gives the helper that waits for this module, or starts one; it has been told `first`. its caller owns it from here on.
 * @param first - what the helper is told first, as `settings` of its manifest makes it
 */
export function takeHelper(folder: string, first: unknown): HelperProcess {
  const line = JSON.stringify(first)
  const early = waiting.get(folder)
  waiting.delete(folder)
  if (early !== undefined && isAlive(early.process)) {
    if (early.told === line) return early.process
    // it works with other settings already
    early.process.kill('SIGKILL')
  }
  const helper = helperIn(folder)
  if (helper === undefined) throw new Error(`${folder}/manifest.json names no helper`)
  const child = spawnHelper(folder, helper)
  child.stdin.write(`${line}\n`)
  return child
}

function isAlive({ pid, exitCode, signalCode }: HelperProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null
}

/** ends helpers that nobody took: their modules did not start. */
export function endWaitingHelpers(): void {
  for (const { process } of waiting.values()) process.kill('SIGKILL')
  waiting.clear()
}

function spawnHelper(folder: string, { entry, options = [] }: Helper): HelperProcess {
  const environment: NodeJS.ProcessEnv = { ...memoryEnvironment }
  for (const name of passedOn) if (process.env[name] !== undefined) environment[name] = process.env[name]
  // a group of its own: ctrl+c in the terminal is for the nucleus, which then lets its helpers finish
  const child = spawn(process.execPath, [...options, join(folder, entry)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment,
    cwd: '/',
    detached: true,
  })
  // one that can't be started has no number: who takes it sees that, or hears of it
  child.on('error', () => undefined)
  // the same holds for one that ends while it is written to
  child.stdin.on('error', () => undefined)
  return child
}

function helperIn(folder: string): Helper | undefined {
  try {
    return (JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { helper?: Helper }).helper
  } catch {
    // no module, or one whose manifest is told about later
    return undefined
  }
}
