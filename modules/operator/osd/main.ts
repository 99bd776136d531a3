// the process lotus-osd: the only one that acts. it reads its settings from standard input and begins with them; it is
// ready when it knows the secret of its nucleus, too. it answers on its socket, and ends when
// standard input does and no other process has taken it over: then its nucleus is gone.
import { closeSync, constants, fstatSync, mkdirSync, openSync, realpathSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { z } from 'zod'
import { defineErrors, toErrorData } from '../../../nucleus/errors.ts'
import { fileError } from './native/errno.ts'
import { closeInheritedOnExec, lockExclusive } from './native/libc.ts'
import { createOsd, type Osd, type OsdOptions } from './osd.ts'
import { secretSchema, startSchema } from './settings.ts'

const startErrors = defineErrors({
  OSD_RUNNING: {
    title: 'another lotus-osd works on this LOTUS_HOME',
    fix: 'end the other LOTUS first (./start_lotus.sh stop), or use another LOTUS_HOME',
    retryable: true,
  },
  OSD_SETTINGS: { title: 'lotus-osd got no settings to start with', fix: 'start it through ./start_lotus.sh' },
})

process.title = 'lotus-osd'
process.umask(0o077)
// nothing that this process was born with or opens later reaches a program that it starts.
closeInheritedOnExec()

// whoever has read it may be gone, which must not end what is under way
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)

/** one line of JSON for the nucleus; also how errors and log lines are told. */
function tell(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

const drainMs = 5_000
// an osd whose nucleus was killed needs a moment to end; a new one waits for it.
const lockWaitMs = 8_000

/** one osd a LOTUS_HOME: two would write two audit chains. gives how the lock is given back. */
async function lockHome(home: string): Promise<() => void> {
  const path = join(home, 'run', 'osd.lock')
  for (const startedMs = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
    // the lock of a file that its last holder has removed meanwhile keeps nobody out
    if (lockExclusive(descriptor) && isFileAt(path, descriptor)) return () => rmSync(path, { force: true })
    closeSync(descriptor)
    if (Date.now() - startedMs > lockWaitMs) throw startErrors.OSD_RUNNING({ value: path })
  }
}

function isFileAt(path: string, descriptor: number): boolean {
  return statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(descriptor).ino
}

/** @throws OSD_SETTINGS */
function read<Schema extends z.ZodType>(schema: Schema, line: string): z.output<Schema> {
  // each is checked once: zod would write code for it first, which takes longer than it saves
  const parsed = schema.safeParse(JSON.parse(line), { jitless: true })
  if (!parsed.success) throw startErrors.OSD_SETTINGS({ detail: parsed.error.issues[0]?.message ?? '' })
  return parsed.data
}

interface Ends {
  /** the process that started osd has let go of its standard input, or is gone. */
  readonly starterGone: Promise<string>
  readonly signalled: Promise<string>
}

async function start(line: string, secretLine: Promise<string>, { starterGone, signalled }: Ends): Promise<void> {
  const settings = read(startSchema, line)
  for (const folder of ['', 'run', 'audit', 'undo', 'trash', 'policies']) {
    const path = join(settings.home, folder)
    try {
      mkdirSync(path, { recursive: true, mode: folder === 'run' ? 0o750 : 0o700 })
    } catch (error) {
      throw fileError(error, path)
    }
  }
  const home = realpathSync.native(settings.home)
  const unlock = await lockHome(home)
  try {
    let isAlone = false
    let look = (): void => undefined
    let tellAttached: Osd['tell'] = () => undefined
    const log: OsdOptions['log'] = (level, message, fields = {}) => {
      if (isAlone) tellAttached(level, message, fields)
      else tell({ log: level, message, ...fields })
    }
    const osd = await createOsd({ ...settings, home }, { log, onHeirGone: () => look() })
    tellAttached = osd.tell
    const told = await Promise.race([secretLine, starterGone.then(() => undefined), signalled.then(() => undefined)])
    if (told !== undefined) {
      osd.trust(read(secretSchema, told).secret)
      tell({ ready: true, socket: settings.socket, pid: process.pid, recovered: osd.recovered })
      // from here on nobody waits for it to start
      const { collectWhenIdle } = await import('../../../nucleus/process/garbage.ts')
      collectWhenIdle()
    }
    // one that another process has taken over lives as long as the connection of that one
    const nobodyLeft = new Promise<string>((resolve) => {
      look = () => {
        if (isAlone && !osd.isTakenOver) resolve('the nucleus is gone')
      }
      void starterGone.then(() => {
        isAlone = true
        look()
      })
    })
    const reason = await Promise.race([signalled, nobodyLeft, osd.stopRequested])
    log('info', 'lotus-osd ends', { reason })
    await osd.close(drainMs)
  } finally {
    unlock()
  }
}

const input = createInterface({ input: process.stdin })
const starterGone = new Promise<string>((resolve) => input.once('close', () => resolve('the nucleus is gone')))
const signalled = new Promise<string>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
})

const secretLine = Promise.withResolvers<string>()
input.once('line', (line) => {
  input.once('line', secretLine.resolve)
  start(line, secretLine.promise, { starterGone, signalled }).then(
    () => process.exit(0),
    (error: unknown) => {
      tell({ failed: true, error: toErrorData(error) })
      process.exit(1)
    },
  )
})
