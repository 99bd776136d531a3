// strings that were written to break software like ours, and what to look for after they were fed to it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** of our own: what terminals obey, what nobody sees, what ends text early, what is half a character. */
export const ownStrings: readonly string[] = [
  'a\u001b[2Jb',
  'a\u001b]0;owned\u0007b',
  'a\u001b]52;c;b3duZWQ=\u001b\\b',
  'a\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007',
  'a\u001bP$q"p\u001b\\b',
  'a\u009b31mb\u009d0;owned\u009cc\u0090x\u009c',
  'invoice\u202egpj.exe',
  'a\u2066b\u2069\u200f\u061cc',
  'a\u200bb\ufeffc\u2060d',
  'a\u{e0072}\u{e006d}b',
  'a\rb\bc\u007fd\u0000e',
  'half a pair \ud83d and the other \udc00',
  '\u2028\u2029',
  '-rf',
  '--help',
  '-- --yes',
  '../../../../etc/passwd\u0000.txt',
  'x'.repeat(5_000),
]

/** every string of the data folder, once; what stands for a file in them is one. */
export function hostileStrings(folder: string): string[] {
  const strings = new Set<string>(ownStrings)
  for (const name of readdirSync(folder).toSorted()) {
    const text = readFileSync(join(folder, name), 'utf8')
    if (name.endsWith('.json')) for (const one of JSON.parse(text) as string[]) strings.add(one)
    else if (name.endsWith('.jsonl')) {
      for (const line of text.split('\n')) if (line !== '') strings.add((JSON.parse(line) as { code: string }).code)
    } else if (name.endsWith('.txt')) {
      for (const line of text.split('\n')) if (line !== '') strings.add(line.replaceAll('{FILE}', 'etc/passwd'))
    }
  }
  return [...strings]
}

/** so many of them, always the same, from all over the list. */
export function sampleOf(strings: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, at) => strings[Math.floor((at * strings.length) / count)]!)
}

/** what a terminal would obey, or a reader not see; newlines and tabs apart. undefined where there is none. */
export function unsafeIn(shown: string): string | undefined {
  const found =
    // oxlint-disable-next-line no-control-regex
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u.exec(
      shown,
    )
  return found === null ? undefined : JSON.stringify(shown.slice(Math.max(0, found.index - 30), found.index + 30))
}

interface ChainRow {
  readonly kind: string
  readonly trace_id: string
  readonly body: Readonly<Record<string, unknown>>
}

/** rows of the chain that tell of a step that was done without a decision before it that lets it be done. */
export function undecidedSteps(chain: string): string[] {
  const allowed = new Set<string>()
  const asked = new Set<string>()
  const faults: string[] = []
  for (const line of chain.split('\n')) {
    if (line === '') continue
    const { kind, trace_id: traceId, body } = JSON.parse(line) as ChainRow
    const plan = `${traceId} ${String(body['plan_id'])}`
    if (kind === 'plan.decided' && body['decision'] === 'allow') allowed.add(plan)
    if (kind === 'plan.decided' && body['decision'] === 'confirm') asked.add(plan)
    if (kind === 'plan.answered' && body['answer'] === 'yes' && asked.has(plan)) allowed.add(plan)
    if (kind === 'step.completed' && !allowed.has(plan)) faults.push(line)
  }
  return faults
}
