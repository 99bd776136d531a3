// reads the policy files; one fault in any of them and everything is denied until it is mended.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { recollect } from '../../../../nucleus/process/code-pack.ts'
import { createEvaluator, denyEverything } from './evaluator.ts'
import type { Evaluator } from './evaluator.ts'
import { policyFileSchema } from './rule.ts'
import type { Rule } from './rule.ts'

const maxFileBytes = 256 * 1024

/** the policy files of a folder, sorted by name; a folder that is not there has none. */
function policyFiles(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.yaml') || name.endsWith('.yml'))
    return names.sort().map((name) => join(folder, name))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** what one file says, as plain data. @throws with what is wrong with it, in words */
async function readData(file: string): Promise<unknown> {
  const { size } = statSync(file)
  if (size > maxFileBytes) throw new Error(`it is larger than ${maxFileBytes} bytes`)
  // reading YAML takes longer than anything else of osd's start
  const recollection = recollect(`policy ${file}`, [file, import.meta.filename])
  if (recollection.known !== undefined) return recollection.known.value
  const { parseDocument } = await import('yaml')
  // duplicate keys are faults; so are anchors, which let a text say more than it shows.
  const document = parseDocument(readFileSync(file, 'utf8'), { uniqueKeys: true, schema: 'core', strict: true })
  const [fault] = [...document.errors, ...document.warnings]
  if (fault !== undefined) throw fault
  const data: unknown = document.toJS({ maxAliasCount: 0 })
  recollection.keep(data)
  return data
}

/** the rules of one file, or what is wrong with it, in words. */
async function readRules(file: string): Promise<readonly Rule[] | string> {
  try {
    // checked once: zod would write code for it first, which takes longer than it saves
    const parsed = policyFileSchema.safeParse(await readData(file), { jitless: true })
    if (parsed.success) return parsed.data.rules.map((rule) => ({ ...rule, file: basename(file) }))
    const [issue] = parsed.error.issues
    return `${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is invalid'}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/**
 * loads the policies of several folders as one. a later folder can only make it stricter: the strictest rule decides.
 * @param folders `config/policies`, then `LOTUS_HOME/policies`.
 */
export async function loadPolicy(folders: readonly string[]): Promise<Evaluator> {
  const rules: Rule[] = []
  for (const file of folders.flatMap(policyFiles)) {
    const read = await readRules(file)
    if (typeof read === 'string') return denyEverything(`${file}: ${read}`)
    for (const rule of read) {
      const other = rules.find(({ name }) => name === rule.name)
      if (other !== undefined) return denyEverything(`${file}: the rule ${rule.name} is in ${other.file} already`)
      rules.push(rule)
    }
  }
  const none = `there is no policy file in ${folders.join(' or ')}`
  return rules.length === 0 ? denyEverything(none) : createEvaluator(rules)
}
