// lotus foreground: LOTUS in this terminal, or as a service; the process becomes the nucleus.
import { constants, accessSync } from 'node:fs'
import { join } from 'node:path'
import { refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import { clientErrors } from '../client/errors.ts'
import { memoryEnvironment, nodeOptions } from '../../nucleus/process/start-options.ts'
import { findHolder } from '../client/nucleus.ts'
import { startArguments, startEnvironment, startOptions } from './start.ts'

export const command = defineCommand({
  name: 'foreground',
  summary: 'runs LOTUS in this terminal until Ctrl+C',
  usage: ['foreground [--safe|--all] [--watch] [--port PORT] [--host ADDRESS] [--role ROLE]'],
  description: `Logs to the terminal, in colours where it is one and as JSON lines under systemd. Ctrl+C and SIGTERM
finish what is under way and leave nothing behind. This is what a service unit starts.`,
  options: startOptions,
  examples: [
    { command: 'lotus foreground', doc: 'watch what LOTUS does' },
    { command: 'LOTUS_LOG_LEVEL=debug lotus foreground', doc: 'and more of it' },
  ],
  async run({ words, options, place }) {
    refuseWords(command, words, 0)
    const holder = findHolder(place)
    if (holder !== undefined) {
      throw clientErrors.START_FAILED({
        detail: `it runs already, process ${holder}`,
        fix: 'stop it first with `lotus stop`',
      })
    }
    const nucleus = join(place.root, 'nucleus.ts')
    accessSync(nucleus, constants.R_OK)
    if (process.execve === undefined) throw clientErrors.START_FAILED({ fix: `run \`node ${nucleus}\`` })
    // the warning that execve is new would be the first line of every log.
    process.removeAllListeners('warning')
    const args = startArguments(options)
    const environment = {
      ...memoryEnvironment,
      ...place.environment,
      ...startEnvironment(options),
      LOTUS_HOME: place.home,
    }
    // in place of this process, so that signals and the service manager reach the nucleus and not somebody before it.
    return process.execve(process.execPath, [process.execPath, ...nodeOptions, nucleus, ...args], environment)
  },
})
