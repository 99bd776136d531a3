// what most commands begin with: the nucleus that runs, started where it does not, and a client for it.
import { createClient } from './http.ts'
import type { Client } from './http.ts'
import { findNucleus } from './nucleus.ts'
import { readToken } from './place.ts'
import type { NucleusRecord, Place } from './place.ts'
import type { Terminal } from './terminal.ts'

/** the record of a nucleus that is up; starts one where none is. @throws START_FAILED, HOME_UNWRITABLE */
export async function findOrStart(place: Place, terminal: Terminal): Promise<NucleusRecord> {
  const found = findNucleus(place)
  // one that is still starting has a record too, but no sockets yet.
  if (found !== undefined && found.status !== 'starting') return found
  const { ensureNucleus } = await import('./boot.ts')
  return (await ensureNucleus(place, terminal)).record
}

/** a client for a nucleus that is up. */
export async function openClient(place: Place, terminal: Terminal): Promise<{ record: NucleusRecord; client: Client }> {
  const record = await findOrStart(place, terminal)
  return { record, client: createClient(record.url, readToken(place)) }
}
