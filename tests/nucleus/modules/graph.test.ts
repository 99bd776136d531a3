// the graph of modules: all that doesn't fit is reported at once, each with its path; the rest has an order.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawGraph, drawSoundGraph, type KernelFacts } from '../../../nucleus/modules/graph.ts'
import { parseManifest, type Manifest } from '../../../nucleus/modules/manifest.ts'

const kernel: KernelFacts = { version: '1.2.0', services: ['nucleus'], events: ['system.started'] }

const manifest = (name: string, fields: Readonly<Record<string, unknown>> = {}): Manifest => {
  const data = { name, version: '1.0.0', description: 'of a test', kernel: '^1', ...fields }
  const parsed = parseManifest(JSON.stringify(data), 'manifest.json', name)
  if (Array.isArray(parsed)) throw new Error(JSON.stringify(parsed))
  return parsed as Manifest
}
const problemsOf = (...manifests: Manifest[]) =>
  drawGraph(manifests, kernel).problems.map(({ kind, path }) => ({ kind, path }))

describe('what does not fit', () => {
  it('is a cycle, as the path that closes it', () => {
    expect(
      problemsOf(
        manifest('a', { provides: ['a'], requires: ['b'] }),
        manifest('b', { provides: ['b'], requires: ['c'] }),
        manifest('c', { provides: ['c'], requires: ['a'] }),
        manifest('d', { requires: ['a'] }),
      ),
    ).toEqual([{ kind: 'cycle', path: ['a', 'b', 'c', 'a'] }])
  })
  it('is a module that requires itself', () => {
    expect(problemsOf(manifest('a', { provides: ['a'], requires: ['a'] }))).toEqual([
      { kind: 'cycle', path: ['a', 'a'] },
    ])
  })
  it('is a requirement that nobody provides', () => {
    expect(problemsOf(manifest('a', { requires: ['b'] }))).toEqual([{ kind: 'missing_service', path: ['a', 'b'] }])
  })
  it('is a version out of range, of a provider or of the kernel', () => {
    expect(
      problemsOf(manifest('a', { requires: ['b@^2', 'nucleus@^1'] }), manifest('b', { provides: ['b'], kernel: '^2' })),
    ).toEqual([
      { kind: 'version_mismatch', path: ['b', 'kernel', 'nucleus'] },
      { kind: 'version_mismatch', path: ['a', 'b', 'b'] },
    ])
  })
  it('is a service or event that comes from two', () => {
    expect(
      problemsOf(
        manifest('a', { provides: ['s', 'nucleus'], emits: ['e.emitted', 'system.started'] }),
        manifest('b', { provides: ['s'], emits: ['e.emitted'] }),
      ),
    ).toEqual([
      { kind: 'name_clash', path: ['the service s', 'a', 'b'] },
      { kind: 'name_clash', path: ['the service nucleus', 'nucleus', 'a'] },
      { kind: 'name_clash', path: ['the event e.emitted', 'a', 'b'] },
      { kind: 'name_clash', path: ['the event system.started', 'nucleus', 'a'] },
    ])
  })
  it('is an event that nobody emits', () => {
    expect(problemsOf(manifest('a', { consumes: ['e.emitted', 'system.started'] }))).toEqual([
      { kind: 'unknown_event', path: ['a', 'e.emitted'] },
    ])
  })
  it('is told all at once, a line each', () => {
    const broken = [manifest('a', { requires: ['x'], consumes: ['e.emitted'] }), manifest('b', { kernel: '>=9' })]
    expect(() => drawSoundGraph(broken, kernel)).toThrow(
      'the modules don’t fit together:\n' +
        '  b needs kernel@>=9, and nucleus provides it in version 1.2.0\n' +
        '  a consumes the event e.emitted, which nobody emits; correct its name, or add its module\n' +
        '  a requires the service x, which no module provides; add its module, or say `uses`',
    )
  })
})

