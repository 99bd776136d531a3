// where a module runs, if several nuclei form one system: each runs those that are for its role and for what its machine has.
// only nuclei that have a module take the events and the flows that are for it, so nothing has to be routed.
import { kernelFacts } from '../kernel-facts.ts'
import type { FoundModule, Manifest } from './manifest.ts'
import { parseServiceReference } from './service-reference.ts'

/** what a nucleus is, and what its machine has. */
export interface Place {
  readonly role: 'nucleus' | 'worker'
  readonly labels: readonly string[]
}

/** a module that is known here and runs on other nuclei. */
export interface ModuleElsewhere {
  readonly found: FoundModule
  /** why it does not run here. */
  readonly reason: string
}

/** why a module does not run here; undefined: it does. */
export function whyElsewhere({ roles, labels }: Manifest, place: Place): string | undefined {
  if (!roles.includes(place.role)) {
    return place.role === 'worker' ? 'it runs on the nucleus of the system' : 'it runs on workers'
  }
  const missing = labels.filter((label) => !place.labels.includes(label))
  return missing.length === 0 ? undefined : `it runs where LOTUS_LABELS has ${missing.join(' and ')}`
}

/** those that run here, and the others; who requires one of the others runs elsewhere, too. */
export function chooseHere(
  all: readonly FoundModule[],
  place: Place,
): { readonly here: readonly FoundModule[]; readonly elsewhere: readonly ModuleElsewhere[] } {
  const elsewhere: ModuleElsewhere[] = []
  let here = all.filter((found) => {
    const reason = whyElsewhere(found.manifest, place)
    if (reason !== undefined) elsewhere.push({ found, reason })
    return reason === undefined
  })
  for (let before = elsewhere.length === 0 ? here.length : -1; before !== here.length;) {
    before = here.length
    const provided = new Set([...kernelFacts.services, ...here.flatMap(({ manifest }) => manifest.provides)])
    const away = new Set(elsewhere.flatMap(({ found }) => found.manifest.provides))
    here = here.filter((found) => {
      const services = found.manifest.requires.map((reference) => parseServiceReference(reference).service)
      const lacking = services.find((service) => !provided.has(service) && away.has(service))
      if (lacking !== undefined) elsewhere.push({ found, reason: `it requires ${lacking}, which does not run here` })
      return lacking === undefined
    })
  }
  return { here, elsewhere }
}
