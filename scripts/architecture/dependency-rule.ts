/** every package has its reasons written down in docs/dependencies.md, and nothing else is there. */
import type { Finding, Rule } from './repository.ts'

const page = 'docs/dependencies.md'

/** packages named in the first column of the tables, each with its line */
function documented(text: string): ReadonlyMap<string, number> {
  const names = new Map<string, number>()
  for (const [index, line] of text.split('\n').entries()) {
    const cell = /^\|([^|]*)\|/.exec(line)?.[1]
    for (const [, name] of (cell ?? '').matchAll(/`([^`]+)`/g)) if (name !== undefined) names.set(name, index + 1)
  }
  return names
}

export const dependencyRule: Rule = (repository) => {
  const manifestText = repository.files.includes('package.json') ? repository.read('package.json') : undefined
  if (manifestText === undefined) return []
  const manifest = JSON.parse(manifestText) as Record<string, Record<string, string>>
  const listed = ['dependencies', 'optionalDependencies', 'devDependencies'].flatMap((key) =>
    Object.keys(manifest[key] ?? {}),
  )
  const names = documented((repository.files.includes(page) ? repository.read(page) : undefined) ?? '')
  const manifestLines = manifestText.split('\n')

  const findings: Finding[] = listed
    .filter((name) => !names.has(name))
    .map((name) => ({
      file: 'package.json',
      line: manifestLines.findIndex((line) => line.includes(`"${name}":`)) + 1,
      message: `${name} has no line in ${page}`,
      remedy: 'add a row there: what it is for, why this one, what it would take to leave it',
    }))
  for (const [name, line] of names) {
    if (listed.includes(name)) continue
    findings.push({
      file: page,
      line,
      message: `${name} is not in package.json`,
      remedy: 'remove its row, or install it',
    })
  }
  return findings
}
