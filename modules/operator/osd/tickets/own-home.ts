// the home of the user that osd runs as.
import { homedir, userInfo } from 'node:os'

/** from the user database; a user that is not in it (in a container, say) has the home of its environment, or none. */
export function ownHomeFolder(): string {
  try {
    return userInfo().homedir
  } catch {
    const named = homedir()
    return named.startsWith('/') ? named : '/nonexistent'
  }
}
