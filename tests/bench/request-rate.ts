// how many requests a second a server answers: by wrk where it is installed, else by connections of our own.
import { spawnSync } from 'node:child_process'
import { Agent, get } from 'node:http'

const connections = 16

/** @throws where an answer is not 200 */
export async function requestRate(url: string, seconds: number): Promise<number> {
  const found = spawnSync('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, url], { encoding: 'utf8' })
  if (found.error !== undefined) return await rateByHand(url, seconds)
  const rate = /^Requests\/sec:\s+([\d.]+)$/m.exec(found.stdout)?.[1]
  if (rate === undefined || found.stdout.includes('Non-2xx')) throw new Error(`wrk says: ${found.stdout}`)
  return Number(rate)
}

async function rateByHand(url: string, seconds: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const endAt = performance.now() + seconds * 1_000
  let count = 0
  const ask = (): Promise<void> =>
    new Promise((resolve, reject) => {
      get(url, { agent }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${url} answered with ${response.statusCode}`))
        response.resume().once('end', resolve)
      }).once('error', reject)
    })
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (; performance.now() < endAt; count += 1) await ask()
    }),
  )
  agent.destroy()
  return (count * 1_000) / (performance.now() - startedAt)
}
