import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createOutbox } from '../../../nucleus/infrastructure/outbox.ts'
import { decodeStatements, encodeStatements } from '../../../nucleus/infrastructure/postgres/waiting-writes.ts'
import { temporaryFolder } from './folders.ts'

const newPath = (): string => join(temporaryFolder(), 'outbox.db')

describe('an outbox', () => {
  it('makes no file before something waits, and leaves none when everything was delivered', () => {
    const path = newPath()
    const outbox = createOutbox(path)
    expect([outbox.waiting(), outbox.next(10), existsSync(path)]).toEqual([0, [], false])
    outbox.add({ id: 'a', payload: 'one' })
    outbox.tidy()
    expect(existsSync(path)).toBe(true)
    outbox.remove(['a'])
    outbox.tidy()
    expect(readdirSync(dirname(path))).toEqual([])
  })

  it('gives the oldest first, also to the next process', () => {
    const path = newPath()
    const before = createOutbox(path)
    for (const id of ['b', 'a', 'c']) before.add({ id, payload: id })
    before.close()
    const after = createOutbox(path)
    expect(after.next(2).map(({ id }) => id)).toEqual(['b', 'a'])
    after.close()
  })

  it('keeps what was refused out of the way, with the reason', () => {
    const outbox = createOutbox(newPath())
    outbox.add({ id: 'a', payload: 'one' })
    outbox.refuse('a', 'no such table')
    expect([outbox.waiting(), outbox.refused()]).toEqual([0, 1])
    outbox.close()
  })

  it('is bounded by entries and by bytes', () => {
    const few = createOutbox(newPath(), { entries: 1 })
    few.add({ id: 'a', payload: 'one' })
    expect(() => few.add({ id: 'b', payload: 'two' })).toThrow('too much waits')
    few.close()
    const small = createOutbox(newPath(), { bytes: 5 })
    small.add({ id: 'a', payload: 'one' })
    expect(() => small.add({ id: 'b', payload: 'two' })).toThrow('too much waits')
    small.close()
  })
})

describe('statements that wait', () => {
  it('come out as they went in, bigints and bytes included', () => {
    const statements = [
      { sql: 'insert into t values (?, ?, ?)', parameters: ['ä', 1.5, null] },
      { sql: 'update t set a = ?, b = ?', parameters: [2n ** 60n, Buffer.from([0, 255])] },
    ]
    expect(decodeStatements(encodeStatements(statements))).toEqual(statements)
  })
})
