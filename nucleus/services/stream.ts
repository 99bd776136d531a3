// a stream that crosses a module's wall: it ends for its consumer when the module behind it goes.

export interface GuardedStream {
  readonly iterable: AsyncIterable<unknown>
  /** ends the consumer's loop and tells the source; resolves when the source has ended. */
  end(): Promise<void>
}

const done: IteratorResult<unknown> = Object.freeze({ done: true, value: undefined })

/**
 * guards one stream. the source is asked for an iterator when the consumer begins, and told once when it is over.
 * @param onEnd - called once, whoever ended it
 */
export function guardStream(source: AsyncIterable<unknown>, onEnd: () => void): GuardedStream {
  let iterator: AsyncIterator<unknown> | undefined
  let over = false
  // asked for and not answered yet; each is answered by the source or by the end, whichever comes first
  const pending = new Set<(result: IteratorResult<unknown>) => void>()

  const finish = (): void => {
    if (over) return
    over = true
    for (const resolve of pending) resolve(done)
    pending.clear()
    onEnd()
  }
  const end = async (): Promise<void> => {
    finish()
    const ending = iterator
    iterator = undefined
    // a source that waits inside `next` ends only when that has come back: its signal is what wakes it
    await ending?.return?.()
  }

  const next = (): Promise<IteratorResult<unknown>> => {
    if (over) return Promise.resolve(done)
    iterator ??= source[Symbol.asyncIterator]()
    const asked = iterator
    return new Promise((resolve, reject) => {
      pending.add(resolve)
      asked.next().then(
        (result) => {
          pending.delete(resolve)
          if (result.done === true) finish()
          resolve(result)
        },
        (error: unknown) => {
          pending.delete(resolve)
          finish()
          reject(error)
        },
      )
    })
  }

  const guarded: AsyncIterableIterator<unknown> = {
    next,
    return: async () => {
      await end()
      return done
    },
    [Symbol.asyncIterator]: () => guarded,
  }
  return Object.freeze({ iterable: guarded, end })
}
