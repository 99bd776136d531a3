/** checks a repository that exists only for one test: files by path, each with its text. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { checkArchitecture } from '../../scripts/architecture/rules.ts'

/** what the rules find there, as `file:line message` */
export function findingsFor(files: Readonly<Record<string, string>>): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), 'lotus-planted-'))
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), text)
    }
    return checkArchitecture(root).map(({ file, line, message }) => `${file}:${line} ${message}`)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
