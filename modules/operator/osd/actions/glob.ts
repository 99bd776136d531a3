// file name patterns: *, ?, [abc], {one,other} and ** for any number of folders.
import { matchesGlob } from 'node:path'
import { actionErrors } from './errors.ts'

/** wildcards in a pattern at most: their number is what makes matching slow. */
const maxWildcards = 12

/**
 * a test for names or relative paths. a leading dot of a name is matched like any other character here, since hidden
 * entries are left out before; throws QUERY_UNCLEAR for patterns that would be slow.
 */
export function createGlob(pattern: string): (path: string) => boolean {
  const wildcards = pattern.match(/\*+|\?|\[|\{/g)?.length ?? 0
  if (wildcards > maxWildcards) throw actionErrors.QUERY_UNCLEAR({ value: pattern, detail: 'too many wildcards' })
  return (path) =>
    matchesGlob(path, pattern) ||
    (path.startsWith('.') && matchesGlob(`_${path.slice(1)}`, pattern.replace(/^\./, '_')))
}
