// random changes to a furnished folder, for properties about undoing.
import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { isLotusError } from '../../../../nucleus/errors.ts'
import type { Changes } from '../../../../modules/operator/osd/action.ts'

/** a folder with files, links, modes and times of all kinds. */
export function furnish(work: string): void {
  for (const folder of ['a', 'a/deep/er', 'b', 'empty']) mkdirSync(join(work, folder), { recursive: true })
  writeFileSync(join(work, 'a/one.txt'), 'one\n')
  writeFileSync(join(work, 'a/deep/two.bin'), Buffer.alloc(70_000, 7))
  writeFileSync(join(work, 'a/deep/er/three'), '')
  writeFileSync(join(work, 'b/four.sh'), '#!/bin/sh\n')
  chmodSync(join(work, 'b/four.sh'), 0o755)
  chmodSync(join(work, 'a/one.txt'), 0o600)
  symlinkSync('../a/one.txt', join(work, 'b/link'))
  symlinkSync('nowhere', join(work, 'broken'))
  for (const [index, path] of ['a/one.txt', 'b/four.sh', 'a/deep/er', 'a/deep', 'a', 'b', 'empty', '.'].entries()) {
    utimesSync(join(work, path), 1_600_000_000 + index, 1_600_000_000.25 + index * 3_600)
  }
}

const places = [
  'a',
  'a/one.txt',
  'a/deep',
  'a/deep/two.bin',
  'a/deep/er/three',
  'b',
  'b/four.sh',
  'b/link',
  'broken',
  'empty',
  'new',
  'new/inner',
  'other.txt',
  'empty/x',
  'b/n/m',
]
const text = fc.string({ maxLength: 50 }).map((content) => Buffer.from(content))

// whoever is not root could not look into what it has closed to itself.
const modes = process.getuid?.() === 0 ? [0o600, 0o644, 0o755, 0o000] : [0o700, 0o750, 0o755]

export type Deed = (changes: Changes) => Promise<unknown>

/** changes that happen among these places only: the fewer, the more of them meet. */
export const deedAmong = (place: fc.Arbitrary<string>): fc.Arbitrary<[string, Deed]> =>
  fc.oneof(
    fc
      .tuple(place, text)
      .map(([path, content]): [string, Deed] => [`write ${path}`, (changes) => changes.write(path, content)]),
    place.map((path): [string, Deed] => [`makeFolder ${path}`, (changes) => changes.makeFolder(path)]),
    fc
      .tuple(place, place)
      .map(([from, to]): [string, Deed] => [`copy ${from} ${to}`, (changes) => changes.copy(from, to)]),
    fc
      .tuple(place, place)
      .map(([from, to]): [string, Deed] => [`move ${from} ${to}`, (changes) => changes.move(from, to)]),
    place.map((path): [string, Deed] => [`trash ${path}`, (changes) => changes.trash(path)]),
    fc
      .tuple(place, fc.constantFrom(...modes))
      .map(([path, mode]): [string, Deed] => [`mode ${path}`, (changes) => changes.setMode(path, mode)]),
  )

export const deed = deedAmong(fc.constantFrom(...places))

/** does them all; a change that makes no sense is refused with a clear error, and is then no change. */
export async function doAll(deeds: readonly [string, Deed][], changes: Changes): Promise<void> {
  for (const [, act] of deeds) {
    try {
      await act(changes)
    } catch (error) {
      if (!isLotusError(error)) throw error
    }
  }
}
