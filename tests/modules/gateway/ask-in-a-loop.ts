// a client of its own process: asks until its input ends, each time over a new connection, then tells how that went.
import { get } from 'node:http'

const url = process.argv[2] ?? ''
const ending = new AbortController()
let answered = 0
const failures: string[] = []

process.stdin.on('end', () => ending.abort())
process.stdin.resume()

const ask = (): Promise<void> =>
  new Promise((resolve) => {
    const request = get(url, { agent: false }, (response) => {
      if (response.statusCode !== 200) failures.push(String(response.statusCode))
      response.resume()
      response.once('close', resolve)
      answered += 1
    })
    request.once('error', (error) => {
      failures.push(error.message)
      resolve()
    })
  })

await Promise.all(
  Array.from({ length: 4 }, async () => {
    while (!ending.signal.aborted) await ask()
  }),
)
console.log(JSON.stringify({ answered, failures }))
