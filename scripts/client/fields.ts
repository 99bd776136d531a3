// reads fields of JSON that came from elsewhere: what is missing or of another kind gets the usual value.

export type Fields = Readonly<Record<string, unknown>>

export function textOf(fields: Fields, name: string, usual = ''): string {
  const value = fields[name]
  return typeof value === 'string' ? value : usual
}

export function numberOf(fields: Fields, name: string, usual = 0): number {
  const value = fields[name]
  return typeof value === 'number' ? value : usual
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

export function listOf(fields: Fields, name: string): readonly Fields[] {
  const value = fields[name]
  return Array.isArray(value) ? value.map(fieldsOf) : []
}
