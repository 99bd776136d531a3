// lines from a pipe: each one a goal, and none that was made another on the way.
import { describe, expect, it } from 'vitest'
import { readPipedLines } from '../../../scripts/shell/piped-lines.ts'

async function* chunks(...parts: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* parts
}

/** what is taken until the end, or until a line is refused. */
async function taken(...parts: readonly Buffer[]): Promise<{ lines: string[]; error?: unknown }> {
  const lines: string[] = []
  try {
    for await (const line of readPipedLines(chunks(...parts))) lines.push(line)
    return { lines }
  } catch (error) {
    return { lines, error }
  }
}

describe('lines from a pipe', () => {
  it('may be cut inside of a letter, end as in Windows, or not end', async () => {
    const text = Buffer.from('größe\r\nläge')
    expect(await taken(text.subarray(0, 3), text.subarray(3))).toEqual({ lines: ['größe', 'läge'] })
  })

  it('that are no UTF-8 are refused, with the value and what to do', async () => {
    const { lines, error } = await taken(Buffer.from('delete a.txt\ndelete \xff.txt\ndelete b.txt\n', 'latin1'))
    expect(lines).toEqual(['delete a.txt'])
    expect(error).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('not UTF-8') as string,
      fix: expect.stringContaining('UTF-8') as string,
    })
  })

  it('that are no UTF-8 are refused also as the last one without an end', async () => {
    expect(await taken(Buffer.from('delete \xff.txt', 'latin1'))).toMatchObject({ lines: [], error: { code: 'USAGE' } })
  })

  it('may hold the sign for unreadable bytes where somebody wrote that', async () => {
    expect(await taken(Buffer.from('delete \ufffd.txt\n'))).toEqual({ lines: ['delete \ufffd.txt'] })
  })
})
