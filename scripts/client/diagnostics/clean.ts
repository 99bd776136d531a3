// takes out of a text what may be a person's: what is quoted, what follows a colon, addresses and paths, known secrets.
import { homedir } from 'node:os'
import { createLineFilter } from '../../../nucleus/logs/redact.ts'
import type { Place } from '../place.ts'

export interface Cleaner {
  /** a sentence of LOTUS, without what it quotes. */
  sentence(text: string): string
  /** a path as it may be shown: where it lies relative to the project, LOTUS_HOME or the person's home. */
  path(text: string): string
  /** the last filter over everything: secrets by value and by shape. */
  secrets(text: string): string
}

const quoted = /'[^'\n]*'|"[^"\n]*"|“[^”\n]*”|‘[^’\n]*’|`[^`\n]*`|«[^»\n]*»/g
const urls = /\b[a-z][a-z0-9+.-]*:\/\/[^\s,;)]+/gi
/** folders of the system say nothing about a person. */
const systemPath = /^\/(?:usr|bin|sbin|lib|proc|sys|etc\/systemd|dev)(?:\/|$)/
const longestSentence = 300

export function createCleaner(place: Place, secrets: readonly string[]): Cleaner {
  const person = place.environment['HOME'] || homedir()
  const filter = createLineFilter(secrets)
  const known = [
    [place.home, 'LOTUS_HOME'],
    [place.root, 'PROJECT'],
  ] as const
  const path = (text: string): string => {
    for (const [folder, name] of known) {
      if (text === folder || text.startsWith(`${folder}/`)) return name + shownRest(text.slice(folder.length))
    }
    if (systemPath.test(text)) return text
    return text.startsWith(`${person}/`) ? '~/…' : '/…'
  }
  // a colon of a time or an address stands between its halves; one that introduces what others said has a space after it
  const untilColon = (text: string): string => text.split(/: /, 1)[0]!
  return {
    path,
    secrets: filter,
    sentence: (text) =>
      filter(
        untilColon(text)
          .replaceAll(quoted, '…')
          .replaceAll(urls, '…')
          .replaceAll(/(?<![\w…])\/[^\s,;:)]+/g, path)
          .slice(0, longestSentence),
      ),
  }
}

/** below LOTUS_HOME and the project names are LOTUS's own for some levels; what a person named lies deeper, or in the workspace. */
function shownRest(rest: string): string {
  const parts = rest.split('/').filter((part) => part !== '')
  const own = parts.every((part) => /^[\w.-]{1,80}$/.test(part))
  const isPersons = ['workspace', 'trash', 'undo', 'policies', 'volumes'].includes(parts[0] ?? '')
  if (own && !isPersons) return rest
  return parts.length === 0 ? '' : `/${isPersons ? parts[0] : ''}…`
}
