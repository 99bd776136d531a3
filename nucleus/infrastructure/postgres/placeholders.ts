// turns the `?` of statements written by hand into Postgres' `$1`, `$2` …; what Kysely compiled has them already.

/** text, identifiers, dollar-quoted text and comments, in which a `?` means itself; then the `?`. */
const parts = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([a-z_]\w*)?\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|\?/gi

const known = new Map<string, string>()
const knownLimit = 1_000

export function numberPlaceholders(sql: string): string {
  if (!sql.includes('?')) return sql
  const before = known.get(sql)
  if (before !== undefined) return before
  let number = 0
  const numbered = sql.replaceAll(parts, (part) => (part === '?' ? `$${(number += 1)}` : part))
  if (known.size >= knownLimit) known.clear()
  known.set(sql, numbered)
  return numbered
}
