// checks of LOTUS_HOME: settings, writing, space, token, databases and the audit chain.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmdirSync, statSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { isLotusError } from '../../../nucleus/errors.ts'
import { findSchemas } from '../../../nucleus/settings/find.ts'
import { loadSettings } from '../../../nucleus/settings/load.ts'
import { describeProblem } from '../../../nucleus/settings/problems.ts'
import type { SettingProblem } from '../../../nucleus/settings/problems.ts'
import { formatSize } from '../format.ts'
import { findHolder } from '../nucleus.ts'
import { bad, good, warning } from './check.ts'
import type { Check, Finding } from './check.ts'

const scarceBytes = 1024 ** 3
const fullBytes = 64 * 1024 ** 2

export const checkSettings: Check = async ({ root, environment }) => {
  try {
    const { entries } = loadSettings({ root, environment, schemas: await findSchemas(root) })
    const set = entries.filter(({ place }) => place !== 'default').length
    return [good('settings', `all ${entries.length} can be used, ${set} set by you`)]
  } catch (error) {
    if (!isLotusError(error, 'SETTINGS_INVALID')) throw error
    const { problems } = error as typeof error & { problems: readonly SettingProblem[] }
    return problems.map((problem) =>
      bad('settings', describeProblem({ ...problem, remedy: '' }).replace(/: $/, ''), problem.remedy),
    )
  }
}

export const checkHome: Check = ({ home }) => {
  if (!existsSync(home)) return Promise.resolve([good('home', `${home} will be made at the first start`)])
  const { uid, mode } = statSync(home)
  const findings: Finding[] = []
  if (process.getuid !== undefined && uid !== process.getuid()) {
    findings.push(
      bad('home', `${home} belongs to user ${uid}`, 'run LOTUS as that user, or point LOTUS_HOME somewhere else'),
    )
  }
  if ((mode & 0o007) !== 0) findings.push(warning('home', `everybody may look into ${home}`, `chmod o= ${home}`))
  try {
    rmdirSync(mkdtempSync(join(home, '.doctor-')))
    findings.push(good('home', `${home} can be written`))
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException
    findings.push(bad('home', `${home} cannot be written: ${code}`, 'make it writable and see that its disk has space'))
  }
  return Promise.resolve(findings)
}

export const checkDisk: Check = ({ home }) => {
  let folder = home
  while (!existsSync(folder)) folder = join(folder, '..')
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const text = `${formatSize(free)} free`
  const fix = 'make room: the log, the journal and undo need it'
  if (free < fullBytes) return Promise.resolve([bad('disk', text, fix)])
  return Promise.resolve([free < scarceBytes ? warning('disk', text, fix) : good('disk', text)])
}

export const checkToken: Check = ({ home, environment }) => {
  if (environment['LOTUS_HTTP_TOKEN']) return Promise.resolve([good('token', 'given in the environment')])
  const path = join(home, 'token')
  if (!existsSync(path)) {
    const isRunning = existsSync(join(home, 'run', 'nucleus.json'))
    return Promise.resolve([
      isRunning
        ? bad('token', `${path} is missing`, 'run `lotus restart`, which makes a new one')
        : good('token', 'made at the first start'),
    ])
  }
  const { mode } = statSync(path)
  const isOpen = (mode & 0o077) !== 0
  const isEmpty = readFileSync(path, 'utf8').trim() === ''
  if (isEmpty) return Promise.resolve([bad('token', `${path} is empty`, 'remove it and run `lotus restart`')])
  return Promise.resolve([
    isOpen
      ? bad('token', `others may read ${path}`, `chmod 600 ${path}, then remove it and restart if it was seen`)
      : good('token', 'for you only'),
  ])
}

/** SQLite's own quick check of each database file; reads them, also while LOTUS runs. */
export const checkDatabases: Check = async ({ home }) => {
  const folder = join(home, 'data')
  if (!existsSync(folder)) return [good('databases', 'none yet')]
  const { default: Database } = await import('better-sqlite3')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.db'))
    .map((name) => {
      const fix = `stop LOTUS and move ${join(folder, name)} away; it is made anew, without what was in it`
      try {
        const database = new Database(join(folder, name), { readonly: true, timeout: 5000 })
        try {
          const result = database.pragma('quick_check(1)', { simple: true })
          return result === 'ok'
            ? good('databases', `${name} is whole`)
            : bad('databases', `${name}: ${String(result)}`, fix)
        } finally {
          database.close()
        }
      } catch (fault) {
        return bad('databases', `${name} cannot be opened: ${(fault as Error).message}`, fix)
      }
    })
}

export const checkAudit: Check = async (place) => {
  const folder = join(place.home, 'audit')
  if (!existsSync(folder)) return [good('audit', 'nothing was done yet')]
  // while it is written its last row may be half there; `lotus audit verify` asks osd then.
  if (findHolder(place) !== undefined) return [good('audit', 'in use; `lotus audit verify` walks it')]
  const { verifyChain } = await import('../../../modules/operator/osd/audit/verify.ts')
  const { ok, rows, fault } = await verifyChain(folder)
  return [
    ok
      ? good('audit', `${rows} rows, whole`)
      : bad(
          'audit',
          `row ${fault?.sequence}: ${fault?.reason}`,
          'somebody or something changed it: compare with a backup',
        ),
  ]
}
