// what crosses the wall of a process comes out as it went in, and what can't cross says so.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromWire, toWire, type SignalPorts } from '../../../../nucleus/modules/process/values.ts'

const none: SignalPorts = {
  numberOf: () => 1,
  signalOf: () => AbortSignal.abort(),
}
const across = (value: unknown): unknown => fromWire(JSON.parse(JSON.stringify(toWire(value, none))), none)

const leaf = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.double(),
  fc.bigInt(),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array(),
)
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value')),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$', '__proto__', 'constructor')), tie('value'), {
      noNullPrototype: true,
    }),
    fc.array(fc.tuple(fc.string(), tie('value'))).map((entries) => new Map(entries)),
    fc.array(tie('value')).map((items) => new Set(items)),
  ),
})).value

describe('plain data', () => {
  it('comes out as it went in', () => {
    fc.assert(
      fc.property(plain, (value) => {
        // a number in JSON has no sign for zero
        expect(across(value)).toEqual(withoutNegativeZero(value))
      }),
      { numRuns: 300 },
    )
  })

  it('is not changed by being sent', () => {
    fc.assert(
      fc.property(plain, (value) => {
        const before = structuredClone(value)
        toWire(value, none)
        expect(value).toEqual(before)
      }),
    )
  })

  it('may be an object whose field looks like ours', () => {
    const value = { $: ['date', 0], inner: [{ $: 'x' }] }
    expect(across(value)).toEqual(value)
  })
})

describe('what can’t cross', () => {
  const circle: unknown[] = []
  circle.push(circle)
  it.each([
    ['a function', () => undefined],
    ['a symbol', Symbol('x')],
    ['a promise', Promise.resolve()],
    ['a circle', circle],
    ['a shared view', new DataView(new ArrayBuffer(2))],
  ])('%s says so', (_name, value) => {
    expect(() => toWire([value], none)).toThrow(expect.objectContaining({ code: 'MODULE_VALUE_INVALID' }))
  })

  it('is refused when the other side makes it up', () => {
    for (const made of [{ $: ['code', 'x'] }, { $: 'x' }, { $: [] }]) {
      expect(() => fromWire(made, none)).toThrow(expect.objectContaining({ code: 'MODULE_VALUE_INVALID' }))
    }
  })
})

function withoutNegativeZero(value: unknown): unknown {
  if (Object.is(value, -0)) return 0
  if (Array.isArray(value)) return value.map(withoutNegativeZero)
  if (value instanceof Map) return new Map([...value].map(([key, part]) => [key, withoutNegativeZero(part)]))
  if (value instanceof Set) return new Set([...value].map(withoutNegativeZero))
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return value
  const copy = {}
  for (const [key, part] of Object.entries(value)) {
    Object.defineProperty(copy, key, {
      value: withoutNegativeZero(part),
      enumerable: true,
      writable: true,
      configurable: true,
    })
  }
  return copy
}
