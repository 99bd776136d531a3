// lotus service: LOTUS as a service of a person or of the machine.
import { readWord, refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'
import type { CommandCall } from '../client/command.ts'
import { clientErrors } from '../client/errors.ts'
import { findSite } from '../client/service/site.ts'
import { manageService } from '../client/service/manage.ts'

export const command = defineCommand({
  name: 'service',
  summary: 'starts LOTUS with the machine: installs, removes and shows its service',
  usage: [
    'service install [--user|--system] [--linger] [--dry-run] [--json]',
    'service uninstall [--user|--system] [--dry-run] [--json]',
    'service status [--user|--system] [--json]',
  ],
  description: `A service of your own (--user, the usual) reaches what you reach. systemd starts it when you log in, and
with the machine where you linger: \`loginctl enable-linger\`, or --linger here. A service of the machine
(--system, as root) runs as the user lotus, which is made for it, and keeps its things in /var/lib/lotus.
Installed twice it is installed once; an update of LOTUS needs \`install\` again only where \`status\` says so.
\`uninstall\` stops it and removes the unit; what LOTUS keeps for you stays. --dry-run prints what would be
written and run, and does nothing. Where systemd does not run the machine, it says what else there is.

Exit codes of status: 0 installed and running, 3 not; of the others: 0 done, 1 not.`,
  words: [
    { name: 'install', doc: 'writes, enables and starts it' },
    { name: 'uninstall', doc: 'stops, disables and removes it' },
    { name: 'status', doc: 'whether it is there, runs, and is up to date; the same as no word' },
  ],
  options: {
    user: { type: 'boolean', doc: 'a service of your own; the usual' },
    system: { type: 'boolean', doc: 'a service of the machine, as root' },
    linger: {
      type: 'boolean',
      doc: 'with install: also runs `loginctl enable-linger`, so that it starts with the machine',
    },
    'dry-run': { type: 'boolean', doc: 'prints what would be written and run, and does nothing' },
  },
  examples: [
    { command: 'lotus service install --dry-run', doc: 'what would happen' },
    { command: 'lotus service install --linger', doc: 'from now on LOTUS is there when the machine is' },
    { command: 'lotus service status', doc: 'is it?' },
  ],
  async run(call: CommandCall) {
    const { words, options, place } = call
    const word = readWord(command, words[0], 'status')
    refuseWords(command, words, 1)
    if (options['user'] === true && options['system'] === true) {
      throw clientErrors.USAGE({ detail: 'a service is --user or --system, not both' })
    }
    const wish = { word, linger: options['linger'] === true, isDry: options['dry-run'] === true }
    return await manageService(findSite(place, options['system'] === true ? 'system' : 'user'), wish, call)
  },
})
