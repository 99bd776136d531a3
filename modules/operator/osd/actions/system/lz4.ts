// unpacks LZ4 frames, block by block: Debian keeps its package lists in them, and Node has no LZ4.
// after https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and lz4_Block_format.md.
import { actionErrors } from '../errors.ts'

const magic = 0x184d2204
/** blocks may refer this far back into those before them. */
const windowBytes = 64 * 1024
const blockSizes: Readonly<Record<number, number>> = { 4: 65_536, 5: 262_144, 6: 1_048_576, 7: 4_194_304 }
const storedFlag = 0x8000_0000

/** the content of a frame as chunks; check sums are not verified, since a damaged list only misses a package. */
export function* unpackLz4(input: Buffer): Generator<Buffer> {
  if (input.length < 7 || input.readUInt32LE(0) !== magic) throw damaged('no LZ4 frame')
  const flags = input.readUInt8(4)
  const blockBytes = blockSizes[(input.readUInt8(5) >> 4) & 7]
  if (flags >> 6 !== 1 || blockBytes === undefined || (flags & 1) !== 0) throw damaged('an unknown kind of LZ4 frame')
  // flags, block size, content size where given, check sum of the header.
  let at = 6 + ((flags & 8) === 0 ? 0 : 8) + 1
  // linked blocks refer to the end of the block before: it is kept in front of the one being unpacked.
  let output = Buffer.alloc(windowBytes + blockBytes)
  let history = 0
  while (at + 4 <= input.length) {
    const head = input.readUInt32LE(at)
    at += 4
    if (head === 0) return
    const size = head & ~storedFlag
    const block = input.subarray(at, at + size)
    if (block.length !== size) throw damaged('it ends too early')
    at += size + ((flags & 0x10) === 0 ? 0 : 4)
    const end = head >>> 31 === 1 ? history + block.copy(output, history) : unpackBlock(block, output, history)
    yield Buffer.from(output.subarray(history, end))
    const kept = Math.min(windowBytes, end)
    output.copyWithin(0, end - kept, end)
    history = kept
    if (output.length < history + blockBytes) output = Buffer.concat([output], history + blockBytes)
  }
}

/** unpacks a block behind what is there already; gives where it ends. */
function unpackBlock(block: Buffer, output: Buffer, start: number): number {
  let [from, to] = [0, start]
  const length = (short: number): number => {
    if (short !== 15) return short
    let total = 15
    for (;;) {
      const more = block[from]
      if (more === undefined) throw damaged('a length is cut off')
      from += 1
      total += more
      if (more !== 255) return total
    }
  }
  while (from < block.length) {
    const token = block[from] ?? 0
    from += 1
    const literals = length(token >> 4)
    if (from + literals > block.length || to + literals > output.length) throw damaged('a block is too long')
    block.copy(output, to, from, from + literals)
    from += literals
    to += literals
    if (from >= block.length) return to
    const offset = (block[from] ?? 0) | ((block[from + 1] ?? 0) << 8)
    from += 2
    const count = length(token & 15) + 4
    if (offset === 0 || offset > to || to + count > output.length) throw damaged('a reference points outside')
    // source and target may overlap, which repeats what was just written.
    if (offset >= count) output.copyWithin(to, to - offset, to - offset + count)
    else for (let index = 0; index < count; index += 1) output[to + index] = output[to + index - offset] ?? 0
    to += count
  }
  return to
}

function damaged(detail: string) {
  return actionErrors.ARCHIVE_DAMAGED({ detail })
}
