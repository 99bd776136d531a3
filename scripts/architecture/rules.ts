/** the rules of the house that no other tool checks. */
import { contractRule } from './contract-rule.ts'
import { dependencyRule } from './dependency-rule.ts'
import { importRules } from './import-rules.ts'
import { openRepository, type Finding, type Rule } from './repository.ts'
import { shapeRules } from './shape-rules.ts'
import { textRule } from './text-rules.ts'

const rules: readonly Rule[] = [...importRules, contractRule, ...shapeRules, dependencyRule, textRule]

/** everything the rules find in the repository at a folder, by file and line */
export function checkArchitecture(root: string): readonly Finding[] {
  const repository = openRepository(root)
  return rules
    .flatMap((rule) => rule(repository))
    .sort((one, other) => one.file.localeCompare(other.file) || one.line - other.line)
}

export function formatFinding(finding: Finding): string {
  const place = finding.line === 0 ? finding.file : `${finding.file}:${finding.line}`
  return `${place}  ${finding.message}\n    ${finding.remedy}`
}
