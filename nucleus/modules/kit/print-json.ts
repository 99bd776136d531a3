// writes manifests as the formatter of the house leaves them.

/** JSON as a person writes it: what fits on a line stays on one. */
export function printJson(value: unknown, depth = 0): string {
  const flat = JSON.stringify(value, undefined, 1).replaceAll(/\n\s*/g, ' ').replaceAll('[ ', '[').replaceAll(' ]', ']')
  if (depth > 0 && flat.length + depth * 2 <= 110) return flat
  if (typeof value !== 'object' || value === null) return flat
  const indent = '  '.repeat(depth + 1)
  const end = '  '.repeat(depth)
  if (Array.isArray(value)) return `[\n${value.map((item) => indent + printJson(item, depth + 1)).join(',\n')}\n${end}]`
  const lines = Object.entries(value).map(
    ([key, item]) => `${indent}${JSON.stringify(key)}: ${printJson(item, depth + 1)}`,
  )
  return `{\n${lines.join(',\n')}\n${end}}`
}
