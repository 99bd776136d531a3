// what runs: the nucleus and its port, and what a crash left behind of them.
import { lstatSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { isLotusError, toErrorData } from '../../../nucleus/errors.ts'
import { loadSettings } from '../../../nucleus/settings/load.ts'
import { textOf } from '../fields.ts'
import { createClient } from '../http.ts'
import { findHolder, findNucleus } from '../nucleus.ts'
import { readRecord } from '../place.ts'
import type { Place } from '../place.ts'
import { bad, good, run, shellWord, warning } from './check.ts'
import type { Check, Finding } from './check.ts'

/** files of this age below `run` belong to no start that is under way. */
const abandonedMs = 60_000

export const checkNucleus: Check = async (place) => {
  const record = findNucleus(place)
  if (record === undefined) {
    if (findHolder(place) !== undefined)
      return [warning('nucleus.starting', 'it is starting, or hangs while it does', run('lotus status'))]
    const last = readRecord(place)
    if (last === undefined) return [good('nucleus.running', 'not running'), checkLeft(place)]
    return [
      warning(
        'nucleus.killed',
        `process ${last.pid} was killed or crashed`,
        run('lotus start', 'which mends what was left; `lotus logs` says why'),
      ),
    ]
  }
  try {
    const { body } = await createClient(record.url, undefined).probe({ path: '/health', timeoutMs: 5000 })
    const status = textOf(body, 'status', 'unknown')
    const text = `${status} at ${record.url}`
    if (status === 'healthy') return [good('nucleus.running', text)]
    return [warning('nucleus.health', text, run('lotus status', 'which says why'))]
  } catch (error) {
    if (!isLotusError(error)) throw error
    return [bad('nucleus.silent', toErrorData(error).message, run('lotus restart'))]
  }
}

/** locks, sockets and half-written files that nobody works with any more. */
function checkLeft(place: Place): Finding {
  const folder = join(place.home, 'run')
  const left = namesIn(folder)
    .filter((name) => /(?:\.tmp|\.pid|\.pid\.cleaning|\.sock)$/.test(name))
    .map((name) => join(folder, name))
    .filter((path) => Date.now() - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > abandonedMs)
  if (left.length === 0) return good('nucleus.left', 'nothing is left of an earlier run')
  return warning('nucleus.left', `left by a LOTUS that was killed: ${left.join(', ')}`, {
    ...run(`rm -f ${left.map(shellWord).join(' ')}`, 'or start LOTUS, which does the same'),
    mend: () => {
      // somebody may have started it meanwhile: then these are its own
      if (findHolder(place) !== undefined) return 'left alone: LOTUS runs now'
      for (const path of left) rmSync(path, { force: true })
      return `removed ${left.join(', ')}`
    },
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // never started, or the folder is told by its own check
    return []
  }
}

async function listenOn(port: number, host: string): Promise<{ fault?: string; port?: number }> {
  return await new Promise((resolve) => {
    const server = createServer()
    server.once('error', (fault: NodeJS.ErrnoException) => resolve({ fault: fault.code ?? fault.message }))
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      const got = typeof address === 'object' && address !== null ? address.port : port
      server.close(() => resolve({ port: got }))
    })
  })
}

function addressOf({ root, environment }: Place): { host: string; port: number } | undefined {
  try {
    const { core } = loadSettings({ root, environment, schemas: {} })
    return { host: core.httpHost, port: core.httpPort }
  } catch {
    // what is wrong with the settings is told by their own check.
    return undefined
  }
}

export const checkPort: Check = async (place) => {
  const address = addressOf(place)
  if (address === undefined) return []
  const { host, port } = address
  if (findHolder(place) !== undefined) return [good('port.free', 'in use by LOTUS')]
  const { fault } = await listenOn(port, host)
  if (fault === undefined) return [good('port.free', `${host}:${port} is free`)]
  if (fault !== 'EADDRINUSE') {
    return [
      bad(
        'port.unusable',
        `${host}:${port} cannot be used: ${fault}`,
        'set LOTUS_HTTP_HOST and LOTUS_HTTP_PORT to what this machine has',
      ),
    ]
  }
  const other = (await listenOn(0, host)).port ?? port + 1
  return [
    bad('port.taken', `another program has ${host}:${port}`, {
      fix: `end that program, set LOTUS_HTTP_PORT, or run \`lotus start --port ${other}\``,
      command: `lotus start --port ${other}`,
    }),
  ]
}
