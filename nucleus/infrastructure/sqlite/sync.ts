// makes commits survive the loss of power without blocking the event loop: the WAL file is synced by a thread of libuv.
import { closeSync, fdatasync, fsync, fsyncSync, openSync } from 'node:fs'
import { dirname } from 'node:path'

export interface WalSync {
  /** resolves when everything that was committed before the call lies on the disk. */
  sync(): Promise<void>
  close(): void
}

/**
 * with `synchronous = NORMAL` SQLite writes a commit's frames to the WAL but syncs them only at a checkpoint; syncing
 * the same file through a descriptor of our own gives what FULL gives (docs/decisions/0014). the WAL must exist already.
 */
export function openWalSync(databasePath: string): WalSync {
  const descriptor = openSync(`${databasePath}-wal`, 'r+')
  // the file's name in its folder must last as well, or its content would be lost with it.
  const folder = openSync(dirname(databasePath), 'r')
  fsyncSync(folder)
  closeSync(folder)
  // on macOS only fsync reaches the disk itself.
  const syncFile = process.platform === 'linux' ? fdatasync : fsync
  let open = true
  return {
    sync: () =>
      new Promise((resolve, reject) => {
        syncFile(descriptor, (error) => {
          if (error === null) resolve()
          else reject(error)
        })
      }),
    close: () => {
      if (!open) return
      open = false
      closeSync(descriptor)
    },
  }
}
