// runs one bench in a process of its own, so that none warms up or litters the next one; answers with its results.
import { pathToFileURL } from 'node:url'
import type { Bench, BenchResult } from './bench.ts'

export interface ChildRequest {
  readonly file: string
  readonly seconds: number
}

export type ChildReply = { readonly results: BenchResult[] } | { readonly error: string }

process.once('message', (request: ChildRequest) => {
  perform(request).then(answer, (error: unknown) => {
    answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  })
})

async function perform({ file, seconds }: ChildRequest): Promise<ChildReply> {
  const { default: bench } = (await import(pathToFileURL(file).href)) as { default: Bench }
  return { results: await bench.run({ seconds }) }
}

function answer(reply: ChildReply): void {
  process.send?.(reply, () => process.disconnect())
}
