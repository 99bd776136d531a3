// speaks HTTP by hand, for headers and manners that fetch does not allow.
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface RawAnswer {
  readonly status: number
  readonly text: string
  readonly body: unknown
}

/** opens a connection that ends with the test. */
export async function openSocket(port: number, host = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host })
  onTestFinished(() => void socket.destroy())
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return socket
}

/** everything that comes until the other side closes. */
export async function readToEnd(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** sends lines as they are and reads until the end; `connection: close` is added. */
export async function sendRaw(port: number, lines: readonly string[], body = ''): Promise<RawAnswer> {
  const socket = await openSocket(port)
  socket.write(`${[...lines, 'connection: close'].join('\r\n')}\r\n\r\n${body}`)
  const text = await readToEnd(socket)
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const payload = rest.join('\r\n\r\n')
  return {
    status: Number(/^HTTP\/1\.[01] (\d+)/.exec(head)?.[1]),
    text,
    body: payload === '' ? undefined : parse(payload),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // a chunked or foreign body
    return undefined
  }
}
