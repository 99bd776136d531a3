// chooses the modules of safe mode: those that a person needs to talk to LOTUS and to mend it.
import { kernelFacts } from '../kernel-facts.ts'
import type { FoundModule } from '../modules/manifest.ts'
import { parseServiceReference } from '../modules/service-reference.ts'

/** modules that are started whatever they did before: without them nobody could be told what is wrong. */
export function indispensable(found: readonly FoundModule[]): ReadonlySet<string> {
  return new Set(
    found.filter(({ manifest }) => manifest.safe && manifest.boot === 'required').map(({ manifest }) => manifest.name),
  )
}

/** core modules, those that ask for it, and what these require; without those that are left out and who needs them. */
export function chooseSafe(found: readonly FoundModule[], leftOut: readonly string[]): readonly FoundModule[] {
  const always = indispensable(found)
  const usable = found.filter(({ manifest }) => always.has(manifest.name) || !leftOut.includes(manifest.name))
  const chosen = new Set(usable.filter(({ manifest }) => manifest.core || manifest.safe))
  // a set grows while it is walked through: what is required brings what that requires
  for (const one of chosen) {
    for (const service of requiredServices(one)) {
      for (const other of usable) if (other.manifest.provides.includes(service)) chosen.add(other)
    }
  }
  let kept = [...chosen]
  for (let before = -1; before !== kept.length;) {
    before = kept.length
    const provided = new Set([...kernelFacts.services, ...kept.flatMap(({ manifest }) => manifest.provides)])
    kept = kept.filter((one) => requiredServices(one).every((service) => provided.has(service)))
  }
  return found.filter((one) => kept.includes(one))
}

function requiredServices({ manifest }: FoundModule): string[] {
  return manifest.requires.map((reference) => parseServiceReference(reference).service)
}
