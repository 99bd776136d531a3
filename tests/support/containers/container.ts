// a container of the image without an engine: the same files at the same place, read-only, the same user without
// capabilities, the same variables, processes of its own, made with bubblewrap. what differs is that programs of the
// system, and the network, are those of the machine.
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { runCommand, type Ended } from '../run-command.ts'
import { waitFor } from '../wait-for.ts'
import { createImageFolder } from './image-folder.ts'

export interface Container {
  /** as `docker logs`, the end of it. */
  output(): string
  /** a file in a volume: `home/…`, `workspace/…`. */
  read(path: string): string
  /** as `docker exec`: a command inside, to its end. */
  exec(words: readonly string[]): Promise<Ended>
  /** the exit code, once it has ended by itself. */
  readonly ended: Promise<number | null>
  /** as `docker stop`: SIGTERM to its process; gives the exit code. */
  stop(): Promise<number | null>
  dispose(): Promise<void>
}

/** whether containers can be made here: it takes root, who makes the user of the image out of himself. */
export function canContain(): boolean {
  const probe = ['--unshare-pid', '--ro-bind', '/', '/', '--proc', '/proc', 'setpriv', '--bounding-set=-all', 'true']
  return process.getuid?.() === 0 && spawnSync('bwrap', probe).status === 0
}

export interface ContainerOptions {
  /** `uid:gid`, as in the compose file. */
  readonly user: string
  readonly environment: Readonly<Record<string, string>>
  readonly command: readonly string[]
}

/** starts a container; waits for nothing. */
export async function startContainer({ user, environment, command }: ContainerOptions): Promise<Container> {
  const [uid, gid] = user.split(':').map(Number) as [number, number]
  const image = createImageFolder()
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'lotus-container-')))
  const home = join(base, 'home')
  const workspace = join(base, 'workspace')
  // two volumes, one over the other: nothing can be renamed from one into the other.
  for (const folder of [home, workspace, join(home, 'workspace')]) {
    mkdirSync(folder, { mode: 0o700 })
    chownSync(folder, uid, gid)
  }
  for (const folder of [base, image.path]) chmodSync(folder, 0o755)
  const inside = {
    ...environment,
    LOTUS_HOME: '/var/lib/lotus',
    HOME: '/var/lib/lotus',
    PATH: `/opt/lotus/scripts:${dirname(process.execPath)}:/usr/bin:/bin`,
  }
  const asUser = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs']
  const unprivileged = [...asUser, '--bounding-set=-all', '--inh-caps=-all']
  const walls = ['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--die-with-parent', '--clearenv']
  const files = [
    ['--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '--perms', '1777', '--tmpfs', '/tmp'],
    ['--tmpfs', '/opt', '--ro-bind', image.path, '/opt/lotus', '--perms', '1777', '--tmpfs', '/opt/lotus/.runtime'],
    [
      '--tmpfs',
      '/var/lib',
      '--bind',
      home,
      '/var/lib/lotus',
      '--bind',
      workspace,
      '/var/lib/lotus/workspace',
      '--remount-ro',
      '/opt',
      '--remount-ro',
      '/var/lib',
    ],
  ].flat()
  const variables = Object.entries(inside).flatMap(([name, value]) => ['--setenv', name, value])
  const child = spawn(
    'bwrap',
    [...walls, ...files, ...variables, '--chdir', '/var/lib/lotus/workspace', ...unprivileged, ...command],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-4_000)))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-4_000)))
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  // bubblewrap itself, its process 1, and then ours.
  const first = await waitFor(() => childOf(childOf(child.pid)), {
    timeoutMs: 20_000,
    what: () => `the process of the container: ${output}`,
  })
  return {
    ended,
    output: () => output,
    read: (path) => readFileSync(join(base, path), 'utf8'),
    exec: async (words) => {
      const enter = ['nsenter', `--target=${first}`, '--mount', '--pid', '--ipc', '--uts', ...unprivileged]
      const given = Object.entries(inside).map(([name, value]) => `${name}=${value}`)
      const clean = ['env', '--ignore-environment', '--chdir=/var/lib/lotus/workspace', ...given]
      return await runCommand([...enter, ...clean, ...words], { cwd: base, environment: { PATH: process.env['PATH'] } })
    },
    stop: async () => {
      process.kill(first, 'SIGTERM')
      return await ended
    },
    dispose: async () => {
      // its process 1 ends with it, and with that everything inside.
      child.kill('SIGKILL')
      await ended
      rmSync(base, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
      image.dispose()
    },
  }
}

function childOf(pid: number | undefined): number | undefined {
  if (pid === undefined) return undefined
  try {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
    return child === undefined || child === '' ? undefined : Number(child)
  } catch {
    // it has ended.
    return undefined
  }
}
