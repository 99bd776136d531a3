// lotus restart: stop, then start.
import { refuseWords } from '../client/arguments.ts'
import { ensureNucleus } from '../client/boot.ts'
import { defineCommand } from '../client/command.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { showBoot, startArguments, startEnvironment, startOptions } from './start.ts'
import { stop } from './stop.ts'

export const command = defineCommand({
  name: 'restart',
  summary: 'stops LOTUS, then starts it',
  usage: ['restart [--safe|--all] [--watch] [--port PORT] [--host ADDRESS] [--role ROLE] [--json]'],
  description: `The same as \`lotus stop\` and then \`lotus start\`, also where it did not run. Needed after an update of
LOTUS itself and after a change of settings; a single module is changed with \`lotus module reload\`.`,
  options: startOptions,
  examples: [
    { command: 'lotus restart', doc: 'takes over changed settings' },
    { command: 'lotus restart --safe', doc: 'where a module is in the way' },
  ],
  async run(call) {
    refuseWords(command, call.words, 0)
    const extra = { environment: startEnvironment(call.options), args: startArguments(call.options) }
    await stop(call)
    showBoot(await ensureNucleus(call.place, call.terminal, extra), call)
    return exitCodes.completed
  },
})
