// the Node that runs LOTUS, what a killed installation left in the runtime folder, and the installed packages.
import { execFile } from 'node:child_process'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bad, good, note, run, shellWord } from './check.ts'
import type { Check, Finding } from './check.ts'

/** Node runs TypeScript as it is from here on. */
const leastVersion = 24
/** an installation that is under way is not older than this. */
const abandonedMs = 3_600_000

export function judgeNode(version: string, root: string): Finding {
  if (Number(version.split('.')[0]) >= leastVersion) return good('node.version', `version ${version}`)
  return bad(
    'node.version',
    `version ${version} is too old`,
    run(shellWord(join(root, 'start_lotus.sh')), 'which installs Node 24 inside the project'),
  )
}

export const checkNode: Check = ({ root }) => [judgeNode(process.versions.node, root), checkRuntime(root)]

function checkRuntime(root: string): Finding {
  const folder = join(root, '.runtime')
  const left = namesIn(folder)
    .filter((name) => /^(?:incoming\.|settled\.\d)/.test(name))
    .map((name) => join(folder, name))
    .filter((path) => Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > abandonedMs)
  if (left.length === 0) return good('node.runtime', 'nothing is left of an installation that was cut off')
  return note('node.runtime', `an installation that was cut off left ${left.join(', ')}`, {
    ...run(`rm -rf ${left.map(shellWord).join(' ')}`),
    mend: () => {
      for (const path of left) rmSync(path, { recursive: true, force: true })
      return `removed ${left.join(', ')}`
    },
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // no runtime folder: Node and packages came another way
    return []
  }
}

/** the installed packages against the lock. */
export const checkPackages: Check = async ({ root }) => {
  const script = join(root, 'scripts', 'packages-match.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, root], { timeout: 10_000 })
  const [verdict, , ...reason] = stdout.trim().split(' ')
  if (verdict === 'match') return [good('packages.lock', 'as the lock says')]
  return [
    bad(
      'packages.lock',
      reason.join(' '),
      run(shellWord(join(root, 'start_lotus.sh')), 'which installs what is missing'),
    ),
  ]
}
