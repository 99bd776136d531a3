// the names of everything that the journal keeps in Redis. the braces put all of it on one node of a Redis Cluster.
export type JournalKeys = ReturnType<typeof journalKeys>

/**
 * @param namespace - several systems may share one server, each with its own.
 * @param database - number of the database: channels are heard in all of them.
 */
export function journalKeys(namespace: string, database = 0) {
  const prefix = `${namespace}:{journal}:`
  return {
    prefix,
    /** the position of the newest event of all streams: what comes next is greater. */
    top: `${prefix}top`,
    /** a set: the types that have a stream. */
    types: `${prefix}types`,
    /** a hash: each durable group with its types as JSON. */
    groups: `${prefix}groups`,
    /** a hash of dead letters by group and event, and their order. */
    letters: `${prefix}letters`,
    letterOrder: `${prefix}letter-order`,
    /** the channel on which every nucleus hears that there is something new. */
    bell: database === 0 ? `${prefix}bell` : `${prefix}bell:${database}`,
    /** a hash: the nucleus that uses the database for itself. */
    mark: `${prefix}mark`,
    /** the stream of one type's events. */
    log: (type: string) => `${prefix}log:${type}`,
    /** a group's own stream: events that it is given once more. */
    again: (group: string) => `${prefix}again:${group}`,
    /** a hash: failed tries and crashes of entries that a group has not settled. */
    pending: (group: string) => `${prefix}pending:${group}`,
    /** a hash: what each nucleus that shares the journal tells of itself. */
    nodes: `${prefix}nodes`,
    /** the nucleus that a group's events go to, where they keep their order. */
    holder: (group: string) => `${prefix}holder:${group}`,
    /** a set: the events that another journal has handed over to a group. */
    handedOver: (group: string) => `${prefix}handed-over:${group}`,
    /** the newest event that this producer has appended: what it repeats is known by it. */
    producer: (id: string) => `${prefix}producer:${id}`,
  }
}
