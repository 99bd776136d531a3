// sends datagrams to a Unix socket, which Node can't: three calls of libc through koffi. Linux only, as systemd is.
import koffi from 'koffi'

const unixFamily = 1
const datagramSocket = 2
/** SOCK_CLOEXEC: no child inherits it. */
const closeOnExec = 0o2000000
/** MSG_DONTWAIT and MSG_NOSIGNAL: a full or dead receiver is an answer, not a wait and not a signal. */
const sendFlags = 0x40 | 0x4000
/** sun_path has 108 bytes, unix(7). */
const longestPath = 108

export interface Datagrams {
  /** sends one; gives 0, or the number of the error: errno(3). */
  send(text: string): number
  close(): void
}

/**
 * opens a socket that sends to `address`: a path, or an abstract name that begins with `@`.
 * @throws where the address is too long, or the machine gives no socket
 */
export function openDatagrams(address: string): Datagrams {
  const path = Buffer.from(address.startsWith('@') ? `\0${address.slice(1)}` : address)
  if (path.length > longestPath)
    throw new Error(`the path of a Unix socket has at most ${longestPath} bytes: ${address}`)
  const receiver = Buffer.alloc(2 + path.length)
  // sa_family_t is in the byte order of the machine; all that Node 24 runs on under systemd and we ship for is little
  receiver.writeUInt16LE(unixFamily, 0)
  path.copy(receiver, 2)

  const libc = koffi.load(null)
  const openSocket = libc.func('int socket(int domain, int type, int protocol)')
  const sendTo = libc.func(
    'intptr_t sendto(int descriptor, const void *data, size_t length, int flags, const void *address, unsigned int size)',
  )
  const closeDescriptor = libc.func('int close(int descriptor)')
  const descriptor = Number(openSocket(unixFamily, datagramSocket | closeOnExec, 0))
  if (descriptor < 0) throw new Error(`no socket: error ${koffi.errno()}`)
  return Object.freeze({
    send: (text: string) => {
      const data = Buffer.from(text)
      const sent = Number(sendTo(descriptor, data, data.length, sendFlags, receiver, receiver.length))
      return sent < 0 ? koffi.errno() : 0
    },
    close: () => void closeDescriptor(descriptor),
  })
}
