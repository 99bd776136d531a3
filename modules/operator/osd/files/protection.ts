// what is never read and what is never written, whatever a goal, plan or policy says.
import { basename } from 'node:path'
import { isWithin } from './paths.ts'

/** folders that are guarded by where they are, all absolute and without links. */
export interface GuardedFolders {
  /** LOTUS_HOME: keys, token, audit, memory. */
  readonly state: string
  /** the one folder in it that goals may use. */
  readonly workspace: string
  /** folders marked private. */
  readonly private: readonly string[]
}

// a name, or several with `/` between them, anywhere in a path; compared in lower case, because some file systems do.
const unreadable = [
  // keys and their folders
  '.ssh',
  '.gnupg',
  'id_rsa',
  'id_dsa',
  'id_ecdsa',
  'id_ed25519',
  '.age',
  '.config/age',
  '.config/sops',
  // password stores
  '.password-store',
  '.local/share/keyrings',
  '.local/share/kwalletd',
  '.config/keepassxc',
  '.config/bitwarden',
  '.config/1password',
  '.local/share/pass',
  '.keychain',
  'library/keychains',
  // browser profiles, with their cookies and saved passwords
  '.mozilla',
  '.thunderbird',
  '.config/google-chrome',
  '.config/chromium',
  '.config/microsoft-edge',
  '.config/bravesoftware',
  '.config/opera',
  '.config/vivaldi',
  '.librewolf',
  'snap/firefox',
  'snap/chromium',
  '.var/app/org.mozilla.firefox',
  '.var/app/com.google.chrome',
  '.var/app/org.chromium.chromium',
  // credentials of clouds, registries, forges and databases
  '.aws',
  '.azure',
  '.config/gcloud',
  '.oci',
  '.kube',
  '.docker/config.json',
  '.config/containers/auth.json',
  '.netrc',
  '.git-credentials',
  '.config/git/credentials',
  '.config/gh',
  '.config/glab-cli',
  '.config/hub',
  '.npmrc',
  '.yarnrc.yml',
  '.pypirc',
  '.cargo/credentials',
  '.cargo/credentials.toml',
  '.gem/credentials',
  '.config/composer/auth.json',
  '.m2/settings.xml',
  '.terraform.d/credentials.tfrc.json',
  '.terraformrc',
  '.vault-token',
  '.pgpass',
  '.my.cnf',
  '.config/rclone',
  '.s3cfg',
  '.boto',
  '.config/op',
  // of the machine
  'etc/shadow',
  'etc/gshadow',
  'etc/sudoers',
  'etc/sudoers.d',
]

const unreadableEndings = ['.pem', '.key', '.p12', '.pfx', '.kdbx', '.ppk', '.jks', '.keystore']

// what a program runs by itself sooner or later: writing it is running a command at another time.
const unwritable = [
  '.git',
  '.gitconfig',
  '.gitmodules',
  '.config/git',
  '.hg',
  '.svn',
  '.bashrc',
  '.bash_profile',
  '.bash_login',
  '.bash_logout',
  '.bash_aliases',
  '.profile',
  '.zshrc',
  '.zshenv',
  '.zprofile',
  '.zlogin',
  '.zlogout',
  '.kshrc',
  '.cshrc',
  '.tcshrc',
  '.login',
  '.logout',
  '.config/fish',
  '.inputrc',
  '.xinitrc',
  '.xprofile',
  '.xsession',
  '.xsessionrc',
  '.pam_environment',
  '.config/environment.d',
  '.config/autostart',
  '.config/systemd',
  '.local/share/systemd',
  '.local/share/applications',
  '.local/bin',
  '.config/plasma-workspace',
  '.config/cron',
  'crontab',
  'crontabs',
  'cron.d',
  'authorized_keys',
  '.yarnrc',
  '.pnpmrc',
  '.condarc',
  '.config/pip',
  '.pip',
  '.envrc',
  '.direnvrc',
  '.tool-versions',
  '.mise.toml',
  '.vimrc',
  '.exrc',
  '.config/nvim',
  '.emacs',
  '.emacs.d',
  '.tmux.conf',
  '.screenrc',
  '.gdbinit',
  '.lldbinit',
  '.mcp.json',
  '.vscode',
  '.idea',
  '.claude',
  '.cursor',
  '.ripgreprc',
  '.husky',
  'etc/systemd',
  'systemd/system',
  'systemd/user',
]

