// names at the edge are snake_case, and money is a decimal number of dollars.

/** `traceId` → `trace_id`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** integer micro-dollars → dollars. */
export function dollars(costMicroUsd: number): number {
  return costMicroUsd / 1_000_000
}

// below these names lies what a person or an action has named: it is carried as it is
const carried = new Set(['args', 'input', 'value', 'body'])

/** plain data of any shape for the edge; made for events, whose shapes the gateway does not know. */
export function toEdge(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toEdge)
  if (typeof value !== 'object' || value === null) return value
  const result: Record<string, unknown> = {}
  for (const [name, child] of Object.entries(value)) {
    if (name === 'costMicroUsd' && typeof child === 'number') result['cost_usd'] = dollars(child)
    else result[snakeCase(name)] = carried.has(name) ? child : toEdge(child)
  }
  return result
}
