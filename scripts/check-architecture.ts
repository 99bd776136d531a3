/** checks the rules of the house: `node scripts/check-architecture.ts [FOLDER]`; exit code 1 when one is broken. */
import { resolve } from 'node:path'
import { checkArchitecture, formatFinding } from './architecture/rules.ts'

const findings = checkArchitecture(resolve(process.argv[2] ?? `${import.meta.dirname}/..`))
for (const finding of findings) console.log(formatFinding(finding))
if (findings.length > 0) {
  console.log(`\n${findings.length} ${findings.length === 1 ? 'place breaks' : 'places break'} the rules of the house`)
  process.exitCode = 1
}
