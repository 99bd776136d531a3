// the lines of a pipe or file on stdin, one goal each; a line without end is refused before it fills the memory.
import { createLineReader } from '../../nucleus/wire/lines.ts'
import { clientErrors } from '../client/errors.ts'

const maxLineBytes = 1024 * 1024

/** @throws USAGE for a line of more than 1 MiB, and for one that is no UTF-8 */
export async function* readPipedLines(input: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
  const reader = createLineReader(maxLineBytes)
  let last: Buffer = Buffer.alloc(0)
  for await (const chunk of input) {
    for (const line of reader.push(chunk)) yield decode(line)
    if (reader.overflowed)
      throw clientErrors.USAGE({ detail: `a line has more than ${maxLineBytes} bytes`, fix: 'state one goal a line' })
    const end = chunk.lastIndexOf(0x0a)
    last = end === -1 ? Buffer.concat([last, chunk]) : Buffer.from(chunk.subarray(end + 1))
  }
  // the last line of a file need not be ended.
  if (last.length > 0) yield decode(last)
}

// each byte that can't be read would become the same sign, and a name with that sign in it is another name.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(line: Buffer): string {
  try {
    return utf8.decode(line).replace(/\r$/, '')
  } catch (cause) {
    throw clientErrors.USAGE({
      value: line.toString('utf8'),
      detail: 'a line is not UTF-8; it and what follows it were not done',
      fix: 'write it in UTF-8; a file whose name is none is meant by a pattern or by its folder',
      cause,
    })
  }
}
