// the databases: whole, of a version that this LOTUS knows, and not swollen. a damaged index of notes is made anew.
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { compact, isSwollen, slackOf } from '../../../nucleus/infrastructure/sqlite/compact.ts'
import { flowSchemaVersion } from '../../../nucleus/infrastructure/sqlite/flows-schema.ts'
import { journalSchemaVersion } from '../../../nucleus/infrastructure/sqlite/journal-schema.ts'
import { vectorsSchemaVersion } from '../../../nucleus/infrastructure/sqlite/vectors-protocol.ts'
import { formatSize } from '../format.ts'
import { findHolder } from '../nucleus.ts'
import type { Place } from '../place.ts'
import { bad, good, note, run, shellWord, warning } from './check.ts'
import type { Check, Finding, Fix } from './check.ts'
import { lookInto } from '../../../nucleus/infrastructure/sqlite/look.ts'

/** what the store has as `user_version` says nothing: its tables are migrated one by one. */
const knownVersions: Readonly<Record<string, number>> = {
  'flows.db': flowSchemaVersion,
  'journal.db': journalSchemaVersion,
  'vectors.db': vectorsSchemaVersion,
  'vectors-words.db': vectorsSchemaVersion,
}

export const checkDatabases: Check = (place) => {
  const folder = join(place.home, 'data')
  if (!existsSync(folder)) return [good('database.whole', 'none yet')]
  const names = readdirSync(folder).filter((name) => name.endsWith('.db'))
  const findings = names.flatMap((name) => examine(place, name))
  const missing = missingIndex(place, names)
  return missing === undefined ? findings : [...findings, missing]
}

function examine(place: Place, name: string): Finding[] {
  const path = join(place.home, 'data', name)
  try {
    return lookInto(path, (database) => {
      const found = String(database.pragma('quick_check(1)', { simple: true }))
      if (found !== 'ok') return [bad('database.damaged', `${name}: ${found}`, mendDamage(place, name))]
      const version = Number(database.pragma('user_version', { simple: true }))
      if (version > (knownVersions[name] ?? version)) {
        return [
          bad(
            'database.version',
            `${name} was written by a newer LOTUS: schema ${version}, this one knows ${knownVersions[name]}`,
            'start the LOTUS that wrote it, or point LOTUS_HOME at another folder',
          ),
        ]
      }
      return [good('database.whole', `${name} is whole`), ...findSlack(place, name, database)]
    })
  } catch (fault) {
    const { code = '', message } = fault as NodeJS.ErrnoException
    if (code.startsWith('SQLITE_BUSY')) {
      return [
        warning('database.busy', `${name} is in use by another process`, run('lotus doctor', 'when that has ended')),
      ]
    }
    if (code === 'SQLITE_CANTOPEN' || code.startsWith('SQLITE_IOERR')) {
      return [
        bad(
          'database.unreadable',
          `${name} cannot be opened: ${message}`,
          run(`ls -l ${shellWord(path)}`, 'which shows whose it is'),
        ),
      ]
    }
    return [bad('database.damaged', `${name} cannot be opened: ${message}`, mendDamage(place, name))]
  }
}

/** a place beside the data: LOTUS never deletes what it can't read. */
function asideOf({ home }: Place): string {
  return join(home, 'data', 'damaged')
}

function moveAside(place: Place, name: string): string {
  const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)
  const aside = join(asideOf(place), stamp)
  mkdirSync(aside, { recursive: true, mode: 0o700 })
  for (const part of [name, `${name}-wal`, `${name}-shm`]) {
    const path = join(place.home, 'data', part)
    if (existsSync(path)) renameSync(path, join(aside, part))
  }
  return aside
}

function mendDamage(place: Place, name: string): Fix {
  const isRunning = findHolder(place) !== undefined
  if (name === 'vectors.db' || name === 'vectors-words.db') {
    // everything in it is made from the store, or is in ChromaDB as well: nothing is lost
    const command = `${isRunning ? 'lotus stop && ' : ''}lotus doctor --fix`
    const fix = run(command, 'which puts the file aside; the index is made anew')
    if (isRunning) return fix
    return {
      ...fix,
      mend: async () => {
        const aside = moveAside(place, name)
        const anew = name === 'vectors.db' ? await forgetIndex(place) : 'it is made anew from ChromaDB'
        return `${name} lies in ${aside} now; ${anew}`
      },
    }
  }
  const path = join(place.home, 'data', name)
  const aside = asideOf(place)
  const move = `mkdir -p ${shellWord(aside)} && mv ${shellWord(path)}* ${shellWord(aside)}/`
  return {
    fix: `put a back-up of ${join(place.home, 'data')} in its place; without one, run \`${isRunning ? 'lotus stop; ' : ''}${move}\`: LOTUS makes it anew, without what was in it`,
    command: `lotus stop >/dev/null 2>&1; ${move}`,
  }
}

/** an index that is gone while the store says that its notes are in it: they would not be found by it again. */
function missingIndex(place: Place, names: readonly string[]): Finding | undefined {
  const hasIndex = names.includes('vectors.db') || names.includes('vectors-words.db')
  if (hasIndex || !names.includes('store.db')) return undefined
  if (countIndexed(place) === 0) return undefined
  const isRunning = findHolder(place) !== undefined
  return warning('database.index', 'the index of notes is missing, and the store thinks that it is there', {
    ...run(`${isRunning ? 'lotus stop && ' : ''}lotus doctor --fix`, 'which has it made anew from the notes'),
    ...(isRunning ? {} : { mend: () => forgetIndex(place) }),
  })
}

function countIndexed(place: Place): number {
  try {
    return lookInto(join(place.home, 'data', 'store.db'), (database) => {
      const has = database.prepare("select 1 from sqlite_master where name = 'memory_notes'").get()
      if (has === undefined) return 0
      return Number(database.prepare('select count(*) from memory_notes where indexed = 1').pluck().get())
    })
  } catch {
    // a store that can't be read is a finding of its own
    return 0
  }
}

/** memory indexes what is marked as not indexed, within a minute of its start. */
async function forgetIndex(place: Place): Promise<string> {
  const path = join(place.home, 'data', 'store.db')
  if (!existsSync(path) || countIndexed(place) === 0) return 'there was no note in it'
  const { default: Sqlite } = await import('better-sqlite3')
  const { noteStatements } = await import('../../../modules/memory/tables.ts')
  const store = new Sqlite(path, { fileMustExist: true, timeout: 5_000 })
  try {
    const { changes } = store.prepare(noteStatements.indexAnew().sql).run()
    return `${changes} notes are indexed anew after the next start`
  } finally {
    store.close()
  }
}

function findSlack(place: Place, name: string, database: Database.Database): Finding[] {
  const slack = slackOf(database)
  if (!isSwollen(slack)) return []
  const isRunning = findHolder(place) !== undefined
  const text = `${formatSize(slack.freeBytes)} of ${formatSize(slack.bytes)} in ${name} are free; LOTUS uses them again`
  return [
    note('database.slack', text, {
      ...run(`${isRunning ? 'lotus stop && ' : ''}lotus doctor --fix`, 'which gives them back to the disk'),
      ...(isRunning ? {} : { mend: () => vacuum(join(place.home, 'data', name)) }),
    }),
  ]
}

function vacuum(path: string): string {
  const { beforeBytes, afterBytes } = compact(path)
  return `${path} has shrunk from ${formatSize(beforeBytes)} to ${formatSize(afterBytes)}`
}
