// tables that are looked up with a person's words: without a prototype, so that `constructor` is no entry.

/** a frozen table that has only its own entries. */
export function dictionary<Value>(entries: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.freeze(Object.assign(Object.create(null) as Record<string, Value>, entries))
}
