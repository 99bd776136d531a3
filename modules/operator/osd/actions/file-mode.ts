// modes of files as people write them: '755', '+x', 'go-w', 'u=rw,g=r'.
import { actionErrors } from './errors.ts'

const permissionBits: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111 }
const whoBits: Readonly<Record<string, number>> = { u: 0o700, g: 0o070, o: 0o007, a: 0o777 }
/** letters without a 'who' leave the group and others without writing, as a umask of 022 does. */
const defaultWho: Readonly<Record<string, number>> = { r: 0o777, w: 0o700, x: 0o777 }

/** the new mode from the wish and the mode before; setuid, setgid and sticky cannot be set. throws MODE_UNCLEAR. */
export function parseMode(wish: string, before: number, folder: boolean): number {
  const text = wish.trim()
  if (/^0?[0-7]{3}$/.test(text)) return Number.parseInt(text, 8)
  if (/^0?[0-7]{4}$/.test(text)) {
    throw actionErrors.MODE_UNCLEAR({ value: wish, detail: 'setuid, setgid and sticky are not set' })
  }
  let mode = before & 0o777
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwxX]*)$/.exec(clause.trim())
    if (match === null) throw actionErrors.MODE_UNCLEAR({ value: wish })
    const [, who = '', sign = '', letters = ''] = match
    let [bits, reach] = [0, 0]
    for (const letter of who) reach |= whoBits[letter] ?? 0
    for (const letter of letters) {
      if (letter === 'X' && !folder && (mode & 0o111) === 0) continue
      const name = letter === 'X' ? 'x' : letter
      bits |= (permissionBits[name] ?? 0) & (who === '' ? (defaultWho[name] ?? 0) : reach)
    }
    if (sign === '+') mode |= bits
    else if (sign === '-') mode &= ~bits
    else mode = (mode & ~(who === '' ? 0o777 : reach)) | bits
  }
  return mode
}
