// reads the events of GET /events (server-sent events) as they come.
import { createLineReader } from '../../nucleus/wire/lines.ts'
import { clientErrors } from './errors.ts'
import { fieldsOf } from './fields.ts'
import type { Fields } from './fields.ts'

export interface StreamedEvent {
  readonly id: string
  readonly type: string
  readonly data: Fields
  /** the whole of it, `data` included. */
  readonly envelope: Fields
}

const maxLineBytes = 16 * 1024 * 1024

/** `open` as soon as the stream is there, then each event. @throws ANSWER_UNCLEAR */
export async function* readEvents(chunks: AsyncIterable<Buffer>): AsyncGenerator<'open' | StreamedEvent, void> {
  const reader = createLineReader(maxLineBytes)
  let event: Record<string, string> = {}
  let isOpen = false
  for await (const chunk of chunks) {
    for (const bytes of reader.push(chunk)) {
      const line = bytes.toString('utf8').replace(/\r$/, '')
      if (!isOpen) {
        isOpen = true
        yield 'open'
      }
      if (line === '') {
        const { id = '', event: type = '', data } = event
        event = {}
        if (data !== undefined) {
          const envelope = fieldsOf(parse(data))
          yield { id, type, data: fieldsOf(envelope['data']), envelope }
        }
        continue
      }
      // a line that begins with a colon says that the stream lives.
      const [, name = '', value = ''] = /^([^:]+):? ?(.*)$/s.exec(line) ?? []
      if (name !== '') event[name] = value
    }
    if (reader.overflowed) throw clientErrors.ANSWER_UNCLEAR({ detail: `a line of more than ${maxLineBytes} bytes` })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw clientErrors.ANSWER_UNCLEAR({ value: text, cause })
  }
}
