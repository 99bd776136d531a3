// order in a graph of modules: cycles as paths, and levels whose members may start together.

/** from a module to those that it waits for. */
export type Edges = ReadonlyMap<string, ReadonlySet<string>>

/** one cycle for each group of nodes that reach each other, as a path that ends where it began. */
export function findCycles(edges: Edges): readonly (readonly string[])[] {
  return knotsOf(edges).map((knot) => shortestCycle(edges, knot))
}

/**
 * strongly connected groups that hold a cycle, each sorted, found with Tarjan's algorithm (SIAM J. Comput. 1972),
 * written without recursion so that a long chain can't exhaust the stack.
 */
function knotsOf(edges: Edges): string[][] {
  const index = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open = new Set<string>()
  const stack: string[] = []
  const knots: string[][] = []

  const visit = (root: string): void => {
    const work = [{ node: root, next: targets(edges, root).values() }]
    const enter = (node: string): void => {
      index.set(node, index.size)
      lowest.set(node, index.get(node)!)
      stack.push(node)
      open.add(node)
    }
    enter(root)
    while (work.length > 0) {
      const frame = work.at(-1)!
      const step = frame.next.next()
      if (step.done === true) {
        work.pop()
        const parent = work.at(-1)?.node
        if (parent !== undefined) lowest.set(parent, Math.min(lowest.get(parent)!, lowest.get(frame.node)!))
        if (lowest.get(frame.node) === index.get(frame.node)) {
          const group = stack.splice(stack.indexOf(frame.node))
          for (const node of group) open.delete(node)
          if (group.length > 1 || targets(edges, frame.node).has(frame.node)) knots.push(group.sort())
        }
        continue
      }
      if (!index.has(step.value)) {
        enter(step.value)
        work.push({ node: step.value, next: targets(edges, step.value).values() })
      } else if (open.has(step.value)) {
        lowest.set(frame.node, Math.min(lowest.get(frame.node)!, index.get(step.value)!))
      }
    }
  }
  for (const node of edges.keys()) if (!index.has(node)) visit(node)
  return knots.sort((one, other) => one[0]!.localeCompare(other[0]!))
}

function targets(edges: Edges, node: string): ReadonlySet<string> {
  return edges.get(node) ?? new Set()
}

/** the shortest way from the first node of a knot back to itself: the path that a person has to cut. */
function shortestCycle(edges: Edges, knot: readonly string[]): readonly string[] {
  const [start] = knot
  const inside = new Set(knot)
  const cameFrom = new Map<string, string>()
  const queue = [start!]
  for (const node of queue) {
    for (const target of targets(edges, node)) {
      if (target === start) {
        const path = [start]
        for (let at = node; at !== start; at = cameFrom.get(at)!) path.unshift(at)
        return [start, ...path]
      }
      if (!inside.has(target) || cameFrom.has(target)) continue
      cameFrom.set(target, node)
      queue.push(target)
    }
  }
  return [...knot]
}

/**
 * levels whose members may start together: each node lies above all that it needs. soft edges order too, but give way
 * where they would close a circle. nodes on a hard cycle, and what needs them, are left out; unknown targets count for nothing.
 */
export function levelsOf(hard: Edges, soft: Edges): readonly (readonly string[])[] {
  const waiting = new Set([...hard.keys()].sort())
  const levels: string[][] = []
  const isFree = (node: string, edges: Edges): boolean =>
    [...targets(edges, node)].every((target) => (target === node ? edges !== hard : !waiting.has(target)))
  while (waiting.size > 0) {
    const able = [...waiting].filter((node) => isFree(node, hard))
    if (able.length === 0) break
    const unhurried = able.filter((node) => isFree(node, soft))
    // when soft edges hold everybody up, they go round in a circle: the fewest open ones start first
    const level = unhurried.length > 0 ? unhurried : [fewestOpen(able, soft, waiting)]
    for (const node of level) waiting.delete(node)
    levels.push(level)
  }
  return levels
}

function fewestOpen(nodes: readonly string[], soft: Edges, waiting: ReadonlySet<string>): string {
  const count = (node: string): number => [...targets(soft, node)].filter((target) => waiting.has(target)).length
  return nodes.reduce((best, node) => (count(node) < count(best) ? node : best))
}
