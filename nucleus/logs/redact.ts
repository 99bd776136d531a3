// keeps secrets out of the log: by the names of fields, by the shapes of credentials, and by values that are known.

const replacement = '[redacted]'

// it must be the end of the name: `accessToken` is secret, `inputTokens` a count.
const secretWords =
  '(?:authorization|cookies?|passwords?|passwd|passphrase|secrets?|(?:api|private|access)[_-]?keys?|token|credentials?|ticket)'
const secretName = new RegExp(`${secretWords}$`, 'i')
// a finished line has fields that pino bound to a child logger, which its formatters don't see.
const secretField = new RegExp(`"([\\w-]*${secretWords})":"(?:[^"\\\\]|\\\\.)*"`, 'gi')

// what credentials look like wherever they turn up: HTTP schemes, keys of well-known services, passwords in URLs.
const secretShapes =
  /\b(Bearer|Basic) +[A-Za-z0-9._~+/=-]{20,}|\b(sk|rk|pk|ghp|gho|xox[abp])[-_][A-Za-z0-9_-]{16,}|:\/\/[^\s:/@"]*:[^\s@/"]+@/g

// deeper than this nothing is logged on purpose.
const maxDepth = 8

/** says whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name)
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function redactValue(value: unknown, depth: number): unknown {
  if (depth > maxDepth) return typeof value === 'object' && value !== null ? '[too deep]' : value
  if (Array.isArray(value)) {
    const items = value.map((item) => redactValue(item, depth + 1))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  return isPlain(value) ? redactDepth(value, depth) : value
}

function redactDepth(fields: Record<string, unknown>, depth: number): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined
  for (const [name, value] of Object.entries(fields)) {
    const isSecret = isSecretName(name) && value !== undefined && value !== null && typeof value !== 'boolean'
    const shown = isSecret ? replacement : redactValue(value, depth + 1)
    if (shown !== value) (copy ??= { ...fields })[name] = shown
  }
  return copy ?? fields
}

/** the same fields with secrets replaced, by their names; copies only where there is something to replace. */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redactDepth(fields, 0)
}

function escapeForPattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/** makes the last filter of a finished line: known secret values, as they are and as JSON writes them, and shapes. */
export function createLineFilter(secrets: readonly string[]): (line: string) => string {
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
  // longer ones first, so that a secret that contains another is replaced whole.
  const known = [...new Set(forms)].filter((form) => form.length >= 6).sort((a, b) => b.length - a.length)
  const pattern = known.length === 0 ? undefined : new RegExp(known.map(escapeForPattern).join('|'), 'g')
  return (line) => {
    const named = line.replace(secretField, `"$1":"${replacement}"`)
    const shaped = named.replace(secretShapes, (match: string, scheme: string | undefined) => {
      if (match.startsWith('://')) return `://${replacement}@`
      return scheme === undefined ? replacement : `${scheme} ${replacement}`
    })
    return pattern === undefined ? shaped : shaped.replace(pattern, replacement)
  }
}
