// ends the server: nothing new comes in, what runs has a moment to end, what is left is cut off.
import { settlesWithin } from '../../../nucleus/scope.ts'
import type { App } from './app.ts'

// below the time that the kernel gives to one release
const graceMs = 4_000
const sweepMs = 25

/** closes a listening application; resolves when no connection is left. */
export async function closeApp(app: App): Promise<void> {
  const closed = app.close()
  // a kept connection that falls idle after its answer would hold the server open until it times out
  const sweep = setInterval(() => app.server.closeIdleConnections(), sweepMs)
  try {
    if (await settlesWithin(closed, graceMs)) return
    app.server.closeAllConnections()
    await closed
  } finally {
    clearInterval(sweep)
  }
}
