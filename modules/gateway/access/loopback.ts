// says which addresses only this machine can reach.
import { BlockList, isIP } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

function isLoopbackAddress(address: string): boolean {
  const version = isIP(address)
  return version !== 0 && loopback.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

/**
 * whether listening on `host` is reachable from this machine only. a name counts as loopback when all of its
 * addresses are; one that can’t be resolved does not, and neither does the empty host, which means every address.
 */
export async function isLoopbackHost(host: string): Promise<boolean> {
  if (host === '') return false
  if (isIP(host) !== 0) return isLoopbackAddress(host)
  try {
    const { lookup } = await import('node:dns/promises')
    const addresses = await lookup(host, { all: true })
    return addresses.length > 0 && addresses.every(({ address }) => isLoopbackAddress(address))
  } catch {
    // listening on it will fail with the reason; here only the safe answer counts
    return false
  }
}
