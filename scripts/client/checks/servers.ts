// servers that are configured: whether anybody answers at their address. nothing but a connection is made.
import { connect } from 'node:net'
import { isLocalChroma } from '../../../nucleus/infrastructure/chroma/address.ts'
import type { Check, Finding } from './check.ts'
import { good, warning } from './check.ts'
import { readSettings } from './settings.ts'

const limitMs = 3_000
const usualPorts: Readonly<Record<string, number>> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
  'http:': 80,
  'https:': 443,
}

export const checkServers: Check = async (place) => {
  const settings = await readSettings(place)
  if (settings === undefined) return []
  const { postgresUrl, redisUrl, chromaUrl } = settings.core
  const configured = [
    ['server.postgres', 'Postgres', 'LOTUS_POSTGRES_URL', postgresUrl],
    ['server.redis', 'Redis', 'LOTUS_REDIS_URL', redisUrl],
    ['server.chroma', 'ChromaDB', 'LOTUS_CHROMA_URL', chromaUrl],
  ] as const
  const set = configured.filter(([, , , url]) => url !== '')
  if (set.length === 0) return [good('server.none', 'none is configured: everything is kept on this machine')]
  return await Promise.all(set.map(async ([id, name, variable, url]) => await checkServer({ id, name, variable, url })))
}

async function checkServer(server: { id: string; name: string; variable: string; url: string }): Promise<Finding> {
  const { id, name, variable } = server
  if (isLocalChroma(server.url)) return good(id, `${name} is started by LOTUS itself; \`lotus infra check\` proves it`)
  const url = new URL(server.url)
  const port = Number(url.port || (usualPorts[url.protocol] ?? 0))
  // an address may hold a password: host and port do not
  const address = `${url.hostname}:${port}`
  const fault = await reach(url.hostname.replace(/^\[|\]$/g, ''), port)
  if (fault === undefined) return good(id, `${name} answers at ${address}`)
  return warning(
    id,
    `${name} does not answer at ${address}: ${fault}`,
    `start it, or take ${variable} out of the settings: LOTUS then keeps everything on this machine`,
  )
}

async function reach(host: string, port: number): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port, timeout: limitMs })
    const settle = (fault?: string): void => {
      socket.destroy()
      resolve(fault)
    }
    socket.once('connect', () => settle())
    socket.once('timeout', () => settle('no answer in time'))
    socket.once('error', (fault: NodeJS.ErrnoException) => settle(fault.code ?? fault.message))
  })
}
