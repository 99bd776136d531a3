// the hosts that requests may be addressed to, and the origins that pages may come from.
// a name that an attacker points at 127.0.0.1 (DNS rebinding) is not on the list, and neither is his page.
import { isIP } from 'node:net'

export interface Hosts {
  /** @param socket - whose own address was really reached: that can’t be a rebound name. */
  allowsHost(host: string | undefined, socket: ReachedSocket): boolean
  allowsOrigin(origin: string, host: string | undefined): boolean
}

/** the part of a socket that counts here; asking for its address costs a system call. */
export interface ReachedSocket {
  readonly localAddress?: string | undefined
}

export interface HostsOptions {
  readonly host: string
  readonly port: number
  /** the setting: names separated by commas. */
  readonly allowedHosts: string
}

/** makes the lists for one listening port. */
export function createHosts(options: HostsOptions): Hosts {
  const names = new Set(['127.0.0.1', 'localhost', '[::1]', inHeader(options.host)])
  const exact = new Set(Array.from(names, (name) => withPort(name, options.port)))
  // a client leaves port 80 away
  if (options.port === 80) for (const name of names) exact.add(name)
  const extra = new Set(
    options.allowedHosts
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ''),
  )

  const named = (host: string): boolean => exact.has(host) || extra.has(host) || extra.has(withoutPort(host))

  const reached = (host: string, { localAddress }: ReachedSocket): boolean => {
    if (localAddress === undefined) return false
    // a v4 client of a v6 socket appears as ::ffff:192.0.2.1
    const address = localAddress.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '')
    return host === withPort(inHeader(address), options.port) || (options.port === 80 && host === inHeader(address))
  }

  return Object.freeze({
    allowsHost: (host: string | undefined, socket: ReachedSocket) => {
      if (host === undefined) return false
      if (exact.has(host)) return true
      const lower = host.toLowerCase()
      return named(lower) || reached(lower, socket)
    },
    allowsOrigin: (origin: string, host: string | undefined) => {
      const lower = origin.toLowerCase()
      const from = /^https?:\/\/([^/?#@\s]+)$/.exec(lower)?.[1]
      if (from === undefined) return false
      // the host was checked before, so a page of the same host is one of ours
      return from === host?.toLowerCase() || named(from)
    },
  })
}

function inHeader(host: string): string {
  return isIP(host) === 6 ? `[${host.toLowerCase()}]` : host.toLowerCase()
}

function withPort(name: string, port: number): string {
  return `${name}:${port}`
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '')
}
