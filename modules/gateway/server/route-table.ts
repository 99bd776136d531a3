// remembers which paths there are, so that a wrong method is told from a wrong path, and so that docs can be checked.
import type { App } from './app.ts'

export interface ListedRoute {
  readonly method: string
  /** as Fastify spells it: `/runs/:trace_id`. */
  readonly path: string
  readonly isPublic: boolean
  readonly tag: string
  readonly summary: string
}

export interface RouteTable {
  list(): readonly ListedRoute[]
  /** the methods that a path takes; none where there is no such path. */
  methodsOf(url: string): readonly string[]
  isPublic(url: string): boolean
}

interface Entry extends ListedRoute {
  readonly pattern: RegExp
}

/** begins to listen for routes; must be called before they are added. */
export function createRouteTable(app: App): RouteTable {
  const entries: Entry[] = []
  app.addHook('onRoute', ({ method, url, config, schema }) => {
    for (const one of [method].flat()) {
      entries.push({
        method: one.toString(),
        path: url,
        isPublic: config?.access === 'public',
        tag: schema?.tags?.[0] ?? '',
        summary: schema?.summary ?? '',
        pattern: patternOf(url),
      })
    }
  })
  const matching = (url: string): Entry[] => {
    const path = (url.split('?', 1)[0] ?? '').replace(/(?<=.)\/$/, '')
    return entries.filter(({ pattern }) => pattern.test(path))
  }
  return Object.freeze({
    list: () => entries.map(({ pattern: _pattern, ...route }) => route),
    methodsOf: (url: string) => [...new Set(matching(url).map(({ method }) => method))],
    isPublic: (url: string) => matching(url).some((entry) => entry.isPublic),
  })
}

function patternOf(path: string): RegExp {
  const source = path
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.+^${}()|[\]\\]/g, '\\$&')))
    .join('/')
  return new RegExp(`^${source}$`)
}
