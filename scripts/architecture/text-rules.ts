/** what no committed text may say: hosts of registries, and paths of the machine it was written on. */
import type { Finding, Rule } from './repository.ts'

// written so that they don't match themselves
const registryHost =
  /\b(?:registry\.(?:[a-z0-9-]+\.)+(?:org|com|net|io|dev|cn|cloud|internal|local)|(?:[a-z0-9-]+\.)*npmmirror\.com|npm\.pkg\.github\.com)\b/i
const workPath = /(?<![\w.~$}/-])\/work\//
const rootPath = /(?<![\w.~$}/-])\/root\//

const maximumBytes = 2 * 1024 * 1024

function findingsIn(file: string, text: string): readonly Finding[] {
  const findings: Finding[] = []
  // policies and tests speak of root's home because they guard it
  const guardsHomes = /^tests\/|polic/.test(file)
  for (const [index, line] of text.split('\n').entries()) {
    const host = registryHost.exec(line)?.[0]
    if (host !== undefined) {
      findings.push({
        file,
        line: index + 1,
        message: `names a registry's host, ${host}`,
        remedy: 'leave the registry to npm’s configuration (`npm config get registry`); no lock or script names one',
      })
    }
    const path = workPath.exec(line)?.[0] ?? (guardsHomes ? undefined : rootPath.exec(line)?.[0])
    if (path !== undefined) {
      findings.push({
        file,
        line: index + 1,
        message: `names a path of one machine, ${path}`,
        remedy: 'write it relative to the repository, the home folder or LOTUS_HOME',
      })
    }
  }
  return findings
}

export const textRule: Rule = (repository) =>
  repository.files.flatMap((file) => {
    const text = repository.read(file)
    return text === undefined || text.length > maximumBytes ? [] : findingsIn(file, text)
  })
