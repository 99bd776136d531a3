// what the setting of ChromaDB may be besides an address.

/** whether it asks for a server of our own: `local://chroma`. */
export function isLocalChroma(url: string): boolean {
  return url.startsWith('local://')
}
