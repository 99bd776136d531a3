// the disk of LOTUS_HOME: bytes and file entries that are left, and what LOTUS keeps beyond its own limits.
import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { formatSize } from '../format.ts'
import { bad, good, run, warning } from './check.ts'
import type { Check, Finding } from './check.ts'

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

export const checkDisk: Check = ({ home }) => {
  let folder = home
  while (!existsSync(folder)) folder = dirname(folder)
  const { bavail, bsize, files, ffree } = statfsSync(folder)
  return judgeDisk({ freeBytes: bavail * bsize, entries: files, freeEntries: ffree })
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