/** patterns by their last part, so that a name is looked up once. */
function byLastPart(patterns: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>()
  for (const pattern of patterns) {
    const last = basename(pattern)
    map.set(last, [...(map.get(last) ?? []), pattern])
  }
  return map
}

const unreadableByName = byLastPart(unreadable)
const unwritableByName = byLastPart(unwritable)

function matches(patterns: ReadonlyMap<string, readonly string[]>, lowered: string): string | undefined {
  const found = patterns.get(lowered.slice(lowered.lastIndexOf('/') + 1))
  return found?.find((pattern) => lowered.endsWith(`/${pattern}`))
}

const temporaryName = /^\.lotus-[0-9a-f]{16}\.tmp$/
const trashName = /^\.lotus-trash-\d+$/

/** a name that osd uses for itself beside the files that it changes; never shown, read or written by an action. */
export function isInternalName(name: string): boolean {
  return name.startsWith('.lotus-') && (temporaryName.test(name) || trashName.test(name))
}

/** why a name, wherever it lies, is never read; `lowered` is its path in lower case. */
function nameProtection(lowered: string): string | undefined {
  const name = lowered.slice(lowered.lastIndexOf('/') + 1)
  if (isInternalName(name)) return 'it is a file that LOTUS is just using itself'
  const pattern = matches(unreadableByName, lowered)
  if (pattern !== undefined) return `${pattern} holds keys or passwords`
  const ending = unreadableEndings.find((one) => name.endsWith(one) && name !== one)
  return ending === undefined ? undefined : `files ending in ${ending} hold keys`
}

/** why everything at this place is never read. */
function placeProtection(path: string, guarded: GuardedFolders): string | undefined {
  const privateFolder = guarded.private.find((folder) => isWithin(path, folder))
  if (privateFolder !== undefined) return `${privateFolder} is marked private`
  const isState = isWithin(path, guarded.state) && !isWithin(path, guarded.workspace)
  return isState ? 'it is the state of LOTUS' : undefined
}

/**
 * why one entry is never read, judged by itself; the names of its folders are taken as judged already. undefined when
 * it may be.
 * @param path absolute, without links.
 */
export function entryReadProtection(path: string, guarded: GuardedFolders): string | undefined {
  return nameProtection(path.toLowerCase()) ?? placeProtection(path, guarded)
}

/** every part of a path from the top, `/a`, `/a/b`, `/a/b/c`. */
function* prefixes(path: string): Generator<string> {
  for (let at = path.indexOf('/', 1); at !== -1; at = path.indexOf('/', at + 1)) yield path.slice(0, at)
  yield path
}

/** why a path is never read, judged with all the folders it lies in; undefined when it may be. */
export function readProtection(path: string, guarded: GuardedFolders): string | undefined {
  for (const part of prefixes(path.toLowerCase())) {
    const reason = nameProtection(part)
    if (reason !== undefined) return reason
  }
  return placeProtection(path, guarded)
}

/** why a path is never created, changed, moved or removed; undefined when it may be. includes what is never read. */
export function writeProtection(path: string, guarded: GuardedFolders): string | undefined {
  const unreadable = readProtection(path, guarded)
  if (unreadable !== undefined) return unreadable
  for (const part of prefixes(path.toLowerCase())) {
    const pattern = matches(unwritableByName, part)
    if (pattern !== undefined) return `${pattern} decides what other programs do`
  }
  // moving or removing a folder takes along what is guarded inside it by its place.
  const inside = [guarded.state, ...guarded.private].find((folder) => isWithin(folder, path))
  return inside === undefined ? undefined : `${inside} lies in it`
}
