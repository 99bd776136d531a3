// the journal: events that nobody handles, and those that failed their last try and wait for a person.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { findNucleus } from '../nucleus.ts'
import type { Place } from '../place.ts'
import { good, run, shellWord, warning } from './check.ts'
import type { Check, Finding } from './check.ts'
import { lookInto } from '../../../nucleus/infrastructure/sqlite/look.ts'

/** a burst is handled before anybody has looked twice. */
const manyWaiting = 5_000
/** of a group that nobody has joined for so long: its module was removed. */
const shownLetters = 3

export const checkJournal: Check = (place) => {
  const path = join(place.home, 'data', 'journal.db')
  if (!existsSync(path)) return [good('journal.lag', 'none yet')]
  try {
    return lookInto(path, (database) => [...checkLag(place, database), ...checkLetters(place, database)])
  } catch {
    // a journal that can't be read is told by the check of databases
    return []
  }
}

function checkLag(place: Place, database: Database.Database): Finding[] {
  const groups = database.prepare('select name, types, position, seen_at from groups').all() as {
    name: string
    types: string
    position: number
  }[]
  const behind = groups.flatMap(({ name, types, position }) => {
    const wanted = JSON.parse(types) as string[]
    const waiting = database
      .prepare(
        `select count(*) from (select 1 from events join types on types.id = events.type
         where events.position > ? and types.name in (${wanted.map(() => '?').join(', ')}) limit ${manyWaiting + 1})`,
      )
      .pluck()
      .get(position, ...wanted) as number
    return waiting > manyWaiting ? [name] : []
  })
  if (behind.length === 0) return [good('journal.lag', 'every group of subscribers has kept up')]
  const isRunning = findNucleus(place) !== undefined
  return behind.map((name) =>
    warning(
      'journal.lag',
      `${name} has more than ${manyWaiting} events before it`,
      isRunning
        ? run('lotus module list', 'which says whether its module works; `lotus logs` says why not')
        : run('lotus start', 'which goes on with them'),
    ),
  )
}

function checkLetters(place: Place, database: Database.Database): Finding[] {
  const count = database.prepare('select count(*) from dead_letters').pluck().get() as number
  if (count === 0) return [good('journal.dead-letters', 'no event waits for a person')]
  const letters = database
    .prepare(
      `select groups.name as name, dead_letters.error as error, json_extract(body, '$.id') as id,
         json_extract(body, '$.type') as type
       from dead_letters join groups on groups.id = group_id order by dead_letters.id desc limit ${shownLetters}`,
    )
    .all() as { name: string; error: string; id: string; type: string }[]
  const url = findNucleus(place)?.url ?? 'http://127.0.0.1:8000'
  return letters.map(({ name, error, id, type }) => {
    const address = `${url}/dead-letters/${encodeURIComponent(name)}/${id}/replay`
    const token = `$(cat ${shellWord(join(place.home, 'token'))})`
    return warning('journal.dead-letters', `${name} failed at ${type}, one of ${count}: ${error.split('\n', 1)[0]}`, {
      fix: 'mend what it says, then have it tried again with the command; it needs a LOTUS that runs',
      command: `curl -fsS -X POST -H "Authorization: Bearer ${token}" ${shellWord(address)}`,
    })
  })
}
