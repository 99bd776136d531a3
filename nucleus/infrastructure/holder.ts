// who uses a database for itself: a nucleus, told by its life, by the place where its number means something, and by its home.
import { readFileSync, readlinkSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { isKnownDead, nameOfThisLife } from '../flows/lives.ts'

export interface Holder {
  /** no other process has it, see nucleus/flows/lives.ts. */
  readonly life: string
  /** where numbers of processes are compared: this start of the machine, and the space of its processes. */
  readonly place: string
  /** the folder of its state, as the machine knows it: the same one for a container that was made anew. */
  readonly folder: string
  /** the path of that folder, for people. */
  readonly home: string
}

/** @param folder - LOTUS_HOME/data, which exists */
export function thisHolder(folder: string): Holder {
  const boot = readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim())
  const space = readOr(() => readlinkSync('/proc/self/ns/pid'))
  const { dev, ino } = statSync(folder, { bigint: true })
  return {
    life: nameOfThisLife(),
    place: `${boot}/${space}`,
    folder: `${boot}/${dev}:${ino}`,
    home: folder,
  }
}

/** whether nothing of it goes on: its process has ended, or its folder is now ours, which is locked by one process. */
export function isGone(holder: Holder, self: Holder): boolean {
  if (holder.place === self.place) return isKnownDead(holder.life)
  return holder.folder === self.folder
}

/** whether it can be seen from here that it lives. */
export function isSeenAlive(holder: Holder, self: Holder): boolean {
  return holder.place === self.place && !isKnownDead(holder.life)
}

/** `MACHINE, process NUMBER, FOLDER`. */
export function describeHolder({ life, home }: Holder): string {
  const [machine = '', number = ''] = life.split('/')
  return `${machine}, process ${number}, ${home}`
}

/** where a system has no such file, its name has to do. */
function readOr(read: () => string): string {
  try {
    return read()
  } catch {
    return hostname()
  }
}
