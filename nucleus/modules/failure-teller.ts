// tells failures of modules to whoever listens, without a flood: each kind at most once a second.

/** more kinds than this at once and the oldest times are forgotten together. */
const maxKinds = 1_000
const quietMs = 1_000

/** @param emit - called for the first failure of a kind in a second; a kind is a module and what it was doing */
export function createFailureTeller<Subject extends { readonly name: string }>(
  emit: (subject: Subject, during: string, error: unknown) => void,
  now: () => number = Date.now,
): (subject: Subject, during: string, error: unknown) => void {
  const toldAt = new Map<string, number>()
  return (subject, during, error) => {
    const kind = `${subject.name} ${during}`
    if (now() - (toldAt.get(kind) ?? -quietMs) < quietMs) return
    if (toldAt.size >= maxKinds) toldAt.clear()
    toldAt.set(kind, now())
    emit(subject, during, error)
  }
}
