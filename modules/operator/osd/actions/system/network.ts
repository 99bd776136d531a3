// system.ports and system.addresses: open ports from /proc/net with the process behind each, and the machine's addresses.
import { readdir, readlink } from 'node:fs/promises'
import os from 'node:os'
import { z } from 'zod'
import type { ActionContext, ActionResult } from '../../action.ts'
import { defineAction } from '../../action.ts'
import { alignColumns, limitLines } from '../format.ts'
import { type Process, goesBy, listProcesses, processIds } from './proc.ts'
import { isAbsent, readText } from './users.ts'

const reading = { effect: 'none', risk: 'none', undoable: false, timeoutMs: 10_000 } as const

/** states of a TCP socket in /proc/net (include/net/tcp_states.h) that people ask about. */
const listenState = '0A'
const unconnectedState = '07'

interface Socket {
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
  readonly listening: boolean
  readonly inode: string
}

/** an address of /proc/net, which is written in words of 32 bits in the machine's byte order. */
export function readAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? []
  const little = os.endianness() === 'LE'
  const bytes = words.flatMap((word) => {
    const four = (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16))
    return little ? four.reverse() : four
  })
  if (bytes.length === 4) return bytes.join('.')
  const mapped =
    bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  if (mapped) return bytes.slice(12).join('.')
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  )
  // the URL parser writes IPv6 in its shortest form.
  return new URL(`http://[${groups.join(':')}]`).hostname
}

async function readSockets(): Promise<Socket[]> {
  const found: Socket[] = []
  for (const file of ['tcp', 'tcp6', 'udp', 'udp6']) {
    const protocol = file.startsWith('tcp') ? 'tcp' : 'udp'
    for (const line of (await readText(`/proc/net/${file}`)).split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/)
      const [address, port] = (fields[1] ?? '').split(':')
      if (address === undefined || port === undefined) continue
      const listening = fields[3] === (protocol === 'tcp' ? listenState : unconnectedState)
      found.push({
        protocol,
        address: readAddress(address),
        port: Number.parseInt(port, 16),
        listening,
        inode: fields[9] ?? '',
      })
    }
  }
  return found
}

/** the process that holds each socket, where we may look: our own, or all as root. */
async function findOwners(inodes: ReadonlySet<string>, signal: AbortSignal): Promise<Map<string, number>> {
  const owners = new Map<string, number>()
  for (const pid of processIds()) {
    signal.throwIfAborted()
    if (owners.size === inodes.size) break
    for (const descriptor of await readable(() => readdir(`/proc/${pid}/fd`), [])) {
      const target = await readable(() => readlink(`/proc/${pid}/fd/${descriptor}`), '')
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
      if (inode !== undefined && inodes.has(inode) && !owners.has(inode)) owners.set(inode, pid)
    }
  }
  return owners
}

async function readable<Value>(read: () => Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await read()
  } catch (error) {
    if (isAbsent(error)) return otherwise
    throw error
  }
}

const portsInput = z.strictObject({
  port: z.int().min(0).max(65_535).optional(),
  process: z.string().min(1).max(255).optional().describe('only ports of this process'),
  listening: z.boolean().optional().describe('false: connections too; default true'),
})

type OwnedSocket = Socket & { readonly owner: Process | undefined }

const portWhere = ({ protocol, address, port }: Socket) =>
  `${protocol} ${address.includes(':') && !address.startsWith('[') ? `[${address}]` : address}:${port}`
const ownerWords = ({ owner }: OwnedSocket) =>
  owner === undefined ? 'a process that cannot be seen from here' : `${owner.name} (pid ${owner.pid})`

async function ownedSockets(args: z.output<typeof portsInput>, signal: AbortSignal): Promise<OwnedSocket[]> {
  const chosen = (await readSockets()).filter(
    (socket) =>
      (args.port === undefined || socket.port === args.port) &&
      (args.listening === false || socket.listening) &&
      socket.port > 0,
  )
  const owners = await findOwners(new Set(chosen.map(({ inode }) => inode)), signal)
  const processes = new Map((await listProcesses(signal)).map((process) => [process.pid, process]))
  const unique = new Map<string, OwnedSocket>()
  for (const socket of chosen) {
    const owner = processes.get(owners.get(socket.inode) ?? 0)
    if (args.process !== undefined && (owner === undefined || !goesBy(owner, args.process))) continue
    unique.set(`${portWhere(socket)} ${owner?.pid ?? ''}`, { ...socket, owner })
  }
  return [...unique.values()].toSorted((a, b) => a.port - b.port || (portWhere(a) < portWhere(b) ? -1 : 1))
}

async function showPorts(args: z.output<typeof portsInput>, context: ActionContext): Promise<ActionResult> {
  const sockets = await ownedSockets(args, context.signal)
  const data = {
    count: sockets.length,
    port: sockets[0]?.port ?? null,
    pid: sockets[0]?.owner?.pid ?? null,
    ports: sockets.slice(0, 1000).map(({ protocol, address, port, owner }) => ({
      protocol,
      address,
      port,
      pid: owner?.pid ?? null,
      name: owner?.name ?? null,
    })),
  }
  if (sockets.length === 0) {
    const what = args.listening === false ? 'using' : 'listening on'
    if (args.port !== undefined) return { text: `nothing is ${what} port ${args.port}`, data }
    return {
      text: `${args.process ?? 'nothing'} is not ${what} any port`.replace('nothing is not', 'nothing is'),
      data,
    }
  }
  if (args.port !== undefined && args.listening !== false) {
    const [first] = sockets
    const users = [...new Set(sockets.map(ownerWords))].join(' and ')
    const places = [...new Set(sockets.map(portWhere))].join(', ')
    return { text: `port ${first?.port} is in use by ${users}: ${places}`, data }
  }
  const rows = sockets.map((socket) => [portWhere(socket), socket.owner === undefined ? '' : ownerWords(socket)])
  return { text: limitLines(alignColumns(rows)), data }
}

export const ports = defineAction({
  ...reading,
  name: 'system.ports',
  description: 'which ports are open, and which process has them',
  input: portsInput,
  resources: async () => [{ kind: 'system', access: 'read', name: 'ports' }],
  run: showPorts,
})

export const addresses = defineAction({
  ...reading,
  name: 'system.addresses',
  description: 'network addresses of this machine',
  input: z.strictObject({}),
  resources: async () => [{ kind: 'system', access: 'read', name: 'addresses' }],
  run: async () => {
    const all = Object.entries(os.networkInterfaces()).flatMap(([device, list]) =>
      (list ?? []).map(({ address, family, internal, mac }) => ({ device, address, family, internal, mac })),
    )
    const outer = all
      .filter(({ internal }) => !internal)
      .toSorted((a, b) => (a.family < b.family ? -1 : a.family > b.family ? 1 : 0))
    const rows = outer.map(({ address, device, family }) => [address, device, family])
    return {
      text:
        rows.length === 0
          ? 'no network address besides the loopback address 127.0.0.1'
          : limitLines(alignColumns(rows)),
      data: {
        count: outer.length,
        address: outer[0]?.address ?? '127.0.0.1',
        addresses: outer.map(({ device, address, family, mac }) => ({ device, address, family, mac })),
      },
    }
  },
})
