// processes that osd remembers: the very process, and not a later one that was given its number.
import { describe, expect, it } from 'vitest'
import { createProcessBook } from '../../../modules/operator/osd/process-book.ts'

describe('the book of processes', () => {
  it('knows a process that was added, and no other', () => {
    const book = createProcessBook()
    book.add(process.pid)
    expect([book.has(process.pid), book.has(process.ppid)]).toEqual([true, false])
  })

  it('does not take a later process of the same number for it', () => {
    let start: string | undefined = '100'
    const book = createProcessBook(() => start)
    book.add(7)
    start = undefined
    expect(book.has(7)).toBe(false)
    start = '200'
    expect(book.has(7)).toBe(false)
  })
})
