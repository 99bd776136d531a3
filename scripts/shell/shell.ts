// the loop of `lotus shell`: a prompt and a line at a terminal, a line after the other from a pipe.
import type { CommandCall } from '../client/command.ts'
import { exitCodes } from '../client/exit-codes.ts'
import { listOf } from '../client/fields.ts'
import { createClient } from '../client/http.ts'
import { findNucleus } from '../client/nucleus.ts'
import { readToken } from '../client/place.ts'
import { findOrStart } from '../client/session.ts'
import { createCompleter } from './completion.ts'
import { createConversation } from './conversation.ts'
import type { Conversation } from './conversation.ts'
import { openHistory } from './history.ts'
import { createLineEditor } from './line-editor.ts'
import type { LineEditor } from './line-editor.ts'
import { openNotices } from './notices.ts'
import { readPipedLines } from './piped-lines.ts'
import { lookAtState, renderPrompt, showFolder } from './prompt.ts'
import { openScreen } from './screen.ts'

const examplesLimitMs = 1_000

/** runs a shell until it is left; gives its exit code. */
export async function runShell(call: CommandCall): Promise<number> {
  const { terminal, json, options } = call
  const how = { place: call.place, json, yes: options['yes'] === true, quiet: options['quiet'] === true }
  // a prompt stands on stderr, so that answers can go to a file.
  if (!terminal.canAsk) {
    const screen = openScreen(terminal, false)
    return await readPipe(createConversation({ ...how, screen, history: undefined }))
  }
  return await converse(call, how)
}

/** every line is done, whatever became of the one before; the highest exit code says how it went. */
async function readPipe(conversation: Conversation): Promise<number> {
  let worst: number = exitCodes.completed
  for await (const line of readPipedLines(process.stdin)) {
    const { code, isOver } = await conversation.take(line)
    worst = Math.max(worst, code)
    if (isOver === true || code === exitCodes.interrupted) break
  }
  return worst
}

async function converse(
  { terminal, json, place }: CommandCall,
  how: { place: CommandCall['place']; json: boolean; yes: boolean; quiet: boolean },
): Promise<number> {
  // while a goal is begun or ends there is a moment in which nobody else listens: Ctrl+C must not end the shell then.
  const ignore = (): void => undefined
  process.on('SIGINT', ignore)
  const over = new AbortController()
  let watching: Promise<void> | undefined
  try {
    const record = await findOrStart(place, terminal)
    const screen = openScreen(terminal, process.stdout.isTTY && !json)
    const history = openHistory(place.home)
    const conversation = createConversation({ ...how, screen, history })
    const editor = createLineEditor({
      isRich: terminal.canRewrite,
      history: () => history.lines(),
      complete: createCompleter(fetchExamples(place)),
      clear: () => screen.progress(''),
    })
    terminal.note(
      terminal.noteStyle.dim(`LOTUS ${record.version}. Say what you want; \`help\` explains, Ctrl+D leaves.`),
    )
    if (history.problem !== undefined) terminal.note(`the history is not kept: ${history.problem}`)
    watching = openNotices({
      place,
      width: screen.width,
      style: terminal.noteStyle,
      printAbove: (text) => editor.printAbove(text),
      signal: over.signal,
    })
    await loop(conversation, editor, { terminal, place })
    return exitCodes.completed
  } finally {
    over.abort()
    await watching
    process.off('SIGINT', ignore)
    process.stdin.unref()
  }
}

async function loop(
  conversation: Conversation,
  editor: LineEditor,
  { terminal, place }: Pick<CommandCall, 'terminal' | 'place'>,
): Promise<void> {
  let isLeaving = false
  for (;;) {
    const folder = showFolder(place.environment['HOME'])
    const read = await editor.read(renderPrompt(folder, await lookAtState(place), terminal.noteStyle))
    switch (read.kind) {
      case 'end':
        terminal.note('')
        return
      case 'interrupt':
        terminal.note(read.hadText ? '^C' : '')
        if (!read.hadText && isLeaving) return
        isLeaving = !read.hadText
        if (isLeaving) terminal.note(terminal.noteStyle.dim('Ctrl+C once more, or Ctrl+D, leaves'))
        break
      case 'line': {
        isLeaving = false
        const { isOver } = await conversation.take(read.text)
        if (isOver === true) return
      }
    }
  }
}

/** goals that LOTUS knows by itself, asked for once; without an answer there is nothing to offer. */
function fetchExamples(place: CommandCall['place']): () => Promise<readonly string[]> {
  let known: readonly string[] | undefined
  return async () => {
    if (known !== undefined) return known
    const record = findNucleus(place)
    if (record === undefined) return []
    try {
      const client = createClient(record.url, readToken(place))
      const answer = await client.request({ path: '/abilities', timeoutMs: examplesLimitMs })
      known = listOf(answer, 'abilities').flatMap(({ examples }) =>
        Array.isArray(examples) ? examples.map(String) : [],
      )
      return known
    } catch {
      // Tab offers less while LOTUS is away; there is nobody to tell that to in the middle of a line.
      return []
    }
  }
}
