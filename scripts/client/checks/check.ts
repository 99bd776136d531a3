// what a check of `lotus doctor` is: it looks, changes nothing, and says what to do about what it finds.
import type { Place } from '../place.ts'

/** good: as it should be. note: a fact to know. warning: works with less. bad: keeps LOTUS from working. */
export type Severity = 'good' | 'note' | 'warning' | 'bad'

export interface Finding {
  /** stays the same from version to version: `home.mode`. */
  readonly id: string
  readonly severity: Severity
  /** a sentence about what was found. */
  readonly text: string
  /** what to do about it, in words; there unless it is good. */
  readonly fix?: string
  /** a command line that mends it, where one can. */
  readonly command?: string
  /** what `--fix` does: safe, and nothing of a person's is lost by it. gives what was done, in words. */
  readonly mend?: () => string | Promise<string>
}

/** Contract: may throw, which is a finding too; changes nothing; ends within ten seconds. */
export type Check = (place: Place) => readonly Finding[] | Promise<readonly Finding[]>

/** what there is to do: words, a command line, and perhaps the work itself. */
export type Fix = Pick<Finding, 'command' | 'mend'> & { readonly fix: string }

export function good(id: string, text: string): Finding {
  return { id, severity: 'good', text }
}

export function note(id: string, text: string, fix: string | Fix): Finding {
  return found(id, 'note', text, fix)
}

export function warning(id: string, text: string, fix: string | Fix): Finding {
  return found(id, 'warning', text, fix)
}

export function bad(id: string, text: string, fix: string | Fix): Finding {
  return found(id, 'bad', text, fix)
}

function found(id: string, severity: Severity, text: string, fix: string | Fix): Finding {
  return { id, severity, text, ...(typeof fix === 'string' ? { fix } : fix) }
}

/** a word of a command line, as a shell takes it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** a command line with the words that say the same. */
export function run(command: string, purpose = ''): Fix {
  return { fix: `run \`${command}\`${purpose === '' ? '' : `, ${purpose}`}`, command }
}
