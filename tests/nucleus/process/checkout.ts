// a checkout for tests: this project's nucleus with modules of the test's own, started as a process of its own.
import { spawn, type ChildProcess } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'

const project = join(import.meta.dirname, '../../..')

export interface RunningNucleus {
  readonly child: ChildProcess
  readonly pid: number
  stderr(): string
  /** the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
}

export interface Checkout {
  readonly root: string
  readonly home: string
  writeModule(name: string, manifest: Readonly<Record<string, unknown>>, code: string): Promise<void>
  start(environment?: Readonly<Record<string, string>>, args?: readonly string[]): RunningNucleus
  /** `lotus WORDS` of this project on the checkout, to its end. */
  lotus(...words: readonly string[]): Promise<{ code: number | null; output: string }>
  /** run/nucleus.json; undefined where there is none. */
  record(): Promise<Record<string, unknown> | undefined>
  /** waits until run/nucleus.json says one of these. */
  untilStatus(...statuses: string[]): Promise<void>
  log(): Promise<string>
  remove(): Promise<void>
}

/** makes a checkout with one module, `example`, that provides a service and answers its health. */
export async function createCheckout(): Promise<Checkout> {
  const root = await mkdtemp(join(tmpdir(), 'lotus-checkout-'))
  const home = join(root, 'home')
  const children = new Set<ChildProcess>()
  await cp(join(project, 'nucleus.ts'), join(root, 'nucleus.ts'))
  await cp(join(project, 'package.json'), join(root, 'package.json'))
  await cp(join(project, 'scripts'), join(root, 'scripts'), { recursive: true })
  for (const name of ['nucleus', 'node_modules']) await symlink(join(project, name), join(root, name))

  const readRecord = async (): Promise<Record<string, unknown> | undefined> => {
    try {
      return JSON.parse(await readFile(join(home, 'run/nucleus.json'), 'utf8')) as Record<string, unknown>
    } catch {
      return undefined
    }
  }
  const checkout: Checkout = {
    root,
    home,
    writeModule: async (name, manifest, code) => {
      const folder = join(root, 'modules', name)
      await mkdir(folder, { recursive: true })
      const complete = { name, version: '1.0.0', description: 'of a test', kernel: '^1', ...manifest }
      await writeFile(join(folder, 'manifest.json'), JSON.stringify(complete))
      await writeFile(
        join(folder, 'module.ts'),
        `import { defineModule } from '../../nucleus/modules/module.ts'\n${code}`,
      )
    },
    start: (environment = {}, args = []) => {
      const child = spawn(process.execPath, ['nucleus.ts', ...args], {
        cwd: root,
        env: { PATH: process.env['PATH'], HOME: root, LOTUS_HOME: home, ...environment },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      children.add(child)
      let stderr = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      const ended = new Promise<number | string>((resolve) => {
        child.once('close', (code, signal) => {
          children.delete(child)
          resolve(code ?? signal ?? -1)
        })
      })
      return { child, pid: child.pid!, stderr: () => stderr, ended }
    },
    lotus: async (...words) => {
      const child = spawn(process.execPath, ['scripts/lotus.ts', ...words], {
        cwd: root,
        env: { PATH: process.env['PATH'], HOME: root, LOTUS_HOME: home },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      children.add(child)
      let output = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => (output += text))
      }
      return await new Promise((resolve) => {
        child.once('close', (code) => {
          children.delete(child)
          resolve({ code, output })
        })
      })
    },
    record: readRecord,
    untilStatus: async (...statuses) => {
      await vi.waitFor(
        async () => {
          const status = (await readRecord())?.['status']
          if (!statuses.includes(String(status))) throw new Error(`status is ${String(status)}`)
        },
        { timeout: 10_000, interval: 10 },
      )
    },
    log: async () => await readFile(join(home, 'logs/lotus.log'), 'utf8'),
    remove: async () => {
      for (const child of children) child.kill('SIGKILL')
      await rm(root, { recursive: true, force: true })
    },
  }
  await checkout.writeModule(
    'example',
    { provides: ['example'], core: true },
    `export default defineModule({ start: () => ({
      services: { example: {} },
      announce: { url: 'http://127.0.0.1:1' },
      report: () => ({ goals: { 'innate/completed': 2 }, cost_usd: 0 }),
    }) })`,
  )
  return checkout
}
