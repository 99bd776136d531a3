// starts a real lotus-osd in a folder of its own, and clients that are processes of their own.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { Duplex } from 'node:stream'
import type { Plan, PlanOutcome, PlanStep } from '../../../../modules/operator/contract.ts'
import type { TicketIssued } from '../../../../modules/operator/osd/protocol.ts'
import type { StartSettings } from '../../../../modules/operator/osd/settings.ts'
import { connectPeer, createPeer } from '../../../../nucleus/wire/peer.ts'
import type { Peer } from '../../../../nucleus/wire/peer.ts'

// compiled code is kept between tests: most of the time that osd takes to start.
const compileCache = join(tmpdir(), `lotus-test-compile-cache-${process.getuid?.() ?? 0}`)
const project = resolve(import.meta.dirname, '../../../..')

/** a temporary folder that is removed when the scope ends. */
export function temporaryFolder(prefix = 'lotus-operator-'): { path: string } & Disposable {
  const path = realpathSync(mkdtempSync(join(tmpdir(), prefix)))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

export interface TestOsd extends AsyncDisposable {
  readonly home: string
  readonly socket: string
  readonly secret: string
  readonly process: ChildProcess
  /** what it wrote to its standard output. */
  readonly lines: readonly Record<string, unknown>[]
  readonly exited: Promise<number | null>
  stop(): Promise<void>
}

/**
 * starts osd and waits until it is ready.
 * @param under a program that it is started by, such as strace with its arguments.
 * @param secretLater the secret, where it shall be told later than the settings.
 * @throws what it says where it can't start.
 */
export async function startOsd(
  home: string,
  settings: Partial<StartSettings> = {},
  under: readonly string[] = [],
  secretLater?: Promise<string>,
): Promise<TestOsd> {
  mkdirSync(join(home, 'run'), { recursive: true, mode: 0o750 })
  const socket = settings.socket ?? join(home, 'run', 'osd.sock')
  let secret = randomBytes(32).toString('hex')
  const words = [...under, process.execPath, join(project, 'modules/operator/osd/main.ts')]
  const child = spawn(words[0] ?? process.execPath, words.slice(1), {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', NODE_COMPILE_CACHE: compileCache },
  })
  const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)))
  const lines: Record<string, unknown>[] = []
  const started: Partial<StartSettings> = {
    home,
    socket,
    policies: [join(project, 'config/policies')],
    ...settings,
  }
  child.stdin.on('error', () => undefined)
  child.stdin.write(`${JSON.stringify(started)}\n`)
  if (secretLater !== undefined) secret = await secretLater
  child.stdin.write(`${JSON.stringify({ secret })}\n`)
  await new Promise<void>((ready, failed) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const told = JSON.parse(line) as Record<string, unknown>
      lines.push(told)
      if (told['ready'] === true) ready()
      if (told['failed'] === true) failed(Object.assign(new Error(JSON.stringify(told['error'])), told['error']))
    })
    child.once('exit', (code) => failed(new Error(`osd ended with ${code}`)))
  })
  const stop = async (): Promise<void> => {
    child.stdin.end()
    await exited
  }
  return { home, socket, secret, process: child, lines, exited, stop, [Symbol.asyncDispose]: stop }
}

/** connects as the nucleus would. */
export async function attach(osd: TestOsd, onCall?: (method: string, params: unknown) => unknown): Promise<Peer> {
  const peer = await connectPeer(osd.socket, onCall === undefined ? {} : { onCall })
  await peer.call('nucleus.attach', { secret: osd.secret })
  return peer
}

export interface TestClient extends AsyncDisposable {
  readonly peer: Peer
  readonly process: ChildProcess
}

/** a client in a process of its own, with its own working folder, environment and user. */
export async function startClient(
  socket: string,
  options: { cwd: string; env?: Record<string, string>; uid?: number },
): Promise<TestClient> {
  const relay = join(import.meta.dirname, 'relay.ts')
  const own = [process.execPath, relay, socket]
  const asUser = ['--reuid', String(options.uid), '--regid', String(options.uid), '--clear-groups', '--', ...own]
  const [program, args] = options.uid === undefined ? [process.execPath, own.slice(1)] : ['setpriv', asUser]
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', NODE_COMPILE_CACHE: compileCache, ...options.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const peer = createPeer(Duplex.from({ readable: child.stdout, writable: child.stdin }))
  const exited = new Promise((done) => child.once('exit', done))
  return {
    peer,
    process: child,
    async [Symbol.asyncDispose]() {
      peer.close()
      child.kill('SIGKILL')
      await exited
    },
  }
}

export function planOf(...steps: (Omit<PlanStep, 'id'> & { id?: string })[]): Plan {
  return {
    version: 1,
    goal: 'a test',
    origin: 'test',
    steps: steps.map((step, index) => ({ id: `s${index + 1}`, ...step })),
  }
}

let traces = 0

/** a fresh trace id. */
export function nextTrace(): string {
  traces += 1
  return `${String(process.pid).padStart(16, '0')}${String(traces).padStart(16, '0')}`
}

/** a client with a ticket and the nucleus' connection, for tests that submit plans. */
export interface Session {
  readonly ticket: TicketIssued
  readonly nucleus: Peer
  readonly client: Peer
  /** submits; a confirm is answered by the client with `answer`. */
  submit(
    plan: Plan | string,
    options?: {
      answer?: 'yes' | 'no' | 'absent' | 'none'
      by?: 'person' | 'yes_flag'
      traceId?: string
      onWaiting?: (question: { plan_id: string; plan_hash: string }) => void
      signal?: AbortSignal
    },
  ): Promise<PlanOutcome>
}

export async function openSession(
  osd: TestOsd,
  cwd: string,
  env: Record<string, string> = {},
): Promise<Session & AsyncDisposable> {
  const client = await startClient(osd.socket, { cwd, env })
  const ticket = (await client.peer.call('ticket.issue')) as TicketIssued
  const waiting = new Map<string, (question: { plan_id: string; plan_hash: string }) => void>()
  const nucleus = await connectPeer(osd.socket, {
    onNotice(method, params) {
      const question = params as { plan_id: string; plan_hash: string; trace_id: string }
      if (method === 'plan.waiting') waiting.get(question.trace_id)?.(question)
    },
  })
  await nucleus.call('nucleus.attach', { secret: osd.secret })
  return {
    ticket,
    nucleus,
    client: client.peer,
    async submit(plan, { answer = 'yes', by = 'person', traceId = nextTrace(), signal, onWaiting } = {}) {
      waiting.set(traceId, ({ plan_id, plan_hash }) => {
        onWaiting?.({ plan_id, plan_hash })
        if (answer === 'none') return
        const say = (word: string) => client.peer.call('plan.answer', { plan_id, plan_hash, answer: word, by })
        // a test may end osd in the middle of the answer.
        void say(answer)
          .then((reply) => ((reply as { accepted: boolean }).accepted ? undefined : say('absent')))
          .catch(() => undefined)
      })
      const text = typeof plan === 'string' ? plan : JSON.stringify(plan)
      const params = {
        plan: text,
        ticket: ticket.ticket,
        trace_id: traceId,
        client: { time_zone: 'UTC', locale: 'en', width: 80 },
      }
      return (await nucleus.call('plan.submit', params, {
        timeoutMs: 60_000,
        ...(signal === undefined ? {} : { signal }),
      })) as PlanOutcome
    },
    async [Symbol.asyncDispose]() {
      nucleus.close()
      await client[Symbol.asyncDispose]()
    },
  }
}
