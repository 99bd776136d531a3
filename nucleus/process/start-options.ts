// how the process of the nucleus is begun so that it takes no more memory than it needs: neither can be said later.

/**
 * options of Node. half of the young generation may take 8 MiB: on a machine with much memory V8 lets it grow to 32 MiB and
 * all of it to 128, which it gives back only after long.
 */
export const nodeOptions: readonly string[] = ['--max-semi-space-size=8']

/**
 * variables that the C library reads, below what a person has set: two arenas for all threads instead of eight a processor,
 * each of which keeps what its thread once needed.
 */
export const memoryEnvironment: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '2' }
