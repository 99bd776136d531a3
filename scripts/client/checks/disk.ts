// the disk of LOTUS_HOME: bytes and file entries that are left, and what LOTUS keeps beyond its own limits.
import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { measureDisk } from '../disk/parts.ts'
import { formatSize } from '../format.ts'
import type { Place } from '../place.ts'
import { bad, good, note, run, warning } from './check.ts'
import type { Check, Finding } from './check.ts'
import { readSettings } from './settings.ts'

const scarceBytes = 1024 ** 3
const fullBytes = 64 * 1024 ** 2
const scarceEntries = 20_000
const fullEntries = 1_000

/** what statfs(2) says; some file systems have no fixed number of entries and say 0. */
export interface DiskFacts {
  readonly freeBytes: number
  readonly entries: number
  readonly freeEntries: number
}

export const checkDisk: Check = async (place) => {
  const { home } = place
  let folder = home
  while (!existsSync(folder)) folder = dirname(folder)
  const { bavail, bsize, files, ffree } = statfsSync(folder)
  const findings = judgeDisk({ freeBytes: bavail * bsize, entries: files, freeEntries: ffree })
  return [...findings, ...(await checkKept(place))]
}

/** more than its limit is kept where it is too young to go: a person should know before the disk is full. */
async function checkKept(place: Place): Promise<Finding[]> {
  const settings = await readSettings(place)
  if (settings === undefined) return []
  const over = measureDisk(place.home, settings).parts.find((part) => part.over !== undefined)
  if (over === undefined) return []
  return [
    note(
      'disk.kept',
      `what can be undone is ${over.over}: ${over.count} plans, ${formatSize(over.bytes)}`,
      run('lotus disk purge undo --older-than 1d', 'or leave it: the oldest goes by itself'),
    ),
  ]
}

export function judgeDisk({ freeBytes, entries, freeEntries }: DiskFacts): Finding[] {
  const room = run('lotus disk', 'which says what LOTUS keeps; `lotus disk purge` removes what you name')
  const space = `${formatSize(freeBytes)} free`
  const findings: Finding[] = []
  if (freeBytes < fullBytes) findings.push(bad('disk.space', space, room))
  else if (freeBytes < scarceBytes) findings.push(warning('disk.space', space, room))
  else findings.push(good('disk.space', space))
  const names = `${freeEntries} more files can be made`
  if (entries === 0) return findings
  if (freeEntries < fullEntries) findings.push(bad('disk.entries', names, room))
  else if (freeEntries < scarceEntries) findings.push(warning('disk.entries', names, room))
  else findings.push(good('disk.entries', names))
  return findings
}
