// services: what one module asks of another, by asynchronous calls with plain data.

/** each method takes plain data and gives a promise, or an async iterable for a stream. */
// oxlint-disable-next-line no-explicit-any -- a constraint over any argument list has no other spelling.
type Method = (...parameters: any[]) => Promise<unknown> | AsyncIterable<unknown>

/** `call` gives a promise, `stream` an async iterable; the kernel needs to know to carry it over a process wall. */
export type MethodKind = 'call' | 'stream'

export interface ServiceDefinition<Interface extends object = object> {
  readonly name: string
  readonly methods: { readonly [Name in keyof Interface]: MethodKind }
  /** several modules may provide it at once; consumers then use `ctx.useAll`. */
  readonly many: boolean
}

/**
 * declares a service. the table of methods must name all of them: it is what exists at run time.
 *
 * @example
 * export interface Clock { now(): Promise<number> }
 * export const Clock = defineService<Clock>('clock', { now: 'call' })
 */
export function defineService<Interface extends { [Name in keyof Interface]: Method }>(
  name: string,
  methods: { readonly [Name in keyof Interface]: MethodKind },
  options: { many?: boolean } = {},
): ServiceDefinition<Interface> {
  return Object.freeze({ name, methods: Object.freeze(methods), many: options.many ?? false })
}
