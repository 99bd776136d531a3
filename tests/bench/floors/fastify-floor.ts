// the floor of /health: Fastify and nothing else.
import fastify from 'fastify'

const app = fastify()
app.get('/health', () => ({ status: 'healthy' }))
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`)
process.once('SIGTERM', () => process.exit(0))
