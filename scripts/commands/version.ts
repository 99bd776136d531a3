// lotus version: which LOTUS and which Node.
import { refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import { jsonLine } from '../client/escape.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { findNucleus } from '../client/nucleus.ts'
import { readVersion } from '../client/place.ts'

export const command = defineCommand({
  name: 'version',
  summary: 'prints the versions of LOTUS and Node',
  usage: ['version [--json]'],
  description: 'Also says where the LOTUS that runs is another version: it was updated and not restarted since.',
  examples: [{ command: 'lotus version', doc: 'for a report of a fault' }],
  run({ words, terminal, json, place }) {
    refuseWords(command, words, 0)
    const version = readVersion(place)
    const running = findNucleus(place)?.version
    if (json) terminal.print(jsonLine({ version, node: process.versions.node, running: running ?? null }))
    else {
      terminal.print(`lotus ${version}, node ${process.versions.node}`)
      if (running !== undefined && running !== version)
        terminal.print(`${running} is running; \`lotus restart\` takes over the update`)
    }
    return Promise.resolve(exitCodes.completed)
  },
})