describe('what fits', () => {
  it('starts in levels, what is required first', () => {
    const graph = drawGraph(
      [
        manifest('gateway', { requires: ['reasoning', 'nucleus'] }),
        manifest('reasoning', { provides: ['reasoning'], requires: ['memory'], uses: ['providers'] }),
        manifest('providers', { provides: ['providers'] }),
        manifest('memory', { provides: ['memory'] }),
      ],
      kernel,
    )
    expect(graph.problems).toEqual([])
    expect(graph.levels).toEqual([['memory', 'providers'], ['reasoning'], ['gateway']])
    expect(graph.dependents('memory')).toEqual(['reasoning'])
    expect(graph.requirements('reasoning')).toEqual(['memory'])
  })
  it('includes a circle of uses, and uses that nobody provides', () => {
    const graph = drawGraph(
      [
        manifest('a', { provides: ['a'], uses: ['b', 'ghost'] }),
        manifest('b', { provides: ['b'], uses: ['a'] }),
        manifest('c', { requires: ['a'] }),
      ],
      kernel,
    )
    expect(graph.problems).toEqual([])
    expect(graph.levels).toEqual([['a'], ['b', 'c']])
  })
  it('includes several providers of a service that its contract’s module calls many', () => {
    const graph = drawGraph(
      [
        manifest('operator', { many: ['tools'], requires: ['tools'] }),
        manifest('memory', { provides: ['tools'] }),
        manifest('perception', { provides: ['tools'] }),
      ],
      kernel,
    )
    expect(graph.problems).toEqual([])
    expect(graph.levels).toEqual([['memory', 'perception'], ['operator']])
  })
})

describe('for any modules', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const anyModules = fc
    .array(
      fc.record({
        requires: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 }),
        uses: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 }),
      }),
      { maxLength: names.length },
    )
    .map((fields) => fields.map((field, index) => manifest(names[index]!, { provides: [names[index]!], ...field })))

  it('every module starts above what it requires, and is on a level unless a problem keeps it off', () => {
    fc.assert(
      fc.property(anyModules, (manifests) => {
        const graph = drawGraph(manifests, kernel)
        const levelOf = new Map(graph.levels.flatMap((level, index) => level.map((name) => [name, index] as const)))
        const started = graph.levels.flat()
        expect(new Set(started).size).toBe(started.length)
        for (const name of started) {
          for (const needed of graph.requirements(name)) expect(levelOf.get(needed)).toBeLessThan(levelOf.get(name)!)
        }
        const cyclic = graph.problems.some((problem) => problem.kind === 'cycle')
        expect(started.length === manifests.length).toBe(!cyclic)
      }),
      { numRuns: 500 },
    )
  })

  it('a reported cycle is one, edge by edge, and there is one exactly where modules can’t all start', () => {
    fc.assert(
      fc.property(anyModules, (manifests) => {
        const graph = drawGraph(manifests, kernel)
        for (const { kind, path } of graph.problems) {
          if (kind !== 'cycle') continue
          expect(path.length).toBeGreaterThan(1)
          expect(path.at(-1)).toBe(path[0])
          for (let index = 1; index < path.length; index += 1) {
            expect(graph.requirements(path[index - 1]!)).toContain(path[index]!)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  it('uses never make a problem nor keep anything from starting', () => {
    fc.assert(
      fc.property(anyModules, (manifests) => {
        const without = manifests.map((one) => ({ ...one, uses: [] }))
        const graph = drawGraph(manifests, kernel)
        expect(graph.problems).toEqual(drawGraph(without, kernel).problems)
        expect(graph.levels.flat().sort()).toEqual(drawGraph(without, kernel).levels.flat().sort())
      }),
      { numRuns: 300 },
    )
  })

  it('the order does not depend on the order in which manifests were found', () => {
    fc.assert(
      fc.property(
        anyModules.chain((modules) =>
          fc.tuple(fc.constant(modules), fc.shuffledSubarray(modules, { minLength: modules.length })),
        ),
        ([one, other]) => {
          expect(drawGraph(other, kernel).levels).toEqual(drawGraph(one, kernel).levels)
        },
      ),
    )
  })
})
