// 'did you mean': the nearest of the names that exist.

/**
 * edits that turn one word into the other: insert, remove, replace, swap neighbours. the optimal string alignment
 * distance, three rows of its table at a time.
 */
export function editDistance(left: string, right: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1]
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1))
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      if (swapped) cost = Math.min(cost, beforeLast[column - 2]! + 1)
      current.push(cost)
    }
    beforeLast = last
    last = current
  }
  return last[right.length]!
}

/**
 * the name that was probably meant, or undefined when none is near: at most a third of the letters may differ, or one
 * is the beginning of the other. case and the difference of `-` and `_` don't count.
 */
export function suggest(word: string, names: Iterable<string>): string | undefined {
  const flatten = (text: string): string => text.toLowerCase().replaceAll('-', '_')
  const wanted = flatten(word.slice(0, 100))
  let best: { readonly name: string; readonly distance: number } | undefined
  for (const name of names) {
    const candidate = flatten(name)
    const isBeginning = wanted.length >= 3 && (candidate.startsWith(wanted) || wanted.startsWith(candidate))
    const distance = isBeginning ? 1 : editDistance(wanted, candidate)
    if (distance > Math.max(1, Math.floor(candidate.length / 3))) continue
    if (best === undefined || distance < best.distance) best = { name, distance }
  }
  return best?.name
}
