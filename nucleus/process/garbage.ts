// what a boot leaves behind: loading hundreds of files fills the heap with what is needed once, and a process that idles
// would keep it, since V8 collects only where memory is wanted.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (options: { readonly type: 'major'; readonly execution: 'sync'; readonly flavor: 'last-resort' }) => void

/** lets the space of new objects grow at once to what the boot fills: copying them out of smaller ones takes 8 ms. */
export function expectGarbageOfBoot(): void {
  setFlagsFromString('--semi-space-growth-factor=16')
}

/** collects all garbage, and gives memory back to the machine: some 35 of 100 MiB, in about 40 ms. once a process. */
export function collectGarbageOfBoot(): void {
  // V8's own factor
  setFlagsFromString('--semi-space-growth-factor=2')
  // the function is there for new contexts only where this option is set; nobody else shall have it
  setFlagsFromString('--expose-gc')
  try {
    const collect = runInNewContext('gc') as Collect
    // as where memory runs out: the spaces that grew while files were loaded shrink, too
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  } finally {
    setFlagsFromString('--no-expose-gc')
  }
}
