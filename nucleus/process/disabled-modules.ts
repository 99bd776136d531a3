// the modules that a person has disabled: they stay where they are, and no start brings them up until they are enabled.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from './files.ts'

export interface DisabledModules {
  has(name: string): boolean
  /** survives the loss of power before it returns. @throws STATE_READ_ONLY, STATE_FULL */
  set(name: string, isDisabled: boolean): void
  /** why the list can't be used; then nothing is disabled. */
  readonly problem: string | undefined
}

const fileName = 'disabled-modules.json'

/** reads LOTUS_HOME/disabled-modules.json, a list of names; most have none. */
export function openDisabledModules(home: string): DisabledModules {
  const path = join(home, fileName)
  let names = new Set<string>()
  let problem: string | undefined
  try {
    const data: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (Array.isArray(data) && data.every((name) => typeof name === 'string')) names = new Set(data)
    else problem = `${path} is not a list of names`
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) problem = `${path}: ${String(error)}`
  }
  return Object.freeze({
    has: (name: string) => names.has(name),
    set: (name: string, isDisabled: boolean) => {
      const next = new Set(names)
      if (isDisabled) next.add(name)
      else next.delete(name)
      if (next.size !== names.size) writeDurably(path, `${JSON.stringify([...next].toSorted(), undefined, 2)}\n`)
      names = next
    },
    problem,
  })
}
