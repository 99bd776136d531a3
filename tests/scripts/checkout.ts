/**
 * a checkout in a temporary folder with the real start scripts, an npm that needs no network and
 * a PATH that holds only what a bare machine has.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const scripts = ['lotus', 'llmsh', 'settle-node.sh', 'settle-runtime.sh', 'packages-match.ts', 'install-hooks.sh']
const bareTools =
  'bash sh env cat readlink dirname stat mktemp mkdir rm mv cp chmod uname tr grep sed cut sha512sum sha256sum base64 tar gzip find head tail flock ln git'

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcess
  readonly finished: Promise<Finished>
  /** resolves when stderr has said something; rejects when the process ends without */
  readonly said: (text: string) => Promise<void>
}

export interface Checkout {
  readonly folder: string
  /** the one folder on the PATH */
  readonly bin: string
  readonly start: (words: readonly string[], options?: { cwd?: string; script?: string }) => Running
  /** the words of each call of npm so far */
  readonly npmCalls: () => readonly string[]
  /** makes npm wait, before its work is done, until `openGate` is called */
  readonly closeGate: () => void
  readonly openGate: () => void
  readonly failNpm: (output: string) => void
  readonly addNodeToPath: () => void
  readonly removeTool: (name: string) => void
  readonly write: (file: string, text: string) => void
  readonly read: (file: string) => string
  readonly exists: (file: string) => boolean
  readonly dispose: () => void
}

function which(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))
}

// packs what lies in the registry folder, or installs a tree that equals the lock
const fakeNpm = (registry: string): string => `#!/bin/bash
echo "$*" >>${registry}/calls
if [[ -p ${registry}/gate ]]; then read -r _ <${registry}/gate; fi
if [[ -f ${registry}/failure ]]; then cat ${registry}/failure >&2; exit 1; fi
case $1 in
  pack) cp ${registry}/node.tgz "$PWD/node-0.tgz" ;;
  ci) mkdir -p node_modules/left && echo '{}' >node_modules/left/package.json && cp package-lock.json node_modules/.package-lock.json ;;
esac
`

// a Node by another path: says where it is when asked, else it is the real one
const fakeNode = `#!/bin/bash
if [[ $1 == -p ]]; then echo "$0"; else exec ${process.execPath} "$@"; fi
`

export function lockOf(version: string, development = false): string {
  const left = { version, ...(development ? { dev: true } : {}) }
  return JSON.stringify({ name: 'lotus', lockfileVersion: 3, packages: { '': {}, 'node_modules/left': left } })
}

export function createCheckout(): Checkout {
  const base = mkdtempSync(join(tmpdir(), 'lotus-checkout-'))
  const folder = join(base, 'lotus')
  const bin = join(base, 'bin')
  const registry = join(base, 'registry')
  for (const path of [join(folder, 'scripts'), bin, join(registry, 'package', 'bin')])
    mkdirSync(path, { recursive: true })

  cpSync(join(root, 'start_lotus.sh'), join(folder, 'start_lotus.sh'))
  for (const script of scripts) cpSync(join(root, 'scripts', script), join(folder, 'scripts', script))
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text)
  write('scripts/lotus.ts', 'console.log(JSON.stringify({ words: process.argv.slice(2), cwd: process.cwd() }))\n')
  write('package.json', '{ "name": "lotus", "type": "module" }')
  write('package-lock.json', lockOf('1.0.0'))

  for (const tool of bareTools.split(' ')) {
    const path = which(tool)
    if (path !== undefined) symlinkSync(path, join(bin, tool))
  }
  writeFileSync(join(bin, 'npm'), fakeNpm(registry))
  chmodSync(join(bin, 'npm'), 0o755)

  writeFileSync(join(registry, 'package', 'bin', 'node'), fakeNode)
  chmodSync(join(registry, 'package', 'bin', 'node'), 0o755)
  execFileSync('tar', ['-czf', join(registry, 'node.tgz'), '-C', registry, 'package'])
  const hash = (algorithm: string, path: string, encoding: 'base64' | 'hex'): string =>
    createHash(algorithm).update(readFileSync(path)).digest(encoding)
  write(
    'scripts/runtime.lock',
    `linux-${process.arch} node-package 24.0.0 sha512-${hash('sha512', join(registry, 'node.tgz'), 'base64')} ` +
      `${hash('sha256', join(registry, 'package', 'bin', 'node'), 'hex')}\n`,
  )

  return {
    folder,
    bin,
    start(words, options = {}) {
      const child = spawn(options.script ?? join(folder, 'start_lotus.sh'), words, {
        cwd: options.cwd ?? base,
        env: { PATH: bin, HOME: base },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let stdout = ''
      let stderr = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text))
      const finished = new Promise<Finished>((resolve, reject) => {
        child.on('error', reject)
        child.on('close', (code) => resolve({ code, stdout, stderr }))
      })
      const said = (text: string): Promise<void> =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            if (stderr.includes(text)) resolve()
          }
          child.stderr.on('data', look)
          child.on('close', () => reject(new Error(`ended without saying “${text}”: ${stderr}`)))
          look()
        })
      return { child, finished, said }
    },
    npmCalls: () =>
      existsSync(join(registry, 'calls')) ? readFileSync(join(registry, 'calls'), 'utf8').trim().split('\n') : [],
    closeGate: () => void execFileSync('mkfifo', [join(registry, 'gate')]),
    openGate() {
      // writing waits for the reader, so that the gate is gone only after npm came through
      execFileSync('sh', ['-c', 'echo >"$1" && rm "$1"', 'sh', join(registry, 'gate')])
    },
    failNpm: (output) => writeFileSync(join(registry, 'failure'), output),
    addNodeToPath: () => symlinkSync(process.execPath, join(bin, 'node')),
    removeTool: (name) => rmSync(join(bin, name)),
    write,
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    exists: (file) => existsSync(join(folder, file)),
    dispose: () => rmSync(base, { recursive: true, force: true }),
  }
}
