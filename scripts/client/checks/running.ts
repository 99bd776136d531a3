// checks of what runs: the nucleus, its port, lotus-osd and its socket, and what a crash left behind.
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { isLotusError, toErrorData } from '../../../nucleus/errors.ts'
import { loadSettings } from '../../../nucleus/settings/load.ts'
import { textOf } from '../fields.ts'
import { createClient } from '../http.ts'
import { findHolder, findNucleus } from '../nucleus.ts'
import { connectOsd } from '../osd.ts'
import { readRecord } from '../place.ts'
import type { Place } from '../place.ts'
import { bad, good, warning } from './check.ts'
import type { Check } from './check.ts'

export const checkNucleus: Check = async (place) => {
  const record = findNucleus(place)
  if (record === undefined) {
    const last = readRecord(place)
    if (findHolder(place) !== undefined)
      return [warning('nucleus', 'it is starting, or hangs while it does', 'run `lotus status`')]
    return [
      last === undefined
        ? good('nucleus', 'not running')
        : warning(
            'nucleus',
            `process ${last.pid} was killed or crashed`,
            'run `lotus start`: it mends what was left, and `lotus logs` says why',
          ),
    ]
  }
  try {
    const { body } = await createClient(record.url, undefined).probe({ path: '/health', timeoutMs: 5000 })
    const status = textOf(body, 'status', 'unknown')
    const text = `${status} at ${record.url}`
    return [status === 'healthy' ? good('nucleus', text) : warning('nucleus', text, '`lotus status` says why')]
  } catch (error) {
    if (!isLotusError(error)) throw error
    return [bad('nucleus', toErrorData(error).message, 'run `lotus restart`')]
  }
}

async function isFree(port: number, host: string): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const server = createServer()
    server.once('error', (fault: NodeJS.ErrnoException) => resolve(fault.code ?? fault.message))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)))
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
  if (findHolder(place) !== undefined) return [good('port', 'in use by LOTUS')]
  const fault = await isFree(port, host)
  if (fault === undefined) return [good('port', `${host}:${port} is free`)]
  if (fault === 'EADDRINUSE')
    return [
      bad('port', `another program has ${host}:${port}`, 'set LOTUS_HTTP_PORT to another one, or end that program'),
    ]
  return [
    bad(
      'port',
      `${host}:${port} cannot be used: ${fault}`,
      'set LOTUS_HTTP_HOST and LOTUS_HTTP_PORT to what this machine has',
    ),
  ]
}

export const checkOsd: Check = async (place) => {
  const socket = readRecord(place)?.osdSocket ?? ''
  const isRunning = findHolder(place) !== undefined
  if (!isRunning) {
    return socket !== '' && existsSync(socket)
      ? [warning('lotus-osd', `its socket was left behind: ${socket}`, 'run `lotus start`, which cleans it up')]
      : [good('lotus-osd', 'not running')]
  }
  try {
    const osd = await connectOsd(socket)
    try {
      const { status, problems } = await osd.call('osd.health', {})
      if (status === 'healthy') return [good('lotus-osd', `healthy at ${socket}`)]
      const told = Array.isArray(problems) ? problems.map(String).join('; ') : ''
      return [bad('lotus-osd', `${String(status)}: ${told}`, 'mend what it names, then run `lotus restart`')]
    } finally {
      osd.close()
    }
  } catch (error) {
    if (!isLotusError(error)) throw error
    return [
      bad('lotus-osd', toErrorData(error).message, 'run `lotus restart`; `lotus logs --module operator` says why'),
    ]
  }
}
