// installs what every request passes: the check of host and origin, then of the token, and the headers of every answer.
import { TokenPurpose } from '../../operator/contract.ts'
import { assertAddressed, assertAuthenticated } from '../access/guard.ts'
import type { Hosts } from '../access/hosts.ts'
import type { TokenKeeper } from '../access/token-keeper.ts'
import { gatewayErrors } from '../errors.ts'
import { answerHeaders } from './answer-headers.ts'
import type { App } from './app.ts'
import type { RouteTable } from './route-table.ts'

export interface Admission {
  /** asked for at each request: which port it is, is known only once it listens. */
  hosts(): Hosts
  readonly tokens: TokenKeeper
  readonly routes: RouteTable
  /** true from the moment that the gateway is being closed. */
  closing(): boolean
}

/** must be called before the routes are added. */
export function installAdmission(app: App, admission: Admission): void {
  const { tokens, routes } = admission
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(answerHeaders)
    try {
      assertAddressed(admission.hosts(), request.raw)
      // what still comes in is served: behind this generation another may listen already
      if (admission.closing()) reply.header('connection', 'close')
      done()
    } catch (error) {
      done(error as Error)
    }
  })
  app.addHook('onRequest', async (request) => {
    // whether a path exists is told without a token only where the path itself is public
    const isPublic = request.is404 ? routes.isPublic(request.url) : request.routeOptions.config.access === 'public'
    if (isPublic) return
    // whoever has a token may learn that a path is none, or how it is asked
    const purposes = request.is404 ? TokenPurpose.options : request.routeOptions.config.purposes
    await assertAuthenticated(tokens, request, purposes ?? ['api'])
    const encoding = request.headers['content-encoding']
    if (encoding !== undefined && encoding !== 'identity') {
      throw gatewayErrors.MEDIA_TYPE_UNSUPPORTED({ value: encoding, detail: 'bodies are taken uncompressed' })
    }
  })
  app.setNotFoundHandler((request, reply) => {
    const methods = routes.methodsOf(request.url)
    const asked = `${request.method} ${request.url.split('?', 1)[0] ?? ''}`
    if (methods.length === 0) throw gatewayErrors.ENDPOINT_UNKNOWN({ value: asked })
    reply.header('allow', methods.join(', '))
    throw gatewayErrors.METHOD_NOT_ALLOWED({ value: asked, detail: `it takes ${methods.join(', ')}` })
  })
}
