// a queue whose head is taken in constant time; an array's own `shift` moves everything behind it.
export class Fifo<Item> {
  #items: Item[] = []
  #head = 0
  /** read on every event, so it is a field and not counted from the others. only this class sets it. */
  size = 0

  push(item: Item): void {
    this.#items.push(item)
    this.size += 1
  }

  /** the oldest item, undefined when there is none. */
  shift(): Item | undefined {
    if (this.#head === this.#items.length) return undefined
    const item = this.#items[this.#head]
    this.#head += 1
    this.size -= 1
    if (this.#head === this.#items.length) this.clear()
    else if (this.#head >= 1_024) {
      // a queue that is never empty must not keep what has left it.
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }

  clear(): void {
    this.#items = []
    this.#head = 0
    this.size = 0
  }
}
