// removes rotated log files that are too old; the file that is written to stays, whatever its age.
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** `NAME.1.log` and so on; the oldest has the highest number. */
export function rotatedFiles(folder: string, name: string): string[] {
  const pattern = new RegExp(`^${name}\\.\\d+\\.log$`)
  return readdirSync(folder)
    .filter((entry) => pattern.test(entry))
    .map((entry) => join(folder, entry))
}

/** gives what was removed. */
export function removeOlder(paths: readonly string[], beforeMs: number): { files: number; bytes: number } {
  let files = 0
  let bytes = 0
  for (const path of paths) {
    const stats = statSync(path, { throwIfNoEntry: false })
    // a file was last written to when it was rotated
    if (stats === undefined || stats.mtimeMs >= beforeMs) continue
    rmSync(path, { force: true })
    files += 1
    bytes += stats.size
  }
  return { files, bytes }
}
