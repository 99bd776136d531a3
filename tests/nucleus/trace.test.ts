// the trace context goes along with the work that it belongs to.
import { describe, expect, it } from 'vitest'
import { createTraceparent, createTraceId, traceIdOf } from '../../nucleus/identifiers.ts'
import { currentTrace, currentTraceId, currentTraceparent, runInTrace, traceFields } from '../../nucleus/trace.ts'

describe('the trace context', () => {
  it('is nothing outside of all work, and a fresh trace is made where one is needed', () => {
    expect(currentTrace()).toBeUndefined()
    expect(currentTraceId()).toBeUndefined()
    expect(traceFields()).toEqual({})
    expect(traceIdOf(currentTraceparent())).toMatch(/^[0-9a-f]{32}$/)
  })
  it('stays across waits, and two works at once don’t mix', async () => {
    const ids = [createTraceId(), createTraceId()]
    const seen = await Promise.all(
      ids.map((id) =>
        runInTrace({ traceparent: createTraceparent(id) }, async () => {
          await new Promise((resolve) => setImmediate(resolve))
          return currentTraceId()
        }),
      ),
    )
    expect(seen).toEqual(ids)
  })
  it('gives the log its fields', () => {
    const id = createTraceId()
    const context = { traceparent: createTraceparent(id), flow: 'f', agent: 'a', module: 'm' }
    expect(runInTrace(context, traceFields)).toEqual({ trace_id: id, flow: 'f', agent: 'a' })
  })
})
