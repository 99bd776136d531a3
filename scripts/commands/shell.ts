// lotus shell: one goal after the other, which may point at what came before; the code is in scripts/shell/.
import { refuseWords } from '../client/arguments.ts'
import { defineCommand } from '../client/command.ts'

export const command = defineCommand({
  name: 'shell',
  summary: 'takes one goal after the other; the next may point at what came before',
  usage: ['shell [--yes] [--quiet] [--json]', 'shell < FILE-WITH-ONE-GOAL-A-LINE'],
  description: `At a terminal: a prompt with the folder, how LOTUS is where it is not healthy, and the reminders that
are due; history, completion with Tab, answers a page at a time, and before a change the question
with what would be changed, as a diff. Goals share context: "delete the second one", "undo that".
\`help\` inside explains the rest. \`llmsh\` is the same. Lines are kept in LOTUS_HOME/shell-history,
readable by you alone; not those that begin with a space, nor goals about notes.

From a pipe or file: one goal a line, empty lines and lines that begin with # are skipped, nobody is
asked. With --json each goal gives one JSON object, and no goal gives none. The exit code is the highest of all lines, so 0
says that every one completed; at a terminal it is 0. Codes of lines are those of \`lotus run\`.`,
  options: {
    yes: {
      type: 'boolean',
      short: 'y',
      doc: 'answers yes to changes in this folder that can be undone and whose goal names what it is about',
    },
    quiet: { type: 'boolean', short: 'q', doc: 'prints answers and nothing around them' },
  },
  examples: [
    { command: 'lotus shell', doc: 'begin to talk; Ctrl+D leaves' },
    { command: `printf '%s\\n' 'find log files' 'how big is the first one?' | lotus shell`, doc: 'goals from a pipe' },
    { command: 'lotus shell --json --yes < goals.txt', doc: 'a script: one JSON object a goal' },
  ],
  async run(call) {
    refuseWords(command, call.words, 0)
    const { runShell } = await import('../shell/shell.ts')
    return await runShell(call)
  },
})
