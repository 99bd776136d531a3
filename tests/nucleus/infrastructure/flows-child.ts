// a process that works on one flow and kills itself at a chosen moment: before an effect, between the effect and the
// keeping of its result, or between two steps.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FlowContext, StepAttempt } from '../../../nucleus/flows/flow.ts'
import { openEngine } from './flows-engines.ts'

const [engine, place, folder, killAt] = process.argv.slice(2) as [string, string, string, string]
const effects = join(folder, 'effects')
let moments = 0

/** the moment at which this process is to die. */
function moment(): void {
  moments += 1
  if (moments === Number(killAt)) process.kill(process.pid, 'SIGKILL')
}

/** an effect that happens once a receipt, as the operator's do. */
function effect(name: string): (attempt: StepAttempt) => string {
  return ({ receipt }) => {
    moment()
    appendFileSync(join(folder, 'tries'), `${name}\n`)
    const done = existsSync(effects) ? readFileSync(effects, 'utf8').split('\n') : []
    if (!done.includes(receipt)) appendFileSync(effects, `${receipt}\n`)
    moment()
    return name
  }
}

const flows = await openEngine(engine, place)
flows.define('test', async (flow: FlowContext, input: string) => {
  const results = [input]
  for (const name of ['one', 'two', 'three']) {
    results.push(await flow.step(name, effect(name)))
    moment()
  }
  await flow.sleep(5)
  moment()
  results.push(...(await Promise.all([flow.step('left', effect('left')), flow.step('right', effect('right'))])))
  moment()
  results.push((await flow.receive<string>('word', { timeoutMs: 20_000 })) ?? 'nothing')
  moment()
  return results
})
await flows.start('test', 'killed', 'begin')
await flows.send('killed', 'word', 'heard', 'message')
const ended = await flows.ended('killed', { timeoutMs: 30_000 })
await flows.close()
process.stdout.write(`${JSON.stringify({ moments, ended })}\n`, () => process.exit(0))
