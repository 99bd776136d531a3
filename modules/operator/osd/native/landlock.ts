// asks the kernel which version of Landlock's interface it has; apart from libc.ts, because osd itself does not need it.
import koffi from 'koffi'

// the number is the same on every architecture; landlock_create_ruleset(2).
const createRulesetNumber = 444
const askVersion = 1

/** the version, from 1 on; or a negative errno: −38 no such call, −95 there and not in use. */
export function landlockVersion(): number {
  const call = koffi.load(null).func('long syscall(long number, void *attributes, size_t size, uint flags)')
  const result = Number(call(createRulesetNumber, null, 0, askVersion))
  return result < 0 ? -koffi.errno() : result
}
