// LOTUS_HOME and what lies in it: whose it is, who may look into it, whether it can be written, what is missing.
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { makeStateFolder } from '../../../nucleus/process/files.ts'
import { bad, good, note, run, shellWord, warning } from './check.ts'
import type { Check, Finding } from './check.ts'

/** the folders in it, with the most that others may have of them. */
const folders: Readonly<Record<string, number>> = {
  run: 0o750,
  data: 0o700,
  audit: 0o700,
  undo: 0o700,
  trash: 0o700,
  policies: 0o700,
  logs: 0o700,
  cache: 0o700,
}
/** files that hold secrets or what a person said. */
const privateFiles = ['token', 'tokens.json', '.env', 'config.json', 'grants.json']
const privateFolders = ['data', 'logs', 'audit']
/** beyond it the socket of lotus-osd does not fit below the folder. */
const longestHome = 107 - '/run/osd.sock'.length

export const checkHome: Check = ({ home }) => {
  if (!existsSync(home)) return [good('home.there', `${home} will be made at the first start`)]
  if (!statSync(home).isDirectory()) {
    return [bad('home.there', `${home} is no folder`, 'move it away, or point LOTUS_HOME somewhere else')]
  }
  return [checkOwner(home), ...checkWriting(home), ...checkFolders(home), ...checkFiles(home), ...checkLength(home)]
}

function checkOwner(home: string): Finding {
  const mine = process.getuid?.()
  const others = [home, ...Object.keys(folders).map((name) => join(home, name))].filter((path) => {
    const stats = lstatSync(path, { throwIfNoEntry: false })
    return stats !== undefined && mine !== undefined && stats.uid !== mine
  })
  if (others.length === 0) return good('home.owner', `${home} is yours`)
  const [first] = others
  return bad('home.owner', `${first} belongs to user ${statSync(first!).uid} and you are ${mine}`, {
    fix: `make it yours, run LOTUS as that user, or point LOTUS_HOME somewhere else`,
    command: `sudo chown -R ${mine} ${shellWord(home)}`,
  })
}

function checkWriting(home: string): Finding[] {
  try {
    rmdirSync(mkdtempSync(join(home, '.doctor-')))
    return [good('home.writable', `${home} can be written`)]
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException
    if (code === 'EROFS') {
      return [
        bad('home.writable', `${home} is on a file system that is read-only`, {
          fix: 'mount it for writing, or point LOTUS_HOME somewhere else',
          command: `sudo mount -o remount,rw "$(findmnt -no TARGET --target ${shellWord(home)})"`,
        }),
      ]
    }
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      return [
        bad(
          'home.writable',
          `nothing more can be written to ${home}: ${code}`,
          run('lotus disk', 'which says what takes the room'),
        ),
      ]
    }
    return [
      bad('home.writable', `${home} cannot be written: ${code}`, {
        ...run(`chmod u+rwx ${shellWord(home)}`),
        mend: () => setMode(home, statSync(home).mode | 0o700),
      }),
    ]
  }
}

function checkFolders(home: string): Finding[] {
  const names = Object.keys(folders)
  const there = names.filter((name) => existsSync(join(home, name)))
  const findings: Finding[] = [checkMode(home, 0o750, 'home.mode')]
  for (const name of there) {
    const path = join(home, name)
    if (!lstatSync(path).isDirectory()) {
      findings.push(
        bad(
          'home.folders',
          `${path} is no folder`,
          run(`mv ${shellWord(path)} ${shellWord(`${path}.was-in-the-way`)}`),
        ),
      )
    } else findings.push(checkMode(path, folders[name]!, 'home.mode'))
  }
  if (there.length > 0 && !there.includes('run')) {
    findings.push(
      warning('home.folders', `${join(home, 'run')} is missing`, {
        ...run(`mkdir -p -m 750 ${shellWord(join(home, 'run'))}`),
        mend: () => {
          makeStateFolder(home)
          return `made ${join(home, 'run')}`
        },
      }),
    )
  }
  const kept = findings.filter(({ severity }) => severity !== 'good')
  return kept.length === 0 ? [good('home.mode', 'its folders are for you only')] : kept
}

/** a mode that gives others more than `most`. */
function checkMode(path: string, most: number, id: string): Finding {
  const mode = statSync(path).mode & 0o777
  const right = mode & most
  if (right === mode) return good(id, path)
  const octal = right.toString(8).padStart(3, '0')
  const whoever = (mode & 0o007 & ~most) === 0 ? 'your group' : 'everybody'
  return warning(id, `${whoever} may look into ${path}`, {
    ...run(`chmod ${octal} ${shellWord(path)}`),
    mend: () => setMode(path, right),
  })
}

function checkFiles(home: string): Finding[] {
  const paths = [
    ...privateFiles.map((name) => join(home, name)),
    ...privateFolders.flatMap((name) => filesIn(join(home, name))),
  ]
  const open = paths.filter((path) => ((lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0)
  const unreadable = paths.filter((path) => existsSync(path) && !mayRead(path))
  const findings: Finding[] = []
  if (open.length > 0) {
    // who could read the token may have: only a new one shuts them out
    const isToken = open.includes(join(home, 'token'))
    findings.push(
      (isToken ? bad : warning)(isToken ? 'token.mode' : 'home.files', `others may read ${open.join(', ')}`, {
        ...run(
          `chmod 600 ${open.map(shellWord).join(' ')}`,
          isToken ? 'and where somebody may have read the token: `lotus token revoke home`' : '',
        ),
        mend: () => open.map((path) => setMode(path, 0o600)).join('; '),
      }),
    )
  }
  if (unreadable.length > 0) {
    findings.push(
      bad('home.files', `you may not read ${unreadable.join(', ')}`, {
        ...run(`chmod u+rw ${unreadable.map(shellWord).join(' ')}`),
        mend: () => unreadable.map((path) => setMode(path, statSync(path).mode | 0o600)).join('; '),
      }),
    )
  }
  return findings.length === 0 ? [good('home.files', 'what is private is readable for you only')] : findings
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder) || !lstatSync(folder).isDirectory()) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(folder, entry.name))
}

function mayRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}

function setMode(path: string, mode: number): string {
  chmodSync(path, mode & 0o7777)
  return `${path} has mode ${(mode & 0o777).toString(8)}`
}

function checkLength(home: string): Finding[] {
  if (Buffer.byteLength(home) <= longestHome) return []
  return [
    note(
      'home.length',
      `the path of ${home} is too long for a socket: lotus-osd listens in your runtime folder or in /tmp`,
      'nothing has to be done; a LOTUS_HOME with a shorter path keeps the socket to itself',
    ),
  ]
}
