// lets a prebuilt library load on an older glibc: weak version needs, and `__isoc23_` names under their old ones.
// layout of the tables: System V ABI, "Object Files"; versions: "ELF Symbol Versioning" of the Linux Standard Base.

interface Section {
  readonly type: number
  readonly offset: number
  readonly size: number
  readonly link: number
  readonly info: number
}

const dynamicSymbols = 11
const versionNeeds = 0x6f_ff_ff_fe
const versionNumbers = 0x6f_ff_ff_ff
const weakFlag = 2
const weakBinding = 2
const symbolBytes = 24
/** a C23 name is the older one with this before it, so the older one lies inside of its text. */
const newPrefix = '__isoc23_'

/**
 * changes the bytes of a 64-bit little-endian library in place.
 * @param newest - the highest minor version of glibc 2 that the machine has
 * @returns strong symbols that stay out of reach; empty where it will load
 */
export function lowerGlibcNeeds(bytes: Buffer, newest: number): string[] {
  if (bytes.readUInt32BE(0) !== 0x7f_45_4c_46 || bytes[4] !== 2 || bytes[5] !== 1) {
    throw new Error('not a 64-bit little-endian ELF file')
  }
  const sections = readSections(bytes)
  const symbols = find(sections, dynamicSymbols)
  const versions = find(sections, versionNumbers)
  const names = sections[symbols.link]!
  const textAt = (offset: number): string => {
    const start = names.offset + offset
    return bytes.toString('latin1', start, bytes.indexOf(0, start))
  }
  const { base, tooNew } = weakenNeeds(bytes, find(sections, versionNeeds), textAt, newest)
  const left: string[] = []
  for (let number = 0; number < symbols.size / symbolBytes; number += 1) {
    const at = symbols.offset + number * symbolBytes
    const versionAt = versions.offset + number * 2
    if (!tooNew.has(bytes.readUInt16LE(versionAt) & 0x7f_ff)) continue
    const nameAt = bytes.readUInt32LE(at)
    const name = textAt(nameAt)
    if (name.startsWith(newPrefix)) {
      bytes.writeUInt32LE(nameAt + newPrefix.length, at)
      bytes.writeUInt16LE(base, versionAt)
    } else if (bytes[at + 4]! >> 4 !== weakBinding) left.push(name)
  }
  return left
}

function readSections(bytes: Buffer): Section[] {
  const start = Number(bytes.readBigUInt64LE(0x28))
  const size = bytes.readUInt16LE(0x3a)
  return Array.from({ length: bytes.readUInt16LE(0x3c) }, (_, number) => {
    const at = start + number * size
    return {
      type: bytes.readUInt32LE(at + 4),
      offset: Number(bytes.readBigUInt64LE(at + 24)),
      size: Number(bytes.readBigUInt64LE(at + 32)),
      link: bytes.readUInt32LE(at + 40),
      info: bytes.readUInt32LE(at + 44),
    }
  })
}

function find(sections: readonly Section[], type: number): Section {
  const section = sections.find((one) => one.type === type)
  if (section === undefined) throw new Error(`the library has no section of type ${type}`)
  return section
}

/** marks what is needed of a newer glibc as not needed, and gives the number of the oldest version. */
function weakenNeeds(
  bytes: Buffer,
  needs: Section,
  textAt: (offset: number) => string,
  newest: number,
): { base: number; tooNew: ReadonlySet<number> } {
  const tooNew = new Set<number>()
  let base: number | undefined
  let at = needs.offset
  for (let file = 0; file < needs.info; file += 1) {
    const isGlibc = textAt(bytes.readUInt32LE(at + 4)) === 'libc.so.6'
    let entry = at + bytes.readUInt32LE(at + 8)
    for (let number = 0; number < bytes.readUInt16LE(at + 2); number += 1) {
      const name = textAt(bytes.readUInt32LE(entry + 8))
      const index = bytes.readUInt16LE(entry + 6)
      if (isGlibc && name === 'GLIBC_2.2.5') base = index
      if (isGlibc && Number(/^GLIBC_2\.(\d+)$/.exec(name)?.[1] ?? 0) > newest) {
        tooNew.add(index)
        bytes.writeUInt16LE(bytes.readUInt16LE(entry + 4) | weakFlag, entry + 4)
      }
      entry += bytes.readUInt32LE(entry + 12)
    }
    at += bytes.readUInt32LE(at + 12)
  }
  if (base === undefined) throw new Error('the library needs nothing of GLIBC_2.2.5')
  return { base, tooNew }
}
