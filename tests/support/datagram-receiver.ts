// a real datagram socket that receives what a process tells its service manager.
import { rmSync } from 'node:fs'
import koffi from 'koffi'
import { waitFor } from './wait-for.ts'

export interface DatagramReceiver {
  /** what NOTIFY_SOCKET is set to. */
  readonly address: string
  /** every message that came, in order. */
  messages(): readonly string[]
  /** waits until a message has this line, and gives the whole of it. @param after - only messages from this one on */
  until(line: string, after?: number): Promise<string>
  close(): void
}

const unixFamily = 1
const datagramNonBlocking = 2 | 0o4000

/** @param address - a path, or an abstract name that begins with `@` */
export function receiveDatagrams(address: string): DatagramReceiver {
  const libc = koffi.load(null)
  const path = Buffer.from(address.startsWith('@') ? `\0${address.slice(1)}` : address)
  const name = Buffer.concat([Buffer.from([unixFamily, 0]), path])
  const descriptor = Number(libc.func('int socket(int, int, int)')(unixFamily, datagramNonBlocking, 0))
  if (Number(libc.func('int bind(int, const void *, unsigned int)')(descriptor, name, name.length)) < 0) {
    throw new Error(`bind: error ${koffi.errno()}`)
  }
  const receive = libc.func('intptr_t recv(int, _Out_ uint8_t *, size_t, int)')
  const close = libc.func('int close(int)')
  const messages: string[] = []
  const take = (): readonly string[] => {
    const buffer = Buffer.alloc(4096)
    for (;;) {
      const length = Number(receive(descriptor, buffer, buffer.length, 0))
      if (length < 0) return messages
      messages.push(buffer.toString('utf8', 0, length))
    }
  }
  return {
    address,
    messages: take,
    until: async (line, after = 0) =>
      await waitFor(
        () =>
          take()
            .slice(after)
            .find((message) => message.split('\n').includes(line)),
        {
          timeoutMs: 60_000,
          what: () => `${line}; there are ${JSON.stringify(messages)}`,
        },
      ),
    close: () => {
      close(descriptor)
      if (!address.startsWith('@')) rmSync(address, { force: true })
    },
  }
}
