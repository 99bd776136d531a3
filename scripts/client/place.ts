// where this LOTUS lies: the project's folder, LOTUS_HOME, and the few files that a client reads there.
import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { findHome } from '../../nucleus/settings/home.ts'
import { clientErrors } from './errors.ts'
import { textOf } from './fields.ts'

/** what the nucleus says about itself in LOTUS_HOME/run/nucleus.json; removed when it ends well. */
export interface NucleusRecord {
  readonly pid: number
  readonly url: string
  readonly osdSocket: string
  /** it works for the nucleus of a system, and takes no goals. */
  readonly isWorker: boolean
  readonly status: string
  readonly version: string
}

export interface Place {
  readonly root: string
  readonly home: string
  readonly environment: NodeJS.ProcessEnv
}

/** finds the place; `root` is the project's folder. */
export function findPlace(root: string, environment: NodeJS.ProcessEnv): Place {
  return Object.freeze({ root, home: findHome({ root, environment }), environment })
}

function readJson(path: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  } catch {
    // absent, or half written by a process that was killed: both mean that nothing is known.
    return undefined
  }
}

/** the version of this project. */
export function readVersion(place: Place): string {
  return textOf(readJson(join(place.root, 'package.json')) ?? {}, 'version', 'unknown')
}

/** what the nucleus last wrote about itself, whether it still lives or not. */
export function readRecord(place: Place): NucleusRecord | undefined {
  const record = readJson(join(place.home, 'run', 'nucleus.json'))
  if (record === undefined || typeof record['pid'] !== 'number' || typeof record['url'] !== 'string') return undefined
  return {
    pid: record['pid'],
    url: record['url'],
    osdSocket: textOf(record, 'osd_socket'),
    isWorker: textOf(record, 'role') === 'worker',
    status: textOf(record, 'status', 'unknown'),
    version: textOf(record, 'version', 'unknown'),
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw clientErrors.TOKEN_UNREADABLE({ value: path, cause: fault })
  }
}

/** the token for the HTTP interface: from the environment, a `.env` or LOTUS_HOME/token. @throws TOKEN_UNREADABLE */
export function readToken(place: Place): string {
  const given = place.environment['LOTUS_HTTP_TOKEN']
  if (given) return given
  for (const folder of [place.home, place.root]) {
    const inFile = parseEnv(readText(join(folder, '.env')) ?? '')['LOTUS_HTTP_TOKEN']
    if (inFile) return inFile
  }
  const path = join(place.home, 'token')
  const token = readText(path)?.trim()
  if (!token) throw clientErrors.TOKEN_UNREADABLE({ value: path })
  return token
}

/** whether `lotus` on the PATH is this project's. */
export function isOnPath(place: Place): boolean {
  for (const folder of (place.environment['PATH'] ?? '').split(':').filter((entry) => entry !== '')) {
    try {
      return realpathSync(join(folder, 'lotus')) === realpathSync(join(place.root, 'scripts', 'lotus'))
    } catch {
      // no `lotus` in this folder; the next one may have it.
    }
  }
  return false
}

/** the file that a nucleus in the background writes to before its log is open. */
export function bootLogPath(place: Place): string {
  return join(place.home, 'logs', 'boot.log')
}
