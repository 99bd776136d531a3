// the few version ranges that manifests use, judged as npm judges them.

/** a version `1.2.3`; a suffix such as `-next` is ignored. */
const versionPattern = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:[-+].*)?$/
const rangePattern = /^(\^|~|>=)?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?$/

type Parts = readonly [number, number, number]

function parseVersion(version: string): Parts | undefined {
  const match = versionPattern.exec(version)
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])]
}

function compare(one: Parts, other: Parts): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2]
}

/** whether a text is a version such as `1.0.2`. */
export function isVersion(text: string): boolean {
  return versionPattern.test(text)
}

/** whether a text is a range such as `^1`, `~1.2`, `>=1.4`, `1.2.3` or `*`. */
export function isRange(text: string): boolean {
  return text === '*' || rangePattern.test(text)
}

/**
 * whether a version lies in a range. `^` keeps the first number that is not zero, `~` major and minor; a partial
 * version such as `1.2` means any patch of it (the rules of https://docs.npmjs.com/cli/v11/using-npm/semver).
 */
export function versionInRange(version: string, range: string): boolean {
  const parts = parseVersion(version)
  if (parts === undefined) return false
  if (range === '*') return true
  const match = rangePattern.exec(range)
  if (match === null) return false
  const [, operator, majorText, minorText, patchText] = match
  const lowest: Parts = [Number(majorText), Number(minorText ?? 0), Number(patchText ?? 0)]
  if (compare(parts, lowest) < 0) return false
  if (operator === '>=') return true
  return compare(parts, upperBound(operator, lowest, minorText === undefined, patchText === undefined)) < 0
}

/** the first version that is too new. */
function upperBound(
  operator: string | undefined,
  [major, minor, patch]: Parts,
  anyMinor: boolean,
  anyPatch: boolean,
): Parts {
  if (anyMinor) return [major + 1, 0, 0]
  if (operator === '^') {
    if (major > 0) return [major + 1, 0, 0]
    return minor > 0 || anyPatch ? [0, minor + 1, 0] : [0, 0, patch + 1]
  }
  return operator === '~' || anyPatch ? [major, minor + 1, 0] : [major, minor, patch + 1]
}
