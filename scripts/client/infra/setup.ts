// makes what a server needs to have for LOTUS, or says what to type where LOTUS may not.
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../../nucleus/infrastructure/server-link.ts'
import { clientErrors } from '../errors.ts'
import type { Place } from '../place.ts'
import { checkServer } from './check.ts'
import { usualUrls, variables, type ServerLook, type ServerName } from './servers.ts'

export interface SetupOptions {
  readonly server: ServerName
  /** from the settings; empty where it is not set. */
  readonly url: string
  /** a role of Postgres that may make roles and databases. */
  readonly adminUrl?: string
  readonly role: string
  readonly database: string
}

export interface SetupResult {
  readonly look: ServerLook
  /** the address that works now, or would. */
  readonly url: string
  /** what was made. */
  readonly made: readonly string[]
  /** what a person has to type, line by line; empty where nothing is left to do. */
  readonly toDo: readonly string[]
}

/** @throws USAGE */
export async function setUpServer(options: SetupOptions): Promise<SetupResult> {
  const { server } = options
  const url = options.url === '' ? usualUrls[server] : options.url
  const look = await checkServer(server, url)
  if (look.status === 'works') return { look, url, made: [], toDo: [] }
  if (server !== 'postgres') return { look, url, made: [], toDo: server === 'redis' ? redisSteps() : chromaSteps() }
  return await setUpPostgres(options, look)
}

async function setUpPostgres(options: SetupOptions, before: ServerLook): Promise<SetupResult> {
  const wanted = wantedOf(options)
  if (options.adminUrl === undefined) return { look: before, url: wanted.url, made: [], toDo: postgresSteps(wanted) }
  const made = await makeRoleAndDatabase(options.adminUrl, wanted, options.url !== '')
  return { look: await checkServer('postgres', wanted.url), url: wanted.url, made, toDo: [] }
}

interface Wanted {
  readonly url: string
  readonly role: string
  readonly password: string
  readonly database: string
}

/** what the settings name is made as they name it; else a role with a password that nobody can guess. */
function wantedOf({ url, adminUrl, role, database }: SetupOptions): Wanted {
  if (url !== '') {
    const { username, password, pathname } = new URL(url)
    const name = decodeURIComponent(username)
    return {
      url,
      role: name === '' ? role : name,
      password: decodeURIComponent(password),
      database: decodeURIComponent(pathname.slice(1)) || name || database,
    }
  }
  for (const name of [role, database]) {
    if (/^[a-z_][a-z0-9_]{0,62}$/.test(name)) continue
    throw clientErrors.USAGE({
      value: name,
      detail: 'a name has small letters, digits and _, and begins with a letter',
    })
  }
  const password = randomBytes(18).toString('base64url')
  const made = new URL(adminUrl ?? usualUrls.postgres)
  made.username = role
  made.password = password
  made.pathname = `/${database}`
  return { url: made.href, role, password, database }
}

async function makeRoleAndDatabase(adminUrl: string, wanted: Wanted, isConfigured: boolean): Promise<string[]> {
  const { default: pg } = await import('pg')
  const { escapeIdentifier, escapeLiteral } = pg
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000, query_timeout: 60_000 })
  client.on('error', () => undefined)
  const made: string[] = []
  try {
    await client.connect()
    const exists = async (sql: string, name: string): Promise<boolean> =>
      ((await client.query(sql, [name])).rowCount ?? 0) > 0
    const role = escapeIdentifier(wanted.role)
    if (!(await exists('select 1 from pg_roles where rolname = $1', wanted.role))) {
      const secret = wanted.password === '' ? '' : ` password ${escapeLiteral(wanted.password)}`
      await client.query(`create role ${role} login${secret}`)
      made.push(`role ${wanted.role}`)
    } else if (!isConfigured) {
      throw clientErrors.USAGE({
        value: wanted.role,
        detail: 'this role is there already, and only its owner knows its password',
        fix: 'set LOTUS_POSTGRES_URL with its password, or name another role with --role',
      })
    }
    if (!(await exists('select 1 from pg_database where datname = $1', wanted.database))) {
      // an administrator who is no superuser may give a database only to a role that he is a member of.
      await client.query(`grant ${role} to current_user`).catch(() => undefined)
      await client.query(
        `create database ${escapeIdentifier(wanted.database)} owner ${role} encoding 'UTF8' template template0`,
      )
      made.push(`database ${wanted.database}`)
    }
    return made
  } catch (error) {
    if (error instanceof Error && 'fix' in error) throw error
    throw clientErrors.USAGE({
      detail: `the role of --admin could not do it: ${messageOf(error)}`,
      fix: 'give --admin the URL of a role that may make roles and databases, such as postgres',
    })
  } finally {
    await client.end().catch(() => undefined)
  }
}

function postgresSteps({ role, password, database }: Wanted): string[] {
  const sqlRole = `"${role.replaceAll('"', '""')}"`
  const sqlDatabase = `"${database.replaceAll('"', '""')}"`
  const secret = password === '' ? '' : ` password '${password.replaceAll("'", "''")}'`
  return [
    'sudo apt-get install postgresql    # where none is installed',
    `sudo -u postgres psql <<'SQL'`,
    `create role ${sqlRole} login${secret};`,
    `create database ${sqlDatabase} owner ${sqlRole} encoding 'UTF8' template template0;`,
    'SQL',
  ]
}

function redisSteps(): string[] {
  return [
    'sudo apt-get install redis-server    # where none is installed',
    'sudo systemctl start redis-server',
    'redis-cli config set appendonly yes',
    'redis-cli config rewrite',
  ]
}

function chromaSteps(): string[] {
  return [
    'npx chroma run --host 127.0.0.1 --port 8001 --path ~/chroma    # in the folder of LOTUS; needs glibc 2.39',
    'docker run -p 127.0.0.1:8001:8000 -v chroma:/data chromadb/chroma    # or this, elsewhere',
  ]
}

/** puts the address into LOTUS_HOME/.env, in place of one that is there. */
export function saveUrl(place: Place, server: ServerName, url: string): string {
  const path = join(place.home, '.env')
  const line = `${variables[server]}=${url}`
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const others = before.split('\n').filter((one) => one !== '' && !one.startsWith(`${variables[server]}=`))
  const fresh = `${path}.${process.pid}`
  writeFileSync(fresh, `${[...others, line].join('\n')}\n`, { mode: 0o600 })
  chmodSync(fresh, 0o600)
  renameSync(fresh, path)
  return path
}
