// reads OLLAMA_HOST in the forms that Ollama itself takes, into a URL that a client can call.
import { providerErrors } from './errors.ts'

export const defaultOllamaUrl = 'http://127.0.0.1:11434'

/**
 * `host`, `host:port`, `:port` and URLs. a server's own `0.0.0.0` or `[::]` (listen everywhere) becomes loopback.
 * @throws OLLAMA_HOST_INVALID
 */
export function readOllamaHost(value: string): string {
  const text = value.trim()
  if (text === '') return defaultOllamaUrl
  const hasProtocol = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
  const whole = hasProtocol ? text : `http://${text.startsWith(':') ? `127.0.0.1${text}` : text}`
  if (!URL.canParse(whole)) throw providerErrors.OLLAMA_HOST_INVALID({ value })
  const url = new URL(whole)
  if (!/^https?:$/.test(url.protocol) || url.hostname === '' || url.search !== '' || url.hash !== '') {
    throw providerErrors.OLLAMA_HOST_INVALID({ value })
  }
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1'
  if (url.hostname === '[::]') url.hostname = '[::1]'
  // a bare host has Ollama's port, a URL its protocol's, as in Ollama's own client.
  const hasPort = /:\d+$/.test(text.replace(/^[a-z]+:\/\//i, '').replace(/\/.*$/, ''))
  if (!hasProtocol && !hasPort) url.port = '11434'
  return url.href.replace(/\/$/, '')
}

/** an address without what may be secret in it. */
export function showAddress(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//')
}
