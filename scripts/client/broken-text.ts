// tells arguments that are no UTF-8 from those that are: Node makes the same sign of every byte that it can't read, and a
// name with that sign in it is another name.
import { readFileSync } from 'node:fs'

const unreadable = '\ufffd'

/** whether every argument is what was written; must be asked before the title of the process is set, which overwrites them. */
export function argumentsAreText(args: readonly string[]): boolean {
  if (!args.some((one) => one.includes(unreadable))) return true
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(readFileSync('/proc/self/cmdline'))
    // somebody really wrote the sign itself.
    return true
  } catch {
    // no text; or a system that does not say what was written, where nobody can know.
    return false
  }
}
