// what `help` says inside the shell.
import { renderHelp } from '../client/help.ts'
import { loadCommand } from '../client/main.ts'
import type { Style } from '../client/terminal.ts'
import { columns } from '../client/terminal.ts'
import { commandNames, findCommandName } from '../commands/names.ts'
import { bareCommands } from './words.ts'
import type { OwnWord } from './words.ts'

const ownDocs: Readonly<Record<OwnWord, string>> = {
  help: 'this, or `help WORD` about one word',
  exit: 'leaves; so does Ctrl+D, and Ctrl+C twice at an empty prompt',
  quit: 'leaves',
  cd: '`cd FOLDER` works in another folder from now on; `cd -` goes back; what was spoken of is left behind',
  undo: 'takes back the last change of this shell; `undo ID` that one, `/undo` your last change anywhere',
  why: 'which way the last goal took, which rules decided, and why; `why ID` for another run',
  more: 'the next page of an answer that was too long for the screen',
  history: 'the lines that you typed before',
}

export function helpText(style: Style): string {
  const own = Object.entries(ownDocs).map(([word, doc]) => [word, doc])
  return `Say what you want in words: that is a goal. The next one may point at what
came before: “delete the second one”, “show it”, “undo that”. Where it is not
clear what is meant, you are asked for a name.

${style.bold('Words of the shell')}
${columns(own, '  ')}

${style.bold('Commands of lotus')}
  /${commandNames.filter((name) => findCommandName(name) !== undefined).join(' /')}
  A slash in front makes a line a command. Where they stand alone, these need
  none: ${bareCommands.join(', ')}.

${style.bold('Keys')}
  Tab completes commands, goals and names; the arrows go through your history.
  Ctrl+C ends a goal that runs, and nothing of it is left half done; at the
  prompt it clears the line.

A line that begins with a space is not kept in the history; goals about notes
are never written to its file.`
}

/** about one word: of the shell, or a command. */
export async function explainWord(word: string, style: Style): Promise<string> {
  if (Object.hasOwn(ownDocs, word)) return `${style.bold(word)}: ${ownDocs[word as OwnWord]}`
  return renderHelp(await loadCommand(findCommandName(word)!), style)
}
