// how a manifest names a service of another module, apart from the schema of manifests: a context needs no more of it.

/** splits `memory@^1` into service and range; without one any version will do. */
export function parseServiceReference(reference: string): { service: string; range: string } {
  const at = reference.indexOf('@')
  return at === -1
    ? { service: reference, range: '*' }
    : { service: reference.slice(0, at), range: reference.slice(at + 1) }
}
