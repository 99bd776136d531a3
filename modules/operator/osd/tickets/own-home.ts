// the home of the user that osd runs as.
import { homedir, userInfo } from 'node:os'

let known: string | undefined

/** the same for as long as osd runs: asking the user database takes longer than all else that a ticket needs. */
export function ownHomeFolder(): string {
  return (known ??= lookUp())
}

/** from the user database; a user that is not in it (in a container, say) has the home of its environment, or none. */
function lookUp(): string {
  try {
    return userInfo().homedir
  } catch {
    const named = homedir()
    return named.startsWith('/') ? named : '/nonexistent'
  }
}
