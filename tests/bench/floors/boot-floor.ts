// the floor of a boot: a process that does nothing but load what LOTUS is made of, listen, and answer /health.
import { enableCompileCache, flushCompileCache } from 'node:module'

enableCompileCache(process.env['NODE_COMPILE_CACHE'])

const { default: Database } = await import('better-sqlite3')
const { EventEmitter } = await import('eventemitter3')
const { default: fastify } = await import('fastify')
const { z } = await import('zod')

const path = process.argv[2]
if (path === undefined) throw new Error('usage: node boot-floor.ts DATABASE; prints the address it listens on')

const database = new Database(path)
database.pragma('journal_mode = WAL')
database.exec('create table if not exists starts (at integer not null)')
database.prepare('insert into starts (at) values (?)').run(Date.now())

const emitter = new EventEmitter()
emitter.on('asked', () => undefined)
const Health = z.object({ status: z.enum(['healthy', 'degraded']) })

const app = fastify()
app.get('/health', () => {
  emitter.emit('asked')
  return Health.parse({ status: 'healthy' })
})
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`)
flushCompileCache()

process.once('SIGTERM', () => {
  database.close()
  process.exit(0)
})
