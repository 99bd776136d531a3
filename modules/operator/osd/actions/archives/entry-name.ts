// names in archives come from strangers: what is taken over from one is a plain relative path, or the archive is refused.
import { showValue } from '../../../../../nucleus/errors.ts'
import { actionErrors } from '../errors.ts'

const maxNameBytes = 4096
const maxPartBytes = 255

// control characters and those that turn the direction of text could hide what a name is.
// oxlint-disable-next-line no-control-regex
const deceiving = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff\ufffd]/

/** why a name is not extracted; undefined where it is fine. */
function faultOf(name: string): string | undefined {
  if (name === '') return 'an entry without a name'
  if (deceiving.test(name)) return 'a name with control characters or damaged letters'
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) return 'an absolute name'
  if (name.includes('\\')) return 'a name with a backslash'
  if (Buffer.byteLength(name) > maxNameBytes) return 'a name that is too long'
  const parts = name.split('/')
  if (parts.includes('..')) return "a name with '..'"
  if (parts.some((part) => Buffer.byteLength(part) > maxPartBytes)) return 'a name that is too long'
  return undefined
}

/**
 * the relative path of an entry, without `./` and slashes too many; '' stands for the folder itself.
 * throws ARCHIVE_UNSAFE.
 */
export function safeEntryName(name: string): string {
  const fault = faultOf(name)
  if (fault !== undefined) throw actionErrors.ARCHIVE_UNSAFE({ value: name, detail: fault })
  return name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
}

/** a name from an archive for a list: characters that could deceive are written out. */
export function shownEntryName(name: string): string {
  return deceiving.test(name) ? showValue(name) : name
}
