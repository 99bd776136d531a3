// Moleculer's hot reload as its users have it: the main file is CommonJS, because it finds what to watch from there.
// argv: the service's file, how often; tells the milliseconds of each round from the save to the new answer.
const { writeFileSync } = require('node:fs')
const { setTimeout: pause } = require('node:timers/promises')
const { ServiceBroker } = require('../node_modules/moleculer')

const [file, rounds] = process.argv.slice(2)
/** it looks for what to watch once more two seconds after each reload. */
const restMs = 2_500
const limitMs = 10_000

const save = (version) => writeFileSync(file, `module.exports = { name: 'word', actions: { say: () => ${version} } }`)

async function main() {
  save(0)
  const broker = new ServiceBroker({ logger: false, hotReload: true })
  broker.loadService(file)
  await broker.start()
  const times = []
  for (let version = 1; version <= Number(rounds); version += 1) {
    await pause(restMs)
    const from = performance.now()
    save(version)
    // between the old and the new one there is no service at all
    while ((await broker.call('word.say').catch(() => -1)) !== version) {
      if (performance.now() - from > limitMs) throw new Error(`version ${version} did not answer in ${limitMs} ms`)
      await pause(1)
    }
    times.push(performance.now() - from)
  }
  process.send(times)
  await broker.stop()
  process.exit(0)
}
void main()
