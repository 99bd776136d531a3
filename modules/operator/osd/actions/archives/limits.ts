// how large an archive may be, and a counter that ends with an error beyond it.
import { actionErrors } from '../errors.ts'

export const maxEntries = 10_000
export const maxTotalBytes = 1024 * 1024 * 1024
/** a zip is read from memory, since its table of contents is at its end. */
export const maxZipBytes = 256 * 1024 * 1024
/** content may be this many times larger than the archive … */
const maxRatio = 200
/** … once it is larger than this: small texts compress very well. */
const ratioFreeBytes = 64 * 1024 * 1024

/** counts entries and bytes as they come, not as an archive claims them; throws ARCHIVE_TOO_LARGE. */
export function createArchiveMeter(name: string, archiveBytes: number) {
  let entries = 0
  let bytes = 0
  return {
    addEntry(): void {
      entries += 1
      if (entries > maxEntries)
        throw actionErrors.ARCHIVE_TOO_LARGE({ value: name, detail: `over ${maxEntries} entries` })
    },
    addBytes(count: number): void {
      bytes += count
      if (bytes > maxTotalBytes)
        throw actionErrors.ARCHIVE_TOO_LARGE({ value: name, detail: `over ${maxTotalBytes} bytes` })
      if (bytes > ratioFreeBytes && bytes > archiveBytes * maxRatio) {
        throw actionErrors.ARCHIVE_TOO_LARGE({ value: name, detail: `it unpacks to over ${maxRatio} times its size` })
      }
    },
  }
}
