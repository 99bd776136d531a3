// folders that are gone after the test, some of them small or read-only disks of their own.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'

const made: (() => void)[] = []
afterEach(() => {
  for (const remove of made.splice(0).toReversed()) remove()
})

export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'lotus-infrastructure-'))
  made.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** a file system of this size in a folder; undefined where this user may not mount one. */
export function smallDisk(size: string): string | undefined {
  const path = join(temporaryFolder(), 'disk')
  mkdirSync(path)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  made.push(() => execFileSync('umount', ['-l', path]))
  return path
}

export function makeReadOnly(disk: string): void {
  execFileSync('mount', ['-o', 'remount,ro', disk])
}

/** whether this user may mount: root may, others have nothing to test a full disk with. */
export const canMount = ((): boolean => {
  const path = mkdtempSync(join(tmpdir(), 'lotus-can-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', path], { stdio: 'ignore' })
    execFileSync('umount', ['-l', path])
    return true
  } catch {
    return false
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
})()
