// refuses to be reachable from other machines without a strong token that somebody has set on purpose.
import { gatewayErrors } from '../errors.ts'
import { isLoopbackHost } from './loopback.ts'
import { estimateTokenBits, strongTokenBits } from './token-strength.ts'

/**
 * the token in LOTUS_HOME/token is made unasked, so it does not count: a bind to the network is a decision, and so is
 * its token.
 * @throws INSECURE_BIND
 */
export async function assertSafeBind(bind: { readonly host: string; readonly httpToken: string }): Promise<void> {
  if (await isLoopbackHost(bind.host)) return
  if (bind.httpToken === '') {
    throw gatewayErrors.INSECURE_BIND({ value: bind.host, detail: 'LOTUS_HTTP_TOKEN is not set' })
  }
  const bits = estimateTokenBits(bind.httpToken)
  if (bits >= strongTokenBits) return
  throw gatewayErrors.INSECURE_BIND({
    value: bind.host,
    detail: `LOTUS_HTTP_TOKEN holds at most ${bits} bits, ${strongTokenBits} are needed`,
  })
}
